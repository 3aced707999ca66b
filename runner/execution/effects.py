"""What a step asked for by its command files, read back when it has ended (LANGUAGE 6.5)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from runner.abi.guest import RESULT_VARIABLE
from runner.plugins.assignments import Assignments, parse_assignments, parse_paths

if TYPE_CHECKING:
    from runner.execution.folders import StepFolder

MAX_SUMMARY = 1024 * 1024
MAX_VARIABLES = 10_000


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
        self.paths = parse_paths(self._read("path", "GITHUB_PATH"))
        self.env = self._read_env()
        self.summary = self._read_summary()
        self.state = self._assignments("state", "GITHUB_STATE")
        self.outputs = self._assignments("output", "GITHUB_OUTPUT")
        self.value = _parse_value(self._read("result", RESULT_VARIABLE))

    def _read(self, kind: str, variable: str) -> str:
        try:
            return self._folder.read(variable)
        except ValueError as error:
            self._fail(kind, str(error))
            return ""

    def _assignments(self, kind: str, variable: str) -> dict[str, str]:
        read: Assignments = parse_assignments(self._read(kind, variable))
        if read.error:
            self._fail(kind, read.error)
        return dict(read.entries)

    def _read_env(self) -> dict[str, str]:
        assigned = self._assignments("env", "GITHUB_ENV")
        if len(assigned) > MAX_VARIABLES:
            self._fail("env", f"more than {MAX_VARIABLES} variables")
            return {}
        for name in [name for name in assigned if name.upper() == "NODE_OPTIONS"]:
            del assigned[name]
            self.complaints.append(
                f"Can't store {name} output parameter using '$GITHUB_ENV' command."
            )
        return assigned

    def _read_summary(self) -> str:
        text = self._read("summary", "GITHUB_STEP_SUMMARY")
        size = len(text.encode())
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


def _parse_value(text: str) -> Any:
    """Return the step's JSON value; None if it left none, or something else than JSON."""
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
