"""Bytes to text: UTF-8, printable, of bounded size, or problems that say where it is not."""

from __future__ import annotations

import re

from runner.errors import InvalidInput, Position, Problem

MAX_CHARACTERS = 1024 * 1024
_MAX_BYTES_PER_CHARACTER = 4

# What YAML calls printable; the byte order mark is removed before.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def decode(file: str, content: bytes) -> str:
    """Return the text of a document, without byte order mark.

    Raises InvalidInput with every character that YAML does not allow.
    """
    if len(content) > MAX_CHARACTERS * _MAX_BYTES_PER_CHARACTER:
        raise InvalidInput([_too_large(file)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = _position(file, content[: error.start].decode("utf-8-sig", "replace"))
        message = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        problem = Problem("yaml.encoding", message, where, "save the file as UTF-8")
        raise InvalidInput([problem]) from error
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput([_too_large(file)])
    problems = [
        Problem(
            "yaml.control-character",
            f"the character U+{ord(found[0]):04X} is not allowed",
            _position(file, text[: found.start()]),
            'write it as an escape in a double-quoted string, such as "\\e"',
        )
        for found, _ in zip(_UNPRINTABLE.finditer(text), range(10), strict=False)
    ]
    if problems:
        raise InvalidInput(problems)
    return text


def split_lines(text: str) -> list[str]:
    """Return the lines of `text` as the YAML parser counts them."""
    return _BREAK.split(text)


def _position(file: str, before: str) -> Position:
    lines = split_lines(before)
    return Position(file, len(lines), len(lines[-1]) + 1)


def _too_large(file: str) -> Problem:
    return Problem(
        "yaml.too-large",
        f"the file has more than {MAX_CHARACTERS} characters",
        Position(file, 1, 1),
        "split it into reusable workflows",
    )
