"""Workflow commands in a step's output: `::name key=value::data` (LANGUAGE 6.6)."""

from __future__ import annotations

import re

from runner.records import NamedTuple

NAMES = frozenset(
    {
        "add-mask",
        "add-matcher",
        "add-path",
        "debug",
        "echo",
        "endgroup",
        "error",
        "group",
        "notice",
        "remove-matcher",
        "save-state",
        "set-env",
        "set-output",
        "stop-commands",
        "warning",
    }
)

# Patterns are texts here: most runs print no command, and compiling costs 1 ms. They never go back
# over what they have matched: a line may be a megabyte made to be slow.
# (No possessive groups: Python before 3.11.5 gets them wrong, gh-106052.)
_COMMAND = r"(?s)\s*+::([A-Za-z-]++)(?:[ \t]++(.*?))?::(.*)"
_LEGACY = r"(?s)##\[([A-Za-z-]++)(?:[ \t]++([^\]]*+))?\](.*)"

_Escapes = tuple[tuple[str, str], ...]


class Command(NamedTuple):
    """`name` and the keys of `properties` are in lower case; all values are unescaped."""

    name: str
    properties: dict[str, str]
    data: str


class CommandReader:
    """Finds the commands in the lines of one step, minding `::stop-commands::`."""

    def __init__(self) -> None:
        self._token = ""

    def read(self, line: str) -> Command | None:
        """Return the command that `line` holds, or None if it is plain output.

        While commands are stopped every line is plain but the one that resumes them, which comes
        back as the command `resume-commands`.
        """
        if "::" not in line and "##[" not in line:
            return None
        if self._token:
            # As a command's name the token is read without regard to case.
            if not line.strip().lower().startswith(f"::{self._token.lower()}::"):
                return None
            self._token = ""
            return Command("resume-commands", {}, "")
        command = parse(line)
        if command and command.name == "stop-commands" and is_stop_token(command.data):
            self._token = command.data
        return command


def is_stop_token(token: str) -> bool:
    """Whether `token` may pause commands: not empty, and not itself a command's name."""
    return bool(token.strip()) and token.lower() not in NAMES


def parse(line: str) -> Command | None:
    """Return the command in `line`, or None; a name that is not one of `NAMES` is plain text.

    A line that is none in the present form may still be one in the legacy form.
    """
    match = re.fullmatch(_COMMAND, line)
    if match and match[1].lower() in NAMES:
        return _command(match, ",", (("%3A", ":"), ("%2C", ",")), ())
    start = line.find("##[")
    match = re.fullmatch(_LEGACY, line[start:]) if start >= 0 else None
    if match and match[1].lower() in NAMES:
        escapes = (("%3B", ";"), ("%5D", "]"))
        return _command(match, ";", escapes, escapes)
    return None


def _command(
    match: re.Match[str], separator: str, in_properties: _Escapes, in_data: _Escapes
) -> Command:
    properties = {}
    for pair in (match[2] or "").split(separator):
        key, equals, value = pair.partition("=")
        if equals and value:
            properties[key.strip().lower()] = _unescape(value, in_properties)
    return Command(match[1].lower(), properties, _unescape(match[3], in_data))


def _unescape(text: str, escapes: _Escapes) -> str:
    if "%" not in text:
        return text
    for escaped, plain in (("%0D", "\r"), ("%0A", "\n"), *escapes, ("%25", "%")):
        text = text.replace(escaped, plain)
    return text
