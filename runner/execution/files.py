"""The grammar of command files: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_STATE, GITHUB_PATH (6.5)."""

from __future__ import annotations

from runner.records import NamedTuple


class Assignments(NamedTuple):
    """What a command file set, in order, up to the first bad line; `error` is '' if none was."""

    entries: tuple[tuple[str, str], ...]
    error: str = ""


def parse_assignments(text: str) -> Assignments:
    """Read `name=value` lines and `name<<DELIMITER` blocks; CR is kept, as GitHub does on Linux."""
    entries: list[tuple[str, str]] = []
    lines = text.split("\n")
    has_final_newline = text.endswith("\n")
    if has_final_newline:
        lines.pop()
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, value = line[:equals], line[equals + 1 :]
            if not name:
                return Assignments(
                    tuple(entries), f"Invalid format '{line}'. Name must not be empty"
                )
        elif heredoc >= 0:
            name, delimiter = line[:heredoc], line[heredoc + 2 :]
            if not name or not delimiter:
                reason = "Name must not be empty and delimiter must not be empty"
                return Assignments(tuple(entries), f"Invalid format '{line}'. {reason}")
            try:
                end = lines.index(delimiter, index)
            except ValueError:
                return Assignments(tuple(entries), _unclosed(delimiter, has_final_newline))
            value = "\n".join(lines[index:end])
            index = end + 1
        else:
            return Assignments(tuple(entries), f"Invalid format '{line}'")
        entries.append((name, value))
    return Assignments(tuple(entries))


def _unclosed(delimiter: str, has_final_newline: bool) -> str:  # noqa: FBT001 - private
    if has_final_newline:
        return f"Invalid value. Matching delimiter not found '{delimiter}'"
    return "Invalid value. EOF marker missing new line."


def parse_paths(text: str) -> tuple[str, ...]:
    """Return the directories of a GITHUB_PATH file, one a line, empty lines left out."""
    return tuple(line for line in text.splitlines() if line.strip())


def prepend_paths(present: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    """Put each of `added` before all others; one that is there already moves to the front."""
    for path in added:
        present = (path, *(other for other in present if other != path))
    return present
