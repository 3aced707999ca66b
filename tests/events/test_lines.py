"""Chunks become lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.events.lines import LineSplitter
from runner.events.masking import MASK, Masker


def split(*chunks: bytes, limit: int = 1000, secrets: tuple[str, ...] = ()) -> list[str]:
    splitter = LineSplitter(Masker(secrets), limit=limit)
    lines = [line for chunk in chunks for line in splitter.feed(chunk)]
    return lines + splitter.close()


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ([b"a\nb\n"], ["a", "b"]),
        ([b"a\n\nb"], ["a", "", "b"]),
        ([b"a", b"b", b"\nc"], ["ab", "c"]),
        ([b"a\r\nb\r\n"], ["a", "b"]),
        ([b"a\r", b"\nb"], ["a", "b"]),
        ([b"a\r", b"", b"\nb"], ["a", "b"]),
        ([b"10%\r20%\r100%\n"], ["10%", "20%", "100%"]),
        ([b"\xc3", b"\xa9\n"], ["é"]),
        ([b"\xff\xfe\n", b"\xe2\x82"], ["\ufffd\ufffd", "\ufffd"]),
        ([b"a\x0bb\x0cc\xc2\x85d\xe2\x80\xa8e\n"], ["a\x0bb\x0cc\x85d\u2028e"]),
        ([b""], []),
        ([b"\n"], [""]),
    ],
)
def test_line_ends(chunks: list[bytes], expected: list[str]) -> None:
    """LF, CR LF and CR end a line, and nothing else does, wherever the chunks are cut."""
    assert split(*chunks) == expected


def test_a_progress_bar_shows_as_it_moves() -> None:
    """A carriage return completes a line at once, not when more follows."""
    splitter = LineSplitter(Masker())
    assert splitter.feed(b"10%\r") == ["10%"]
    assert splitter.feed(b"20%\r") == ["20%"]


def test_a_long_line_comes_in_pieces() -> None:
    """No piece is longer than the limit, whether the line came whole or bit by bit."""
    line = b"0123456789" * 100
    assert [b"".join([line]).decode()[at : at + 300] for at in range(0, 1000, 300)] == split(
        line + b"\n", limit=300
    )
    assert split(*[line[at : at + 7] for at in range(0, 1000, 7)], limit=300) == split(
        line, limit=300
    )


def test_a_long_line_is_told_before_it_ends() -> None:
    """Memory is bounded: a line that never ends is handed on in pieces."""
    splitter = LineSplitter(Masker(), limit=100)
    assert splitter.feed(b"x" * 1000) == ["x" * 100] * 9
    assert splitter.close() == ["x" * 100]


def test_a_secret_is_not_cut() -> None:
    """A long line is cut before a secret that would lie across the cut."""
    pieces = split(b"." * 95 + b"hunter2-hunter2" + b"." * 95, limit=100, secrets=("hunter2",))
    assert pieces == ["." * 95, "hunter2-hunter2" + "." * 85, "." * 10]


def test_a_secret_longer_than_a_line_is_masked_whole() -> None:
    """Each piece of a secret longer than the limit is masked."""
    secret = "".join(chr(0x100 + number) for number in range(500))
    masker = Masker([secret])
    assert {MASK} == {masker.mask(line) for line in split(secret.encode(), secrets=(secret,))}
    pieces = split(b"." * 90 + secret.encode() + b".", limit=100, secrets=(secret,))
    assert not set("".join(masker.mask_lines(pieces))) - set("*.")


@given(
    st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8"))), st.integers(1, 9)
)
def test_lines_are_found_however_they_are_cut(lines: list[str], size: int) -> None:
    """Joining and cutting are inverse to each other."""
    data = "".join(f"{line}\n" for line in lines).encode()
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert lines == split(*chunks)
