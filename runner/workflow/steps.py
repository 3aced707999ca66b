"""What a step says, a record for each kind (spec §3.6, §3.7).

Every kind has `position` (of the step), `id`, `name` and `continue_on_error`; `action` is the
explicit or the generated id (`__run`, `__owner_repo_2`, ...), the value of `github.action`.
Fields typed `Node` are templates to be evaluated as a whole by `runner.workflow.templates`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple

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


class ControlStep(NamedTuple):
    """A step that only minds background steps: it has no condition and always runs.

    `kind` is `wait`, `wait-all`, `cancel` (one target) or `parallel`. `targets` are ids of
    earlier steps, spelled as those steps spell them. `steps` are those of `parallel`: they run in
    the background and are waited for.
    """

    position: Position
    action: str
    kind: str
    targets: tuple[Text, ...] = ()
    steps: tuple[RunStep | UsesStep, ...] = ()
    id: Text | None = None
    name: Text | None = None
    continue_on_error: Value | None = None


Step = RunStep | UsesStep | ControlStep


def default_name(step: Step) -> str:
    """Return the name shown for a step that has none; may hold `${{ }}` to be evaluated."""
    if isinstance(step, RunStep):
        lines = (line.strip() for line in step.script.value.splitlines())
        return f"Run {next(filter(None, lines), '')}".rstrip()
    if isinstance(step, UsesStep):
        return f"Run {step.uses.text.value}"
    return _CONTROL_NAMES[step.kind]


_CONTROL_NAMES = {
    "wait": "Wait",
    "wait-all": "Wait for all",
    "cancel": "Cancel",
    "parallel": "Parallel group",
}
