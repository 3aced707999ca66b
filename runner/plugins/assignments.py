"""The grammar of command files: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_STATE, GITHUB_PATH (6.5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SHOWN = 500
MAX_ENTRIES = 100_000  # an entry of two bytes takes two hundred here


class Assignments(NamedTuple):
    """What a command file set, in order, up to the first bad line; `error` is '' if none was."""

    entries: tuple[tuple[str, str], ...]
    error: str = ""


def parse_assignments(text: str) -> Assignments:
    """Read `name=value` lines and `name<<DELIMITER` blocks; CR is kept, as GitHub does on Linux.

    More than MAX_ENTRIES are an error too.
    """
    entries: list[tuple[str, str]] = []
    try:
        for entry in _read(text):
            if len(entries) == MAX_ENTRIES:
                return Assignments(tuple(entries), f"It sets more than {MAX_ENTRIES} values")
            entries.append(entry)
    except ValueError as error:
        return Assignments(tuple(entries), str(error))
    return Assignments(tuple(entries))


def parse_paths(text: str) -> tuple[str, ...]:
    """Return the directories of a GITHUB_PATH file, one a line, empty lines left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(filter(None, lines))


def prepend_paths(present: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    """Put each of `added` before all others; one that is there already moves to the front."""
    return tuple(dict.fromkeys((*reversed(added), *present)))


def _read(text: str) -> Iterator[tuple[str, str]]:
    """Yield what is set up to the first bad line; raise ValueError with GitHub's message there."""
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = end if end >= 0 else len(text)
        line = text[at:end]
        equals, block = line.find("="), line.find("<<")
        if equals >= 0 and (block < 0 or equals < block):
            if not equals:
                raise ValueError(f"{_invalid(line)}. Name must not be empty")
            yield line[:equals], line[equals + 1 :]
        elif block >= 0:
            name, delimiter = line[:block], line[block + 2 :]
            if not name or not delimiter:
                reason = "Name must not be empty and delimiter must not be empty"
                raise ValueError(f"{_invalid(line)}. {reason}")
            start, end = end, _find_delimiter(text, end, delimiter)
            yield name, text[start + 1 : end]
            end += 1 + len(delimiter)
        elif line:
            raise ValueError(_invalid(line))
        else:
            end = _skip_newlines(text, end)
        at = end + 1


def _skip_newlines(text: str, start: int) -> int:
    """Return the place of the last of the newlines from `start` on: there may be millions."""
    newlines = re.compile(r"\n+").match(text, start)
    return newlines.end() - 1 if newlines else start


def _find_delimiter(text: str, start: int, delimiter: str) -> int:
    """Return where the newline before the line `delimiter` is, at `start` or later.

    `start` is where the line that names it ends.
    """
    found = text.find(f"\n{delimiter}\n", start)
    if found >= 0:
        return found
    last = len(text) - len(delimiter) - 1
    if last >= start and text.endswith(f"\n{delimiter}"):
        return last
    has_more = len(text) > start + 1
    if has_more and not text.endswith("\n"):
        raise ValueError("Invalid value. EOF marker missing new line.")
    shown = _shorten(delimiter)
    raise ValueError(f"Invalid value. Matching delimiter not found '{shown}'")


def _invalid(line: str) -> str:
    return f"Invalid format '{_shorten(line)}'"


def _shorten(text: str) -> str:
    """Return a text to quote: a hostile one does not make a message of megabytes."""
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."
