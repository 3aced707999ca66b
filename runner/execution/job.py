"""One leg of a job: its workspace, its steps in sequence, its result and outputs (6.2)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from runner.errors import Denied, Problem, RunnerError
from runner.events.model import JobFinished, JobStarted, Notice
from runner.execution.folders import create_job_folder
from runner.execution.scheduler import FAILURE, SUCCESS
from runner.execution.state import Clock, JobState
from runner.execution.step import StepRun
from runner.expressions import ExpressionError
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.execution.services import Services
    from runner.execution.state import Cancellation, LegIdentity
    from runner.execution.workspaces import Workspaces
    from runner.plan.model import Plan, PlannedJob

MAX_OUTPUTS = 1024 * 1024
TIMEOUT, CANCEL_TIMEOUT = 360, 5  # minutes, where the job says nothing


class LegReport(NamedTuple):
    """`is_tolerated` is the job's `continue-on-error`, evaluated."""

    result: str
    outputs: dict[str, str] = {}
    is_tolerated: bool = False
    reason: str = ""


class LegRun:
    """Runs legs, each in a thread of its own."""

    def __init__(self, services: Services, plan: Plan, workspaces: Workspaces) -> None:
        self._services = services
        self._plan = plan
        self._workspaces = workspaces

    def run(
        self,
        planned: PlannedJob,
        identity: LegIdentity,
        *,
        number: int,
        contexts: Mapping[str, Any],
        cancellation: Cancellation,
    ) -> LegReport:
        """Return the leg's report; `number` is unique in the run. Emits all its events."""
        started = time.monotonic()
        job, leg, name = identity
        emit = self._services.stream.emit
        emit(JobStarted(job, leg, name, time.time()))
        try:
            folder = create_job_folder(self._services.folder.work, number)
            with self._workspaces.open(folder) as (workspace, ledger, notices):
                for notice in notices:
                    emit(Notice(notice, job, leg))
                state = JobState(
                    planned,
                    identity,
                    contexts=contexts,
                    workspace=workspace,
                    ledger=ledger,
                    folder=folder,
                    cancellation=cancellation,
                )
                report = self._run_steps(state)
        except (RunnerError, ExpressionError, OSError) as error:
            for problem in _problems(error):
                emit(Notice(problem, job, leg))
            report = LegReport(FAILURE, reason=str(error))
        duration = time.monotonic() - started
        result, outputs, _, reason = report
        emit(JobFinished(job, leg, name, result, reason, time.time(), duration, outputs))
        return report

    def _run_steps(self, state: JobState) -> LegReport:
        job, scope = state.planned.job, state.scope()
        for what, node in (("container", job.container), ("services", job.services)):
            if scope.data(node):
                message = f"`{what}` is not supported: steps are WebAssembly plugins"
                raise Denied([Problem("job.unsupported", message)])
        state.env = scope.strings(self._plan.workflow.env) | scope.strings(job.env)
        is_tolerated = scope.flag(job.continue_on_error, default=False)
        state.clock = Clock(
            minutes=scope.number(job.timeout_minutes, default=TIMEOUT),
            cancel_minutes=scope.number(job.cancel_timeout_minutes, default=CANCEL_TIMEOUT),
        )
        for index, planned in enumerate(state.planned.steps):
            state.look_up()
            StepRun(self._services, self._plan, state, planned, index).run()
        state.look_up()
        outputs = self._outputs(state) if state.status in {SUCCESS, FAILURE} else {}
        return LegReport(state.status, outputs, is_tolerated, state.reason)

    def _outputs(self, state: JobState) -> dict[str, str]:
        """Evaluate the job's outputs; empty ones and those that hold a secret are dropped."""
        outputs = {}
        for name, value in state.scope().strings(state.planned.job.outputs).items():
            if not value:
                continue
            if self._services.masker.mask(value) != value:
                message = f"Skip output '{name}' since it may contain secret."
                self._warn(state, "job.secret-output", message)
            else:
                outputs[name] = value
        if sum(map(len, outputs.values())) > MAX_OUTPUTS:
            self._warn(state, "job.outputs-too-large", "outputs of a job are limited to 1 MB")
            return {}
        return outputs

    def _warn(self, state: JobState, code: str, message: str) -> None:
        job, leg, _ = state.identity
        self._services.stream.emit(Notice(Problem(code, message, severity="warning"), job, leg))


def _problems(error: Exception) -> tuple[Problem, ...]:
    if isinstance(error, RunnerError):
        return error.problems
    code = "job.expression" if isinstance(error, ExpressionError) else "job.system"
    return (Problem(code, str(error)),)
