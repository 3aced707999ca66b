"""What: one step of one leg, from its `if` to its conclusion (LANGUAGE 6.3)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from runner.abi import Verdict
from runner.errors import Problem, RunnerError
from runner.events.model import Notice, StepFinished, StepStarted
from runner.execution.cases import read_cases
from runner.execution.guest import GuestStep
from runner.execution.report import StepReport, errored, skipped
from runner.execution.scheduler import CANCELLED, FAILURE, SKIPPED, SUCCESS
from runner.expressions import ExpressionError
from runner.workflow.steps import UsesStep, default_name

if TYPE_CHECKING:
    from runner.execution.scope import Scope
    from runner.execution.services import Services
    from runner.execution.state import JobState
    from runner.plan.model import Plan, PlannedStep

SKIP_REASONS = {
    SUCCESS: "its condition was false",
    FAILURE: "an earlier step failed",
    CANCELLED: "the job was cancelled",
}
MAX_WALL_TIME = 1_000_000.0  # seconds; longer waits are more than the kernel takes


class StepRun:
    """Carries out one step, in the thread of its leg; made for a single `run`."""

    def __init__(
        self, services: Services, plan: Plan, state: JobState, planned: PlannedStep, index: int
    ) -> None:
        self._services = services
        self._plan = plan
        self._state = state
        self._planned = planned
        self._index = index
        self._where = (state.identity.job, state.identity.leg, index)
        self._step = planned.step
        self._id = self._step.id.value if self._step.id else ""
        written = self._step.name.value if self._step.name else ""
        self._name = written or default_name(self._step)
        self._scope: Scope | None = None  # while it has none, `continue-on-error` has no say

    def run(self) -> None:
        """Run the step, and record what came of it in the job's state."""
        started = time.monotonic()
        report = self._decide()
        conclusion = report.outcome
        if report.outcome == FAILURE and self._is_tolerated():
            conclusion = SUCCESS
        if conclusion != SKIPPED:
            self._state.worsen(conclusion)
        if self._id:
            self._state.steps[self._id] = {
                "outputs": report.outputs,
                "outcome": report.outcome,
                "conclusion": conclusion,
            }
        for case in read_cases(report.value, self._state.identity, self._index):
            self._services.stream.emit(case)
        self._finish(report, conclusion, time.monotonic() - started)

    def _decide(self) -> StepReport:
        """Evaluate `env` and `if`, then run the step or say why not."""
        state, step = self._state, self._step
        if state.cancellation.is_final:
            return skipped(SKIP_REASONS[CANCELLED])
        try:
            env = state.scope(action=step.action).strings(step.env)
            scope = state.scope(action=step.action, env=env)
            is_due = scope.condition(step.condition)
        except ExpressionError as error:
            return errored(error)
        self._name = _evaluate_name(self._name, scope)
        if not is_due:
            return skipped(self._why_skipped())
        self._scope = scope
        self._announce()
        try:
            return self._carry_out(scope, env)
        except (ExpressionError, RunnerError, OSError) as error:
            return errored(error)

    def _carry_out(self, scope: Scope, env: dict[str, str]) -> StepReport:
        step, state = self._step, self._state
        minutes = int(scope.number(step.timeout_minutes, default=0))
        if self._planned.builtin:
            from runner.execution.host import run_host_action

            given = scope.strings(step.inputs if isinstance(step, UsesStep) else None)
            return run_host_action(
                self._planned.builtin,
                given,
                services=self._services,
                state=state,
                index=self._index,
            )
        guest = GuestStep(
            self._services, self._plan, state, self._planned, index=self._index, env=env
        )
        limit = max(minutes, 0) * 60
        wall_time = self._wall_time(limit)
        report = guest.run(
            scope, wall_time=wall_time, is_protected=self._outlives_cancellation(env)
        )
        return self._explain_timeout(report, limit, wall_time)

    def _wall_time(self, limit: float) -> float:
        """Return the smallest of the step's limits and what is left of the job's, in seconds."""
        wanted = (limit, self._services.options.step_timeout, MAX_WALL_TIME)
        left = max(self._state.clock.left, 0.001)  # 0 would mean no limit at all
        return min(left, *filter(None, wanted))

    def _outlives_cancellation(self, env: dict[str, str]) -> bool:
        """Whether the step's `if` would hold if the job were cancelled now."""
        condition = self._step.condition
        if self._state.status == CANCELLED:
            return True
        if condition is None:
            return False
        scope = self._state.scope(action=self._step.action, env=env, status=CANCELLED)
        return scope.condition(condition)

    def _explain_timeout(self, report: StepReport, limit: float, wall_time: float) -> StepReport:
        """Tell a step out of time from a job out of time, which is cancelled (6.3)."""
        if report.verdict != Verdict.TIMED_OUT:
            return report
        if not self._state.clock.left:
            return report._replace(outcome=CANCELLED, is_errored=False)
        if limit and wall_time == limit:
            minutes = int(limit / 60)
            message = f"The action '{self._name}' has timed out after {minutes} minutes."
            return report._replace(message=message)
        return report

    def _is_tolerated(self) -> bool:
        """Evaluate `continue-on-error`; if it cannot be, the step stays failed."""
        if self._scope is None:
            return False
        try:
            return self._scope.flag(self._step.continue_on_error, default=False)
        except ExpressionError as error:
            message = f"continue-on-error: {error}"
            self._services.stream.emit(Notice(Problem("step.expression", message), *self._where))
            return False

    def _why_skipped(self) -> str:
        condition = self._step.condition.value.strip() if self._step.condition else ""
        if condition:
            return f"`if: {_first_line(condition)}` was false"
        return SKIP_REASONS[self._state.status]

    def _announce(self) -> None:
        planned = self._planned
        plugin = planned.builtin or (planned.plugin.reference if planned.plugin else "")
        self._services.stream.emit(
            StepStarted(*self._where, self._id, self._name, plugin, time.time())
        )

    def _finish(self, report: StepReport, conclusion: str, duration: float) -> None:
        self._services.stream.emit(
            StepFinished(
                *self._where,
                self._id,
                self._name,
                report.outcome,
                conclusion,
                report.verdict,
                report.exit_code,
                report.message,
                report.is_errored,
                time.time(),
                duration,
                report.usage.cpu_time,
                report.usage.peak_memory,
                report.changes,
                report.outputs,
                report.summary,
            )
        )


def _evaluate_name(name: str, scope: Scope) -> str:
    """Return the name to show; one that cannot be evaluated is shown as it was written."""
    try:
        return _first_line(scope.text(name)) or name
    except ExpressionError:
        return name


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0]
