"""What a step says, a record for each kind (spec §3.6, §3.7).

Every kind has `position` (of the step), `id`, `name` and `continue_on_error`; `action` is the
explicit or the generated id (`__run`, `__owner_repo_2`, ...), the value of `github.action`.
Fields typed `Node` are templates to be evaluated as a whole by `runner.workflow.templates`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from runner.documents.nodes import Mapping, Node
    from runner.errors import Position
    from runner.workflow.references import Reference
    from runner.workflow.values import Text, Value


class RunStep(NamedTuple):
    position: Position
    action: str
    script: Text
    id: Text | None = None
    name: Text | None = None
    condition: Text | None = None
    env: Node | None = None
    shell: Text | None = None
    working_directory: Text | None = None
    timeout_minutes: Value | None = None
    continue_on_error: Value | None = None
    background: bool = False
    grant: Mapping | None = None


class UsesStep(NamedTuple):
    """`inputs` is the `with` map."""

    position: Position
    action: str
    uses: Reference
    id: Text | None = None
    name: Text | None = None
    condition: Text | None = None
    env: Node | None = None
    inputs: Node | None = None
    timeout_minutes: Value | None = None
    continue_on_error: Value | None = None
    background: bool = False
    grant: Mapping | None = None


class WaitStep(NamedTuple):
    """Targets are ids of earlier steps, spelled as those steps spell them."""

    position: Position
    action: str
    targets: tuple[Text, ...]
    id: Text | None = None
    name: Text | None = None
    continue_on_error: Value | None = None


class WaitAllStep(NamedTuple):
    position: Position
    action: str
    id: Text | None = None
    name: Text | None = None
    continue_on_error: Value | None = None


class CancelStep(NamedTuple):
    """The target is the id of an earlier step, spelled as that step spells it."""

    position: Position
    action: str
    target: Text
    id: Text | None = None
    name: Text | None = None
    continue_on_error: Value | None = None


class ParallelStep(NamedTuple):
    """Its steps run in the background and are waited for; it has no keys besides."""

    position: Position
    action: str
    steps: tuple[RunStep | UsesStep, ...]
    id: Text | None = None
    name: Text | None = None
    continue_on_error: Value | None = None


Step = RunStep | UsesStep | WaitStep | WaitAllStep | CancelStep | ParallelStep


def default_name(step: Step) -> str:
    """Return the name shown for a step that has none; may hold `${{ }}` to be evaluated."""
    if isinstance(step, RunStep):
        lines = (line.strip() for line in step.script.value.splitlines())
        return f"Run {next(filter(None, lines), '')}".rstrip()
    if isinstance(step, UsesStep):
        return f"Run {step.uses.text.value}"
    return _FIXED_NAMES[type(step)]


_FIXED_NAMES: dict[type, str] = {
    WaitStep: "Wait",
    WaitAllStep: "Wait for all",
    CancelStep: "Cancel",
    ParallelStep: "Parallel group",
}
