"""Expressions: that they can be read, and that they use what their place offers (spec §2, §3)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from runner.documents.nodes import Mapping, Node, Scalar
from runner.documents.scalars import to_text
from runner.errors import nearest
from runner.expressions.condition import check_condition
from runner.expressions.template import check_template, parse_template
from runner.records import NamedTuple
from runner.workflow.leaves import fields_of
from runner.workflow.templates import OPEN, expressions_in, is_insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.errors import Problem
    from runner.expressions.error import ExpressionError
    from runner.workflow.leaves import Fields
    from runner.workflow.rules.outline import Outline, StepOutline

NOT_ALLOWED = "A template expression is not allowed in this context"
_INSERT_AS_NAME = (
    "Unrecognized named-value: 'insert'. Located at position 1 within expression: insert"
)
_EMBEDDED = (
    "The directive 'insert' is not allowed in this context. Directives are not supported for "
    "expressions that are embedded within a string. Directives are only supported when the entire "
    "value is an expression."
)


class Scope(NamedTuple):
    """The contexts, and the functions beyond the global ones, that a place offers."""

    contexts: tuple[str, ...]
    functions: tuple[tuple[str, tuple[int, int]], ...] = ()
    is_condition: bool = False

    def and_(self, *contexts: str) -> Scope:
        return self._replace(contexts=self.contexts + contexts)


def scope(
    contexts: tuple[str, ...],
    functions: dict[str, tuple[int, int]] | None = None,
    *,
    is_condition: bool = False,
) -> Scope:
    """Return a scope; functions by name, with the fewest and most arguments."""
    return Scope(contexts, tuple((functions or {}).items()), is_condition)


_HASH = {"hashFiles": (1, 255)}
_STATUS = {"always": (0, 0), "cancelled": (0, 0)}
_STEP_STATUS = {**_STATUS, "failure": (0, 0), "success": (0, 0)}
_JOB_STATUS = {**_STATUS, "failure": (0, 255), "success": (0, 255)}

WF = Scope(("github", "inputs", "vars"))
JOB = WF.and_("needs", "strategy", "matrix")
STEP = JOB.and_("secrets", "steps", "job", "runner", "env")._replace(functions=tuple(_HASH.items()))
STEP_IF = scope(
    JOB.and_("steps", "job", "runner", "env").contexts,
    {**_HASH, **_STEP_STATUS},
    is_condition=True,
)
JOB_IF = scope(WF.and_("needs").contexts, _JOB_STATUS, is_condition=True)

# None: no expression may stand there. Keys that are not named are unknown, or are not supported.
_ROOT: dict[str, Scope | None] = {
    "name": None,
    "description": None,
    "run-name": WF,
    "env": WF.and_("secrets"),
    "permissions": None,
    "defaults": None,
    "concurrency": WF,
    "grant": None,
}
_JOB: dict[str, Scope | None] = {
    "name": JOB,
    "needs": None,
    "if": JOB_IF,
    "runs-on": JOB,
    "strategy": WF.and_("needs"),
    "permissions": None,
    "concurrency": JOB,
    "env": JOB.and_("secrets"),
    "defaults": JOB.and_("env"),
    "outputs": STEP._replace(functions=()),
    "timeout-minutes": JOB,
    "cancel-timeout-minutes": JOB,
    "continue-on-error": JOB,
    "grant": None,
    "uses": None,
    "with": JOB,
    "secrets": JOB.and_("secrets"),
}
_STEP: dict[str, Scope | None] = {
    "name": STEP,
    "id": None,
    "if": STEP_IF,
    "run": STEP,
    "uses": None,
    "with": STEP,
    "env": STEP,
    "shell": None,
    "working-directory": STEP,
    "timeout-minutes": STEP,
    "continue-on-error": STEP,
    "background": None,
    "wait": None,
    "wait-all": None,
    "cancel": None,
    "grant": None,
}
_NOWHERE = Scope(())
_MALFORMED = {"expression.not-closed", "expression.empty"}
_GLOBAL_FUNCTIONS = (
    "case",
    "contains",
    "endsWith",
    "format",
    "fromJSON",
    "join",
    "startsWith",
    "toJSON",
)
_ALL_CONTEXTS = {*STEP.contexts, "jobs"}
_CONTAINER = {
    "env": STEP._replace(functions=()),
    "credentials": WF.and_("secrets", "env"),
}
# What parts of a job offer where that is not `JOB`; `*` is any other key.
_PARTS: dict[str, Scope | dict[str, Any]] = {
    "environment": {"url": JOB.and_("steps", "job", "runner", "env")},
    "container": _CONTAINER,
    "services": {"*": _CONTAINER},
}
_CALL_OUTPUT = WF.and_("jobs")


def check(outline: Outline) -> Iterator[Problem]:
    """Check the expressions of a whole workflow."""
    yield from _check_fields(outline, outline.fields, _ROOT)
    yield from _check_triggers(outline, outline.fields.get("on"))
    for job in outline.jobs:
        yield from _check_fields(outline, job.fields, _JOB)
        for key, scopes in _PARTS.items():
            yield from _check_parts(outline, job.fields.get(key), scopes)
        yield from check_steps(outline, job.steps, _STEP)


def check_steps(
    outline: Outline, steps: tuple[StepOutline, ...], scopes: dict[str, Scope | None]
) -> Iterator[Problem]:
    """Check the expressions of steps, whose keys offer `scopes`."""
    for step in steps:
        yield from _check_fields(outline, step.fields, scopes)
        yield from check_steps(outline, step.inner, scopes)


def _check_fields(
    outline: Outline, fields: Fields, scopes: dict[str, Scope | None]
) -> Iterator[Problem]:
    for key, node in fields.items():
        if key in scopes:
            yield from check_node(outline, node, scopes[key])


def _check_parts(
    outline: Outline, node: Node | None, scopes: Scope | dict[str, Any]
) -> Iterator[Problem]:
    if isinstance(scopes, Scope) or not isinstance(node, Mapping):
        yield from check_node(outline, node, scopes if isinstance(scopes, Scope) else JOB)
        return
    for key, value in node.entries:
        if not is_insert(key):
            yield from check_node(outline, key, JOB)
        known = scopes.get(str(key.value), scopes.get("*", JOB))
        yield from _check_parts(outline, value, known)


def _check_triggers(outline: Outline, on: Node | None) -> Iterator[Problem]:
    """In `on`, only defaults and outputs of a reusable workflow are evaluated."""
    events = fields_of(on)
    call = fields_of(events.pop("workflow_call", None))
    if on is not None and not isinstance(on, Scalar) and not events:
        yield from check_node(outline, on if not call else None, None)
    for node in events.values():
        yield from check_node(outline, node, None)
    for part, key, scope in (("inputs", "default", WF), ("outputs", "value", _CALL_OUTPUT)):
        for entry in fields_of(call.get(part)).values():
            for name, node in fields_of(entry).items():
                yield from check_node(outline, node, scope if name == key else None)
    yield from check_node(outline, call.get("secrets"), None)


def check_node(outline: Outline, node: Node | None, scope: Scope | None) -> Iterator[Problem]:
    """Check the expressions of a value, in which `scope` is offered, or none allowed."""
    if node is None:
        return
    if scope is not None and scope.is_condition:
        yield from _check_condition(outline, node, scope)
        return
    for scalar in expressions_in(node):
        if scope is None:
            yield _refuse(outline, scalar)
            continue
        for error in _find_errors(str(scalar.value), scope):
            yield _problem(outline, scalar, error, scope)


def _refuse(outline: Outline, node: Scalar) -> Problem:
    """Return why a text may not stand where no expression may: first, that it is not even one."""
    for error in _find_errors(str(node.value), _NOWHERE):
        if _code_of(error) in _MALFORMED:
            return outline.problem(_code_of(error), error.message, node)
    return outline.problem("expression.not-allowed", NOT_ALLOWED, node)


def _check_condition(outline: Outline, node: Node, scope: Scope) -> Iterator[Problem]:
    if isinstance(node, Scalar):
        text = to_text(node.value)
        errors = _find_errors(text, scope)
        for error in errors:
            yield _problem(outline, node, error, scope)
        if not errors and _is_always_true(text):
            message = "the condition is a text with an expression in it, which is always true"
            hint = "put all of it into one `${{ }}`, or leave the braces out"
            found = outline.problem("expression.always-true", message, node, hint)
            yield found._replace(severity="warning")


@lru_cache(maxsize=1024)  # jobs of a workflow resemble each other
def _find_errors(text: str, scope: Scope) -> tuple[ExpressionError, ...]:
    find = check_condition if scope.is_condition else check_template
    return tuple(find(text, scope.contexts, dict(scope.functions)))


def _is_always_true(condition: str) -> bool:
    if OPEN not in condition:
        return False
    is_one = condition.startswith(OPEN) and len(parse_template(condition).parts) == 1
    return not (is_one and condition.endswith("}}"))


def _problem(outline: Outline, node: Scalar, error: ExpressionError, scope: Scope) -> Problem:
    if error.message == _INSERT_AS_NAME and OPEN in str(node.value):
        message = f"Unexpected value '{node.value}'" if is_insert(node) else _EMBEDDED
        return outline.problem("expression.insert", message, node, "write it as a key of a mapping")
    code = _code_of(error)
    return outline.problem(code, error.message, node, _hint(error, code, scope))


def _code_of(error: ExpressionError) -> str:
    return next(code for start, code in _CODES if error.message.startswith(start))


def _hint(error: ExpressionError, code: str, scope: Scope) -> str:
    token = error.message.partition("'")[2].partition("'")[0]
    if code == "expression.unknown-name":
        if token.lower() in _ALL_CONTEXTS:
            return f"`{token}` is not available here, but: {', '.join(sorted(scope.contexts))}"
        listed = nearest(token, scope.contexts)
        is_bare = error.message.endswith(f"expression: {token}")
        return f"{listed}; a text is quoted: '{token}'" if is_bare else listed
    if code == "expression.unknown-function":
        return nearest(token, [*_GLOBAL_FUNCTIONS, *dict(scope.functions)])
    if code == "expression.syntax" and token.startswith('"'):
        return "strings are in single quotes"
    return ""


_CODES = (
    ("Unrecognized named-value", "expression.unknown-name"),
    ("Unrecognized function", "expression.unknown-function"),
    ("Too few parameters", "expression.arguments"),
    ("Too many parameters", "expression.arguments"),
    ("Even number of parameters", "expression.arguments"),
    ("Exceeded max", "expression.limit"),
    ("The expression is not closed", "expression.not-closed"),
    ("An expression was expected", "expression.empty"),
    ("", "expression.syntax"),
)
