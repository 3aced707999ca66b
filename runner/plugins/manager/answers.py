"""What a plugin left in its command files, checked against what its manifest declares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from runner.abi import Verdict
from runner.abi.guest import RESULT_VARIABLE
from runner.errors import Problem
from runner.plugins import commandfiles, outputs
from runner.plugins.assignments import parse_assignments
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner import abi
    from runner.plugins.manifest import Manifest


class Answers(NamedTuple):
    """`outputs` are typed as declared; one that is not declared is a text."""

    value: Any = None
    outputs: dict[str, Any] = {}
    problems: tuple[Problem, ...] = ()


def read(folder: str, manifest: Manifest) -> Answers:
    """Read the command files in `folder` after a call; raises nothing."""
    problems: list[Problem] = []
    value = None
    if text := _read(folder, RESULT_VARIABLE, problems).strip():
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            message = f"the result value is not JSON: {error}"
            problems.append(Problem("value-invalid", message, hint="write one JSON value"))
    assigned = parse_assignments(_read(folder, "GITHUB_OUTPUT", problems))
    if assigned.error:
        problems.append(Problem("output-invalid", f"the outputs cannot be read: {assigned.error}"))
    given = outputs.check(manifest.outputs, dict(assigned.entries))
    problems += given.problems
    return Answers(value, given.texts | given.typed, tuple(problems))


def explain(answer: abi.PluginResult) -> tuple[Problem, ...]:
    """Return why an execution was no success, what it was refused, and what could not be told."""
    return tuple(_explain(answer))


def ending(verdict: str, message: str) -> Problem:
    """Return the problem of an execution that did not end by itself."""
    return Problem(f"execution-{verdict.replace('_', '-')}", message)


def _explain(answer: abi.PluginResult) -> Iterator[Problem]:
    if answer.verdict != Verdict.EXITED:
        yield ending(answer.verdict, answer.message or answer.verdict)
    elif answer.exit_code:
        yield Problem("exit-code", f"the plugin ended with exit code {answer.exit_code}")
    for denial in answer.denials:
        message = f"{denial.act} was refused for want of `{denial.permission}`"
        yield Problem("permission-denied", message, hint=denial.grant, severity="warning")
    for note in answer.notes:
        yield Problem("execution-note", note, severity="warning")


def _read(folder: str, variable: str, problems: list[Problem]) -> str:
    try:
        return commandfiles.read(folder, variable)
    except ValueError as error:
        problems.append(Problem("answer-unreadable", f"`${variable}`: {error}"))
        return ""
