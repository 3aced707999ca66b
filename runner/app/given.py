"""What a user gives a run, read: secrets, variables, environment, inputs, a payload."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from runner.documents.jsontext import read_json
from runner.documents.variables import Variable, read_variables
from runner.errors import InvalidInput, Position, Problem
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.app.request import Given

MAX_FILE = 32 * 1024 * 1024
STANDARD_INPUT = "-"
TOKEN = "GITHUB_TOKEN"  # noqa: S105 - the one name of its kind that may be given
_RESERVED = "GITHUB_"


class Supplied(NamedTuple):
    """Names of secrets and variables are in upper case, as GitHub keeps them."""

    secrets: Mapping[str, str] = {}
    variables: Mapping[str, str] = {}
    environment: Mapping[str, str] = {}
    inputs: Mapping[str, str] = {}
    payload: dict[str, Any] | None = None


def supply(given: Given) -> tuple[Supplied, list[Problem]]:
    """Read all that is given, from files, standard input and this process's environment.

    Returns it beside every problem. No problem tells a part of a secret's value. What stands on
    the command line wins over files, what comes later over what came before.
    """
    reader = _Reader()
    supplied = Supplied(
        reader.read(_SECRET, given.secrets, given.secret_files),
        reader.read(_VARIABLE, given.variables, given.variable_files),
        reader.read(_ENVIRONMENT, given.environment, given.environment_files),
        reader.read(_INPUT, given.inputs, ()),
        reader.read_payload(given.event_file) if given.event_file else None,
    )
    return supplied, reader.problems


class _Kind(NamedTuple):
    """`option` gives one; names that are `folded` are the same in any case."""

    option: str
    noun: str
    is_secret: bool = False
    is_folded: bool = False
    is_from_environment: bool = True

    @property
    def code(self) -> str:
        return f"run.{self.option}"


_SECRET = _Kind("secret", "secret", is_secret=True, is_folded=True)
_VARIABLE = _Kind("var", "variable", is_folded=True)
_ENVIRONMENT = _Kind("env", "environment variable")
_INPUT = _Kind("input", "input", is_from_environment=False)


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._has_read_input = False

    def read(self, kind: _Kind, written: tuple[str, ...], files: tuple[str, ...]) -> dict[str, str]:
        found = {}
        for file in files:
            for name, value, where in self._read_file(kind, file):
                if self._check(kind, name, value, where):
                    found[name.upper() if kind.is_folded else name] = value
        for number, text in enumerate(written, 1):
            name, equals, value = text.partition("=")
            place = f"the {_ordinal(number)} --{kind.option}"
            if self._check(kind, name, value, None, place if kind.is_secret else f"`{name}`"):
                known = value if equals else self._find_value(kind, name)
                if known is not None:
                    found[name.upper() if kind.is_folded else name] = known
        return found

    def read_payload(self, file: str) -> dict[str, Any] | None:
        content = self._read_bytes("run.event-file", file)
        if content is None:
            return None
        try:
            payload = read_json(_shown(file), content)
        except InvalidInput as error:
            self.problems += error.problems
            return None
        if not isinstance(payload, dict):
            message = "an event's payload is a JSON object"
            self._refuse("run.event-file", message, Position(_shown(file)))
            return None
        return payload

    def _read_file(self, kind: _Kind, file: str) -> list[Variable]:
        content = self._read_bytes(f"{kind.code}-file", file)
        if content is None:
            return []
        variables, problems = read_variables(_shown(file), content)
        self.problems += map(_conceal, problems) if kind.is_secret else problems
        return variables

    def _read_bytes(self, code: str, file: str) -> bytes | None:
        try:
            if file == STANDARD_INPUT:
                return self._read_standard_input(code)
            with open(file, "rb") as stream:
                content = stream.read(MAX_FILE + 1)
        except OSError as error:
            self._refuse(code, f"cannot read `{file}`: {error.strerror}")
            return None
        if len(content) > MAX_FILE:
            self._refuse(code, f"`{file}` is larger than {MAX_FILE // 2**20} MiB")
            return None
        return content

    def _read_standard_input(self, code: str) -> bytes | None:
        if self._has_read_input:
            message = "standard input can be read for one thing only"
            self._refuse(code, message, hint="put the others into files or the environment")
            return None
        self._has_read_input = True
        # It is None if whoever started us has closed it.
        return sys.stdin.buffer.read(MAX_FILE) if sys.stdin else b""

    def _find_value(self, kind: _Kind, name: str) -> str | None:
        """Return the value of what was named alone: from the environment, else asked for."""
        if kind.is_from_environment and name in os.environ:
            return os.environ[name]
        if not kind.is_secret:
            known = f", and the environment has no `{name}`" if kind.is_from_environment else ""
            message = f"the {kind.noun} `{name}` has no value{known}"
            self._refuse(kind.code, message, hint=f"write --{kind.option} {name}=VALUE")
            return None
        is_attended = bool(sys.stdin) and sys.stdin.isatty()
        value = _prompt(name) if is_attended else self._read_secret(name)
        if not value:
            message = f"the secret `{name}` is neither in the environment nor on standard input"
            self._refuse(kind.code, message)
        return value

    def _read_secret(self, name: str) -> str | None:
        content = self._read_standard_input("run.secret")
        if content is None:
            return None
        try:
            return content.decode().rstrip("\r\n")
        except UnicodeDecodeError:
            self._refuse("run.secret", f"the secret `{name}` on standard input is not UTF-8")
            return None

    def _check(
        self, kind: _Kind, name: str, value: str, where: Position | None, shown: str = ""
    ) -> bool:
        """Tell whether a name may be given, and why not; of a secret's file it may be a value."""
        if kind.is_secret and where:
            shown, where = f"{where.file}:{where.line}" if where.line else where.file, None
        reason = _why_not(kind, name, value)
        if reason:
            self._refuse(kind.code, f"{shown or f'`{name}`'}: {reason}", where)
        return not reason

    def _refuse(
        self, code: str, message: str, where: Position | None = None, hint: str = ""
    ) -> None:
        self.problems.append(Problem(code, message, where, hint))


def _why_not(kind: _Kind, name: str, value: str) -> str:
    if not name:
        return f"the {kind.noun} has no name; write NAME=VALUE"
    if kind.is_folded:
        is_plain = name.isascii() and name.isidentifier()
        if not is_plain:
            return (
                f"the name of a {kind.noun} holds letters, digits and `_` and begins with no digit"
            )
        if name.upper().startswith(_RESERVED) and not (kind.is_secret and name.upper() == TOKEN):
            return f"the name of a {kind.noun} cannot begin with `{_RESERVED}`"
    if "\0" in name or "\0" in value:
        return "it holds a NUL character, which no variable can"
    return ""


def _prompt(name: str) -> str:
    import getpass  # only where somebody sits at a terminal

    try:
        return getpass.getpass(f"secret {name}: ")
    except EOFError:
        return ""


def _conceal(problem: Problem) -> Problem:
    """Return a problem of a file of secrets without what would show a line of it."""
    message = problem.message
    if problem.code.startswith("yaml"):
        message = f"it cannot be read as YAML ({problem.code})"
    return Problem(problem.code, f"{problem.where}: {message}", hint=problem.hint)


def _shown(file: str) -> str:
    return "standard input" if file == STANDARD_INPUT else file


def _ordinal(number: int) -> str:
    words = ("first", "second", "third")
    return words[number - 1] if number <= len(words) else f"{number}th"
