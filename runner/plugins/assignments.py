"""The grammar of command files: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_STATE, GITHUB_PATH (6.5)."""

from __future__ import annotations

from runner.records import NamedTuple

MAX_SHOWN = 500


class Assignments(NamedTuple):
    """What a command file set, in order, up to the first bad line; `error` is '' if none was."""

    entries: tuple[tuple[str, str], ...]
    error: str = ""


def parse_assignments(text: str) -> Assignments:
    """Read `name=value` lines and `name<<DELIMITER` blocks; CR is kept, as GitHub does on Linux."""
    lines = text.split("\n")
    has_final_newline = not lines[-1]
    if has_final_newline:
        lines.pop()
    entries: list[tuple[str, str]] = []
    try:
        _read_lines(lines, entries, is_closed=has_final_newline)
    except ValueError as error:
        return Assignments(tuple(entries), str(error))
    return Assignments(tuple(entries))


def parse_paths(text: str) -> tuple[str, ...]:
    """Return the directories of a GITHUB_PATH file, one a line, empty lines left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(line for line in lines if line.strip())


def prepend_paths(present: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    """Put each of `added` before all others; one that is there already moves to the front."""
    return tuple(dict.fromkeys((*reversed(added), *present)))


def _read_lines(lines: list[str], entries: list[tuple[str, str]], *, is_closed: bool) -> None:
    """Add to `entries` up to the first bad line; raise ValueError with GitHub's message there."""
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        equals, block = line.find("="), line.find("<<")
        if equals >= 0 and (block < 0 or equals < block):
            entries.append(_read_pair(line, equals))
        elif block >= 0:
            end = _find_end(lines, index, block, is_closed=is_closed)
            entries.append((line[:block], "\n".join(lines[index:end])))
            index = end + 1
        elif line:
            raise ValueError(_invalid(line))


def _read_pair(line: str, equals: int) -> tuple[str, str]:
    if not equals:
        raise ValueError(f"{_invalid(line)}. Name must not be empty")
    return line[:equals], line[equals + 1 :]


def _find_end(lines: list[str], start: int, block: int, *, is_closed: bool) -> int:
    """Return the index of the delimiter that the line before `start` names, `<<` being at `block`.

    `is_closed` is whether the file ends with a newline.
    """
    line = lines[start - 1]
    delimiter = line[block + 2 :]
    if not block or not delimiter:
        reason = "Name must not be empty and delimiter must not be empty"
        raise ValueError(f"{_invalid(line)}. {reason}")
    try:
        return lines.index(delimiter, start)
    except ValueError:
        message = f"Matching delimiter not found '{delimiter[:MAX_SHOWN]}'"
        if not is_closed:
            message = "EOF marker missing new line."
        raise ValueError(f"Invalid value. {message}") from None


def _invalid(line: str) -> str:
    """Return GitHub's message; a hostile line does not make it one of megabytes."""
    shown = line if len(line) <= MAX_SHOWN else f"{line[:MAX_SHOWN]}..."
    return f"Invalid format '{shown}'"
