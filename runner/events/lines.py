"""Bytes as they come from a guest, made into lines of text."""

from __future__ import annotations

from codecs import getincrementaldecoder
from typing import TYPE_CHECKING

from runner.events.matcher import LONGEST

if TYPE_CHECKING:
    from runner.events.masking import Masker

LINE_LIMIT = 1024 * 1024


class LineSplitter:
    """Turns chunks into lines, without their ends and not masked yet: they may be commands.

    A line ends with LF, CR LF or CR, so that a progress bar shows as it moves. What is not UTF-8
    becomes U+FFFD. A longer line than `limit` comes in pieces, cut where no secret of `masker` is
    cut. Not thread-safe: one splitter for each pipe.
    """

    def __init__(self, masker: Masker, *, limit: int = LINE_LIMIT) -> None:
        self._masker = masker
        self._limit = limit
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._rest: list[str] = []  # pieces, as joining them at every chunk would be quadratic
        self._size = 0
        self._is_after_return = False

    def feed(self, chunk: bytes) -> list[str]:
        """Return the lines that `chunk` completes."""
        return self._split(self._decode(chunk))

    def close(self) -> list[str]:
        """Return what is left: nothing, or a line without an end."""
        lines = self._split(self._decode(b"", final=True))
        if self._size:
            lines += self._pieces(self._take(), is_whole=True)
        return lines

    def _split(self, text: str) -> list[str]:
        if self._is_after_return and text:
            text = text.removeprefix("\n")
            self._is_after_return = False
        if "\r" in text:
            self._is_after_return = text.endswith("\r")
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        *lines, rest = text.split("\n")
        if lines:
            is_long = self._size + len(text) > self._limit
            lines[0] = self._take() + lines[0]
            if is_long:
                lines = [piece for line in lines for piece in self._pieces(line, is_whole=True)]
        if rest:
            self._rest.append(rest)
            self._size += len(rest)
            if self._size > self._limit + LONGEST:
                lines += self._pieces(self._take(), is_whole=False)
        return lines

    def _take(self) -> str:
        rest = "".join(self._rest)
        self._rest.clear()
        self._size = 0
        return rest

    def _pieces(self, line: str, *, is_whole: bool) -> list[str]:
        """Cut `line`; unless it is whole, keep back what is too short to be cut safely."""
        pieces = []
        while len(line) > self._limit + (0 if is_whole else LONGEST):
            at = self._masker.cut(line[: self._limit + LONGEST], self._limit)
            pieces.append(line[:at])
            line = line[at:]
        if is_whole:
            return [*pieces, line]
        self._rest.append(line)
        self._size = len(line)
        return pieces
