"""One leg of a job: its workspace, its steps in sequence, its result and outputs (6.2)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from runner.errors import Problem, RunnerError
from runner.events.model import JobFinished, JobStarted, Notice
from runner.execution.folders import create_job_folder
from runner.execution.scheduler import CANCELLED, FAILURE, SUCCESS
from runner.execution.state import JobState
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


class LegReport(NamedTuple):
    """`is_tolerated` is the job's `continue-on-error`, evaluated."""

    result: str
    outputs: dict[str, str] = {}
    is_tolerated: bool = False
    reason: str = ""


class LegRun:
    """Runs one leg, in a thread of its own."""

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
        self._services.stream.emit(JobStarted(job, leg, name, time.time()))
        folder = create_job_folder(self._services.folder.work, number)
        try:
            with self._workspaces.open(folder) as (workspace, ledger, notices):
                for notice in notices:
                    self._services.stream.emit(Notice(notice, job, leg))
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
        except RunnerError as error:
            for problem in error.problems:
                self._services.stream.emit(Notice(problem, job, leg))
            report = LegReport(FAILURE, reason=str(error))
        except ExpressionError as error:
            self._services.stream.emit(Notice(Problem("job.expression", str(error)), job, leg))
            report = LegReport(FAILURE, reason=str(error))
        self._services.stream.emit(
            JobFinished(
                job,
                leg,
                name,
                report.result,
                report.reason,
                time.time(),
                time.monotonic() - started,
                report.outputs,
            )
        )
        return report

    def _run_steps(self, state: JobState) -> LegReport:
        job = state.planned.job
        scope = state.scope()
        state.env = scope.strings(self._plan.workflow.env)
        state.env |= state.scope().strings(job.env)
        minutes = scope.number(job.timeout_minutes, default=360)
        is_tolerated = scope.flag(job.continue_on_error, default=False)
        state.deadline = time.monotonic() + minutes * 60
        steps = StepRun(self._services, self._plan, state)
        for index, planned in enumerate(state.planned.steps):
            if state.cancellation.is_requested:
                state.worsen(CANCELLED)
            steps.run(planned, index)
        outputs = self._outputs(state) if state.status in {SUCCESS, FAILURE} else {}
        return LegReport(state.status, outputs, is_tolerated)

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
        if sum(len(value) for value in outputs.values()) > MAX_OUTPUTS:
            self._warn(state, "job.outputs-too-large", "outputs of a job are limited to 1 MB")
            return {}
        return outputs

    def _warn(self, state: JobState, code: str, message: str) -> None:
        job, leg, _ = state.identity
        self._services.stream.emit(Notice(Problem(code, message, severity="warning"), job, leg))
