"""One leg of a job: its workspace, its steps in sequence, its result and outputs (6.2)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from runner.errors import Denied, Problem, RunnerError
from runner.events.model import JobFinished, JobStarted, Notice
from runner.execution.cancellation import Clock
from runner.execution.folders import create_job_folder
from runner.execution.frame import Frame
from runner.execution.jobsteps import JobSteps
from runner.execution.outputs import keep_outputs
from runner.execution.scheduler import FAILURE, SUCCESS
from runner.execution.state import JobState, Place
from runner.expressions import ExpressionError
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.execution.cancellation import Cancellation
    from runner.execution.services import Services
    from runner.execution.state import LegIdentity
    from runner.execution.workspaces import Workspaces
    from runner.plan.model import Plan, PlannedJob
    from runner.workflow.model import Job

TIMEOUT, CANCEL_TIMEOUT = 360, 5  # minutes, where the job says nothing


class LegReport(NamedTuple):
    """`is_tolerated` is the job's `continue-on-error`, evaluated."""

    result: str
    outputs: dict[str, str] = {}
    is_tolerated: bool = False
    reason: str = ""


class LegRun:
    """Runs legs, each in a thread of its own."""

    def __init__(self, services: Services, workspaces: Workspaces) -> None:
        self._services = services
        self._workspaces = workspaces

    def run(
        self,
        planned: PlannedJob,
        identity: LegIdentity,
        *,
        plan: Plan,
        number: int,
        contexts: Mapping[str, Any],
        cancellation: Cancellation,
    ) -> LegReport:
        """Return the leg's report; `number` is unique in the run. Emits all its events.

        `plan` is that of the workflow which the job is part of.
        """
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
                    plan=plan,
                    contexts=contexts,
                    place=Place(workspace, folder, ledger),
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
        frame, job = Frame(state), state.planned.job
        self._check_world(frame, job)
        # The `env` of a workflow or job sees none, and its entries do not see each other (6.4).
        scope = frame.scope()
        state.env = scope.strings(state.plan.workflow.env) | scope.strings(job.env)
        is_tolerated = scope.flag(job.continue_on_error, default=False)
        state.clock = Clock(
            minutes=scope.number(job.timeout_minutes, default=TIMEOUT),
            cancel_minutes=scope.number(job.cancel_timeout_minutes, default=CANCEL_TIMEOUT),
        )
        JobSteps(self._services, frame).run()
        if state.status not in {SUCCESS, FAILURE}:
            return LegReport(state.status, {}, is_tolerated, state.reason)
        try:
            return LegReport(state.status, self._outputs(frame), is_tolerated, state.reason)
        except ExpressionError as error:
            reason = f"`outputs` cannot be evaluated: {error}"
            self._warn(state, Problem("job.expression", reason))
            return LegReport(FAILURE, {}, is_tolerated, reason)

    def _check_world(self, frame: Frame, job: Job) -> None:
        """Refuse what only now turns out to be an image; tell of machines that are not there."""
        scope = frame.scope()
        for what, node in (("container", job.container), ("services", job.services)):
            if scope.data(node):
                message = f"`{what}` is not supported: steps are WebAssembly plugins"
                raise Denied([Problem("job.unsupported", message)])
        wanted = str(scope.data(job.runs_on)).lower()
        if "windows" in wanted or "macos" in wanted:
            message = f"steps see the same WASI world everywhere, also with `runs-on: {wanted}`"
            self._warn(frame.job, Problem("job.runs-on", message, severity="warning"))

    def _outputs(self, frame: Frame) -> dict[str, str]:
        """Evaluate the job's outputs, also after it failed (6.2.5)."""
        state = frame.job
        values = frame.scope().strings(state.planned.job.outputs)
        return keep_outputs(
            values, self._services.masker, lambda problem: self._warn(state, problem)
        )

    def _warn(self, state: JobState, problem: Problem) -> None:
        job, leg, _ = state.identity
        self._services.stream.emit(Notice(problem, job, leg))


def _problems(error: Exception) -> tuple[Problem, ...]:
    if isinstance(error, RunnerError):
        return error.problems
    code = "job.expression" if isinstance(error, ExpressionError) else "job.system"
    return (Problem(code, str(error)),)
