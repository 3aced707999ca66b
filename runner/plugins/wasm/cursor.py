"""Hostile bytes, one item after the other; never past their end."""

from __future__ import annotations


class Malformed(ValueError):
    """The bytes are not what they claim to be; the message says what and where."""


class Cursor:
    """Reads `data` from `at` up to `end`, both offsets in it; every failure is Malformed."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data = data
        self.at = at
        self.end = end

    @property
    def left(self) -> int:
        return self.end - self.at

    def byte(self) -> int:
        if self.at >= self.end:
            raise self.failure("ends too early")
        self.at += 1
        return self.data[self.at - 1]

    def number(self, bits: int = 32) -> int:
        """Read an unsigned LEB128 of at most `bits` bits."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift >= bits:
                raise self.failure("holds a number that is too long")
        if value >> bits:
            raise self.failure("holds a number that is too large")
        return value

    def skip_number(self, bits: int = 32) -> None:
        """Pass a LEB128, signed or not, of at most `bits` bits."""
        for _ in range((bits + 6) // 7):
            if self.byte() < 0x80:
                return
        raise self.failure("holds a number that is too long")

    def count(self, smallest: int = 1) -> int:
        """Read how many items follow, of at least `smallest` bytes each."""
        number = self.number()
        if number * smallest > self.left:
            raise self.failure(f"promises {number} items and ends too early")
        return number

    def take(self, size: int) -> int:
        """Pass `size` bytes and return where they begin."""
        if size > self.left:
            raise self.failure("ends too early")
        self.at += size
        return self.at - size

    def name(self) -> str:
        size = self.number()
        start = self.take(size)
        try:
            return self.data[start : start + size].decode()
        except UnicodeDecodeError as error:
            raise self.failure("holds a name that is not UTF-8") from error

    def part(self, size: int) -> Cursor:
        """Return a cursor over the next `size` bytes, and pass them."""
        start = self.take(size)
        return Cursor(self.data, start, start + size)

    def failure(self, message: str) -> Malformed:
        return Malformed(f"{message} (at byte {self.at})")
