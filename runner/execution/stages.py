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
    if stage == PRE and is_local(planned):
        return False
    return _offers(planned, stage)


def is_local(planned: PlannedStep) -> bool:
    """Whether the step's action lies in the workspace, which `pre` comes too early for."""
    step = planned.step
    return isinstance(step, UsesStep) and step.uses.kind == "local"


def find_ignored(steps: tuple[PlannedStep, ...]) -> Iterator[PlannedStep]:
    """Yield the steps whose `pre` is not run, because they lie in the workspace."""
    for planned in steps:
        if is_local(planned) and _offers(planned, PRE):
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


def _offers(planned: PlannedStep, stage: str) -> bool:
    if planned.plugin and planned.found:
        return stage in planned.plugin.manifest.entry_points
    if planned.is_composite:
        return any(has_stage(step, stage) for step in planned.inner)
    return False
