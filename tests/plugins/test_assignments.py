"""Command files, by LANGUAGE 6.5."""

from __future__ import annotations

import pytest

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
