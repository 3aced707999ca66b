"""A call of a reusable workflow held against what that workflow declares (LANGUAGE 2, 3.2, 6.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Mapping, Scalar
from runner.errors import Position, Problem, nearest
from runner.expressions.values import to_text
from runner.workflow.templates import OPEN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from runner.documents.nodes import Node
    from runner.plan.model import Plan, PlannedJob
    from runner.workflow.interface import Input
    from runner.workflow.model import Call, Permissions, Workflow

_LEVELS = ("none", "read", "write")
_TYPES: dict[str, type | tuple[type, ...]] = {"boolean": bool, "number": (int, float)}


def tell_caller(where: Position, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems of a called file, called at `where`, as GitHub tells them (2)."""
    for problem in problems:
        if problem.where is None:
            yield problem._replace(where=where)
        else:
            place = f"Error from called workflow {_tell_place(problem.where)}"
            message = f"In {_tell_place(where)}: {place}: {problem.message}"
            yield problem._replace(message=message)


def check_call(call: Call, called: Workflow) -> Iterator[Problem]:
    """Yield what is wrong with what `call` passes; values with expressions are known later."""
    where = call.uses.text.position
    if called.call is None:
        message = "workflow_call key is not defined in the referenced workflow."
        hint = f"add `workflow_call:` to `on` in {called.file}"
        yield Problem("call.not-callable", message, where, hint)
        return
    inputs = {one.name.value: one for one in called.call.inputs}
    required = [name for name, one in inputs.items() if one.is_required]
    yield from _check_names(call.inputs, "input", inputs, required, where)
    yield from _check_types(call.inputs, inputs, where.file)
    if not call.inherits:
        secrets = {one.name.value: one.is_required for one in called.call.secrets}
        required = [name for name, is_required in secrets.items() if is_required]
        yield from _check_names(call.secrets, "secret", secrets, required, where)


def _check_names(
    given: Node | None, kind: str, declared: Collection[str], required: list[str], where: Position
) -> Iterator[Problem]:
    entries = given.entries if isinstance(given, Mapping) else ()
    names = {str(key.value).lower(): key for key, _ in entries}
    is_whole = not any(OPEN in name for name in names) and not isinstance(given, Scalar)
    for name in required:
        if is_whole and name.lower() not in names:
            message = f"{kind.title()} {name} is required, but not provided while calling."
            yield Problem(f"call.missing-{kind}", message, where)
    known = {name.lower() for name in declared}
    for name, key in names.items():
        if OPEN not in name and name not in known:
            message = f"Invalid {kind}, {key.value} is not defined in the referenced workflow."
            place = Position(where.file, key.line, key.column)
            yield Problem(f"call.unknown-{kind}", message, place, nearest(name, declared))


def _check_types(given: Node | None, inputs: dict[str, Input], file: str) -> Iterator[Problem]:
    types = {name.lower(): one.type for name, one in inputs.items()}
    for key, value in given.entries if isinstance(given, Mapping) else ():
        wanted = types.get(str(key.value).lower(), "")
        if isinstance(value, Scalar) and not is_typed(value.value, wanted):
            place = Position(file, value.line, value.column)
            message = f"Unexpected value '{to_text(value.value)}'"
            yield Problem("call.input-type", message, place, f"the input is a {wanted}")


def is_typed(value: object, wanted: str) -> bool:
    """Whether a value may be that of an input of the type `wanted`; strings take any scalar."""
    if wanted not in _TYPES or (isinstance(value, str) and OPEN in value):
        return True
    is_number_for_flag = wanted == "number" and isinstance(value, bool)
    return isinstance(value, _TYPES[wanted]) and not is_number_for_flag


def find_excess(plan: Plan) -> list[Problem]:
    """Return a problem for each call whose jobs ask for more of the token than they may have."""
    finder = _ExcessFinder()
    finder.search(plan, None)
    return finder.problems


class _ExcessFinder:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._searched: set[tuple[int, Permissions | None]] = set()

    def search(self, plan: Plan, allowed: Permissions | None) -> None:
        """Look at the calls of `plan`, whose jobs may have what is `allowed` (None: all)."""
        if (id(plan), allowed) in self._searched:  # else calls of calls of calls take for ever
            return
        self._searched.add((id(plan), allowed))
        for job in plan.jobs.values():
            if job.call:
                own = job.job.permissions or plan.workflow.permissions or allowed
                if own is not None:
                    self._compare(job, job.call, own)
                self.search(job.call, own)

    def _compare(self, caller: PlannedJob, called: Plan, allowed: Permissions) -> None:
        for job in called.jobs.values():
            wanted = job.job.permissions or called.workflow.permissions
            scopes = _exceeding(wanted, allowed) if wanted else []
            if scopes and caller.job.call:
                asked = ", ".join(f"{scope}: {_level(wanted, scope)}" for scope in scopes)
                given = ", ".join(f"{scope}: {_level(allowed, scope)}" for scope in scopes)
                reference = caller.job.call.uses.text.value
                message = (
                    f"Error calling workflow '{reference}'. The nested job '{job.id}' is "
                    f"requesting '{asked}', but is only allowed '{given}'."
                )
                self.problems.append(Problem("call.permissions", message, caller.job.id.position))


def _exceeding(wanted: Permissions, allowed: Permissions) -> list[str]:
    named = {scope for scope, _ in (*wanted.scopes, *allowed.scopes)}
    scopes = sorted(
        scope
        for scope in named
        if _LEVELS.index(wanted.level(scope)) > _LEVELS.index(allowed.level(scope))
    )
    is_wider = _LEVELS.index(wanted.unlisted) > _LEVELS.index(allowed.unlisted)
    return scopes or (["contents"] if is_wider else [])


def _tell_place(where: Position) -> str:
    return f"{where.file} (Line: {where.line}, Col: {where.column})"


def _level(permissions: Permissions | None, scope: str) -> str:
    return permissions.level(scope) if permissions else "none"
