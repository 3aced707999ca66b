"""A step that a host action carries out: its inputs matched, run, and turned into a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.events.model import ArtifactSaved
from runner.execution.builtins import load_builtin
from runner.execution.builtins.protocol import HostCall
from runner.execution.report import StepReport
from runner.execution.scheduler import FAILURE, SUCCESS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.execution.builtins.protocol import HostAction
    from runner.execution.services import Services
    from runner.execution.state import JobState


def run_host_action(
    name: str, given: Mapping[str, str], *, services: Services, state: JobState, index: int
) -> StepReport:
    """Run the host action `name` as step `index`; `given` is its `with`, evaluated.

    Raises RunnerError if it cannot be done.
    """
    action = load_builtin(name)
    job, leg, _ = state.identity

    def log(line: str) -> None:
        services.stream.emit_output(job, leg, index, [line])

    call = HostCall(
        _match_inputs(action, given, log),
        state.place.workspace,
        services.source,
        services.folder.artifacts,
        services.run.repository,
        log,
        services.locate,
        lambda text: services.masker.mask(text) != text,
    )
    result = action.run(call)
    if result.artifact:
        services.stream.emit(ArtifactSaved(job, leg, index, *result.artifact))
    outcome = FAILURE if result.failure else SUCCESS
    return StepReport(
        outcome, result.failure, outputs=dict(result.outputs), changes=state.record_changes()
    )


def _match_inputs(
    action: HostAction, given: Mapping[str, str], log: Callable[[str], None]
) -> dict[str, str]:
    """Fill in defaults; names match without regard to case, unknown ones get a warning (6.9)."""
    known = {name.lower(): name for name in action.INPUTS}
    unknown = [name for name in given if name.lower() not in known]
    if unknown:
        names = ", ".join(f"'{name}'" for name in unknown)
        log(f"warning: Unexpected input(s) {names}, valid inputs are {list(action.INPUTS)}")
    return dict(action.INPUTS) | {
        known[name.lower()]: value for name, value in given.items() if name.lower() in known
    }
