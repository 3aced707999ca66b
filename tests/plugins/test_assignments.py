"""Command files, by LANGUAGE 6.5."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.plugins.assignments import Assignments, parse_assignments, parse_paths, prepend_paths


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("", ()),
        ("a=1\n", (("a", "1"),)),
        ("a=1", (("a", "1"),)),
        ("\n\na=1\n\n", (("a", "1"),)),
        ("a=b=c\n", (("a", "b=c"),)),
        ("a=\n", (("a", ""),)),
        ("a=x<<y\n", (("a", "x<<y"),)),
        ("a<<E\none\n\ntwo\nE\nb=2\n", (("a", "one\n\ntwo"), ("b", "2"))),
        ("a<<E\nE\n", (("a", ""),)),
        ("a<<E\n E\nE", (("a", " E"),)),
        ("a<<=\nx\n=\n", (("a", "x"),)),
        ("a=1\r\n", (("a", "1\r"),)),
    ],
)
def test_assignments_are_read(text: str, entries: tuple[tuple[str, str], ...]) -> None:
    """Lines and blocks, in order; a missing last newline is fine, CR is kept."""
    assert parse_assignments(text) == Assignments(entries)


@pytest.mark.parametrize(
    ("text", "kept", "error"),
    [
        ("a=1\nnonsense\nb=2\n", (("a", "1"),), "Invalid format 'nonsense'"),
        ("=1\n", (), "Invalid format '=1'. Name must not be empty"),
        (
            "<<E\n",
            (),
            "Invalid format '<<E'. Name must not be empty and delimiter must not be empty",
        ),
        (
            "a<<\n",
            (),
            "Invalid format 'a<<'. Name must not be empty and delimiter must not be empty",
        ),
        ("a<<E\nx\n", (), "Invalid value. Matching delimiter not found 'E'"),
        ("a<<E\nx", (), "Invalid value. EOF marker missing new line."),
        ("a<<E", (), "Invalid value. Matching delimiter not found 'E'"),
        ("a<<E\nE ", (), "Invalid value. EOF marker missing new line."),
        (" \n", (), "Invalid format ' '"),
    ],
)
def test_a_bad_line_stops_and_keeps_what_came_before(
    text: str, kept: tuple[tuple[str, str], ...], error: str
) -> None:
    """The error is GitHub's, and entries before it stay applied."""
    assert parse_assignments(text) == Assignments(kept, error)


def test_paths_go_first_and_only_once() -> None:
    """A repeated entry moves to the front."""
    assert parse_paths("/a\n\n/b\n") == ("/a", "/b")
    assert prepend_paths(("/a", "/b"), ("/c", "/b")) == ("/b", "/c", "/a")


def test_a_hostile_line_makes_no_endless_message() -> None:
    """Of a bad line only the beginning is quoted."""
    assert len(parse_assignments("x" * 1_000_000).error) < 1000


def slow(text: str) -> list[tuple[str, str]] | None:
    """Read the grammar of 6.5 line by line; None if there is a bad one."""
    lines = text.removesuffix("\n").split("\n")
    entries = []
    while lines:
        line = lines.pop(0)
        name, is_pair, value = line.partition("=")
        key, is_block, delimiter = line.partition("<<")
        if is_pair and "<<" not in name:
            entries.append((name, value))
        elif is_block:
            if delimiter not in lines:
                return None
            entries.append((key, "\n".join(lines[: lines.index(delimiter)])))
            del lines[: lines.index(delimiter) + 1]
        elif line:
            return None
        if line and not (name and key and (is_pair or delimiter)):
            return None
    return entries


@given(st.lists(st.sampled_from(["a", "=", "<<", "\n", "E", "\nE\n", "a<<E\n", "a=b\n"])))
def test_6_5_agrees_with_a_slow_reader(parts: list[str]) -> None:
    """§6.5: jumping from delimiter to delimiter reads what line by line does."""
    text = "".join(parts)
    read = parse_assignments(text)
    assert slow(text) == (None if read.error else list(read.entries))


@pytest.mark.parametrize("unit", ["\0", "\n", "=", "a=\n", "a<<E\n", "a<<E\nE\n", "a<<\n<<\n"])
def test_6_5_a_file_of_one_thing_over_and_over_is_bounded(unit: str) -> None:
    """§6.5: eight megabytes of anything make no message and no list without end."""
    read = parse_assignments(unit * (8 * 2**20 // len(unit)))
    assert len(read.entries) <= 100_000
    assert len(read.error) < 1000
