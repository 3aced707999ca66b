"""Steps that stand in relation to others: the background family (spec §3.7), and shells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.hints import nearest_of_few
from runner.documents.nodes import Node, Scalar, Sequence
from runner.documents.scalars import to_text
from runner.errors import nearest
from runner.workflow.leaves import fields_of, items_of
from runner.workflow.rules.ids import RESERVED
from runner.workflow.templates import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runner.errors import Problem
    from runner.workflow.leaves import Fields
    from runner.workflow.rules.outline import Outline, StepOutline

BUILTIN_SHELLS = frozenset({"bash", "sh", "python", "pwsh", "powershell", "cmd"})
_NOT_INSIDE = ("wait", "wait-all", "cancel")


def check(outline: Outline) -> Iterator[Problem]:
    """Check the steps of every job, and the shells of all defaults."""
    yield from _check_default_shell(outline, outline.fields)
    for job in outline.jobs:
        yield from _check_default_shell(outline, job.fields)
        yield from _check_targets(outline, job.steps, {})
        for step in job.steps:
            yield from check_shells(outline, (step, *step.inner))
            yield from _check_flag(outline, step.fields.get("wait-all"))
            for inner in step.inner:
                yield from _check_inside(outline, inner)


def check_shells(outline: Outline, steps: Iterable[StepOutline]) -> Iterator[Problem]:
    """Warn of shells that will not do; GitHub finds out when the step runs."""
    for step in steps:
        yield from _check_shell(outline, step.fields)


def _check_default_shell(outline: Outline, fields: Fields) -> Iterator[Problem]:
    run = fields_of(fields.get("defaults")).get("run")
    yield from _check_shell(outline, fields_of(run))


def _check_shell(outline: Outline, fields: Fields) -> Iterator[Problem]:
    node = fields.get("shell")
    shell = to_text(node.value) if isinstance(node, Scalar) else ""
    if node is None or not shell or shell in BUILTIN_SHELLS or "{0}" in shell or OPEN in shell:
        return
    message = (
        "Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) "
        "or a format string containing '{0}'"
    )
    problem = outline.problem("step.shell", message, node, nearest(shell, BUILTIN_SHELLS))
    yield problem._replace(severity="warning")


def _check_targets(
    outline: Outline, steps: Iterable[StepOutline], earlier: dict[str, str]
) -> Iterator[Problem]:
    """Check the targets of wait and cancel; `earlier` gathers ids by their lower-case form."""
    for step in steps:
        own = _text(step.fields.get("id"))
        for key in ("wait", "cancel"):
            for node in _targets(step.fields.get(key), key):
                target = _text(node)
                if not target or target.lower() in earlier:
                    continue
                if target.startswith("__"):
                    yield outline.problem("id.reserved", RESERVED.format(target), node)
                elif target.lower() == own.lower():
                    message = f"Step '{target}' cannot reference itself"
                    yield outline.problem("step.self-target", message, node)
                else:
                    message = f"Step references unknown step ID '{target}'"
                    hint = nearest_of_few(target, earlier.values()) or "no earlier step has an id"
                    yield outline.problem("step.unknown-target", message, node, hint)
        if own:
            earlier.setdefault(own.lower(), own)
        yield from _check_targets(outline, step.inner, earlier)


def _targets(node: Node | None, key: str) -> tuple[Node, ...]:
    return () if key == "cancel" and isinstance(node, Sequence) else items_of(node)


def _check_flag(outline: Outline, node: Node | None) -> Iterator[Problem]:
    if isinstance(node, Scalar) and node.value is False:
        message = "The value of 'wait-all' must be true or omitted"
        yield outline.problem("step.wait-all", message, node, "remove the step, or the `false`")


def _check_inside(outline: Outline, step: StepOutline) -> Iterator[Problem]:
    keys = {str(key.value): key for key, _ in step.node.entries}
    if "parallel" in keys:
        message = "Nested 'parallel' blocks are not allowed."
        yield outline.problem("step.nested-parallel", message, keys["parallel"])
    if "background" in keys:
        message = (
            "'background' is not allowed inside a parallel block. "
            "Steps in a parallel block are automatically run as background steps."
        )
        yield outline.problem("step.inside-parallel", message, keys["background"])
    for name in _NOT_INSIDE:
        if name in keys:
            message = f"'{name}' is not allowed inside a parallel block."
            yield outline.problem("step.inside-parallel", message, keys[name])


def _text(node: Node | None) -> str:
    return to_text(node.value) if isinstance(node, Scalar) else ""
