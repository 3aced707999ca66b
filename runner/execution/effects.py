"""What a step asked for by its command files, read back when it has ended (LANGUAGE 6.5)."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from runner.abi.guest import RESULT_VARIABLE
from runner.plugins.assignments import parse_assignments, parse_paths
from runner.plugins.commandfiles import TooLarge
from runner.workspace.paths import printable

if TYPE_CHECKING:
    from runner.execution.folders import StepFolder

MAX_SUMMARY = 1024 * 1024
MAX_VARIABLES = 10_000
MAX_PATHS = 256 * 1024  # characters
REFUSED_VARIABLES = frozenset({"NODE_OPTIONS"})  # in upper case


class Effects:
    """Read once, in the order path, env, summary, state, output.

    `failure` is why the step failed by them, '' if it did not; `complaints` are errors that do not
    fail it. `state` is for the later entry points of the same action, `value` the JSON value that
    the step left, or None.
    """

    def __init__(self, folder: StepFolder) -> None:
        self._folder = folder
        self.failure = ""
        self.complaints: list[str] = []
        self.paths = self._read_paths()
        self.env = self._read_env()
        self.summary = self._read_summary()
        self.state = self._variables("state", "GITHUB_STATE")
        self.outputs = _merge_names(self._assigned("output", "GITHUB_OUTPUT"))
        self.value = _parse_value(self._read("result", RESULT_VARIABLE))

    def _read(self, kind: str, variable: str) -> str:
        try:
            return self._folder.read(variable)
        except ValueError as error:
            self._fail(kind, str(error))
            return ""

    def _assigned(self, kind: str, variable: str) -> tuple[tuple[str, str], ...]:
        read = parse_assignments(self._read(kind, variable))
        if read.error:
            self._fail(kind, read.error)
        return read.entries

    def _variables(self, kind: str, variable: str) -> dict[str, str]:
        """Return what a later step gets as its environment, up to what cannot stand there."""
        assigned = dict(self._assigned(kind, variable))
        for place, (name, value) in enumerate(assigned.items()):
            if "\0" in name or "\0" in value:  # it is this step's fault, not that of the next
                self._fail(kind, f"{_quote(name)} holds a NUL, which no variable can")
                return dict(islice(assigned.items(), place))
        return assigned

    def _read_paths(self) -> tuple[str, ...]:
        paths = parse_paths(self._read("path", "GITHUB_PATH"))
        bad = next((path for path in paths if "\0" in path), None)
        if bad is not None:
            self._fail("path", f"{_quote(bad)} holds a NUL, which no variable can")
            paths = paths[: paths.index(bad)]
        if sum(map(len, paths)) > MAX_PATHS:
            self._fail("path", f"more than {MAX_PATHS // 1024} KiB of directories")
            return ()
        return paths

    def _read_env(self) -> dict[str, str]:
        assigned: dict[str, str] = {}
        for name, value in self._variables("env", "GITHUB_ENV").items():
            if name.upper() in REFUSED_VARIABLES:
                message = f"Can't store {name} output parameter using '$GITHUB_ENV' command."
                self.complaints.append(message)
                continue
            assigned[name] = value
        if len(assigned) > MAX_VARIABLES:
            self._fail("env", f"more than {MAX_VARIABLES} variables")
            return {}
        return assigned

    def _read_summary(self) -> str:
        """Return the step's Markdown; one that is too large is dropped and fails nothing."""
        try:
            text = self._folder.read("GITHUB_STEP_SUMMARY")
            size = len(text.encode())
        except TooLarge as error:
            text, size = "", error.size
        except ValueError as error:
            self._fail("summary", str(error))
            return ""
        if size <= MAX_SUMMARY:
            return text
        self.complaints.append(
            "$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of "
            f"1024k, got {size // 1024}k"
        )
        return ""

    def _fail(self, kind: str, error: str) -> None:
        message = f"Unable to process file command '{kind}' successfully. {error}"
        self.failure = self.failure or message


def _merge_names(assigned: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return outputs by name: expressions see no case in names, so the last of `x` and `X` wins."""
    outputs: dict[str, str] = {}
    written: dict[str, str] = {}
    for name, value in assigned:
        if written.setdefault(name.lower(), name) != name:
            del outputs[written[name.lower()]]
            written[name.lower()] = name
        outputs[name] = value
    return outputs


def _quote(text: str) -> str:
    return f"`{printable(text[:100])}`"


def _parse_value(text: str) -> Any:
    """Return the step's JSON value; None if it left none, or something else than JSON."""
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
