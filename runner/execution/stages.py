"""The stages of an action: `pre` before all steps, `main` as the step, `post` after them (6.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.plugins.manifest import MAIN
from runner.records import NamedTuple
from runner.workflow.steps import UsesStep
from runner.workflow.values import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plan.model import PlannedStep

PRE, POST = "pre", "post"


class Stage(NamedTuple):
    """`prefix` is put before the name of the step."""

    name: str
    prefix: str = ""


STAGES = {MAIN: Stage(MAIN), PRE: Stage(PRE, "Pre "), POST: Stage(POST, "Post ")}


def has_stage(planned: PlannedStep, stage: str) -> bool:
    """Whether a step's plugin, or a part of its composite action, has something to do then.

    A `pre` is run only for actions that do not lie in the workspace (6.9).
    """
    return _has_stage(planned, stage, {})


def is_local(planned: PlannedStep) -> bool:
    """Whether the step's action lies in the workspace, which `pre` comes too early for."""
    step = planned.step
    return isinstance(step, UsesStep) and step.uses.kind == "local"


def find_ignored(steps: tuple[PlannedStep, ...]) -> Iterator[PlannedStep]:
    """Yield the steps whose `pre` is not run, because they lie in the workspace."""
    for planned in steps:
        if is_local(planned) and _offers(planned, PRE, {}):
            yield planned
        elif not planned.found:
            yield from find_ignored(planned.inner)


def condition_of(planned: PlannedStep, stage: str) -> Text | None:
    """Return the condition of a stage: the step's own `if`, or `pre-if` and `post-if`."""
    step = planned.step
    if stage == MAIN:
        return getattr(step, "condition", None)
    action = planned.action
    written = None
    if action:
        written = action.pre_condition if stage == PRE else action.post_condition
    return written or Text("always()", step.position)


def _has_stage(planned: PlannedStep, stage: str, known: dict[int, bool]) -> bool:
    if stage == PRE and is_local(planned):
        return False
    return _offers(planned, stage, known)


def _offers(planned: PlannedStep, stage: str, known: dict[int, bool]) -> bool:
    """`known` holds the answers by the identity of the steps of an action, which all uses of it
    share: actions that use others eight times each would else be walked for minutes.
    """
    if planned.plugin and planned.found:
        return stage in planned.plugin.manifest.entry_points
    if not planned.is_composite:
        return False
    steps = planned.inner
    if id(steps) not in known:
        known[id(steps)] = any(_has_stage(step, stage, known) for step in steps)
    return known[id(steps)]
