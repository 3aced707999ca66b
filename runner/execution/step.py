"""What: one step, from its `if` to its conclusion (LANGUAGE 6.3)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from runner.abi import Verdict
from runner.errors import Problem, RunnerError
from runner.events.model import Notice
from runner.execution.cases import read_cases
from runner.execution.guest import GuestStep
from runner.execution.report import StepReport, StepResult, errored, skipped
from runner.execution.scheduler import CANCELLED, FAILURE, SUCCESS
from runner.execution.stages import STAGES, condition_of
from runner.execution.state import OUT_OF_TIME
from runner.expressions import ExpressionError
from runner.plugins.manifest import MAIN
from runner.workflow.steps import UsesStep, default_name

if TYPE_CHECKING:
    from runner.execution.frame import Frame
    from runner.execution.scope import Scope
    from runner.execution.services import Services
    from runner.execution.telling import Teller
    from runner.plan.model import PlannedStep

SKIP_REASONS = {
    SUCCESS: "its condition was false",
    FAILURE: "an earlier step failed",
    CANCELLED: "the job was cancelled",
}
MAX_WALL_TIME = 1_000_000.0  # seconds; longer waits are more than the kernel takes


class StepRun:
    """Carries out one step, or an early or late stage of its action; made for a single use.

    `path` is the step's place in its job. Call `run`; or, for a step that runs beside the others,
    `begin` where it stands, and `perform` in the thread that it runs in.
    """

    def __init__(
        self,
        services: Services,
        frame: Frame,
        planned: PlannedStep,
        teller: Teller,
        *,
        path: tuple[int, ...],
        stage: str = MAIN,
    ) -> None:
        self.id = planned.step.id.value if planned.step.id and stage == MAIN else ""
        self.planned = planned
        self.path = path
        self._services = services
        self._frame = frame
        self._step = planned.step
        self._teller = teller
        self._stage = STAGES[stage]
        written = self._step.name.value if self._step.name else ""
        self.name = self._stage.prefix + (written or default_name(self._step))
        self._condition = condition_of(planned, stage)
        self._started = 0.0
        self._env: dict[str, str] = {}
        self._scope: Scope | None = None  # while it has none, `continue-on-error` has no say
        self._is_broken = self._is_background = False
        self._timeout = "The action '{}' has timed out after {} minutes."

    def run(self) -> StepResult:
        """Run the step and tell of it; nothing is published to the steps after it."""
        return self.begin() or self.perform()

    def begin(self) -> StepResult | None:
        """Evaluate `env`, `if` and the name; return what came of it if that is all."""
        self._started = time.monotonic()
        report = self._decide()
        return self._end(report) if report else None

    def perform(self) -> StepResult:
        """Run a step that is due, and tell how it ended."""
        planned, cancellation = self.planned, self._frame.job.cancellation
        if self._is_background and cancellation.reason:  # before it got a slot
            return self._end(StepReport(CANCELLED, cancellation.reason))
        plugin = planned.builtin or (planned.plugin.reference if planned.plugin else "")
        if planned.is_composite and isinstance(self._step, UsesStep):
            plugin = self._step.uses.text.value
        self._teller.begin(self.id, self.name, plugin)
        try:
            report = self._carry_out()
        except (ExpressionError, RunnerError, OSError) as error:
            report = errored(error)
        return self._end(report)

    def become_background(self) -> None:
        """Say that the step runs beside the others: then its `if` does not protect it (3.7.6)."""
        self._is_background = True
        self._timeout = "The background step '{}' has timed out after {} minutes."

    def _decide(self) -> StepReport | None:
        """Return why the step is not run, None if it is due."""
        frame, step = self._frame, self._step
        if frame.job.cancellation.is_final:
            return skipped(SKIP_REASONS[CANCELLED])
        try:
            env = frame.scope(action=step.action).strings(getattr(step, "env", None))
            scope = frame.scope(action=step.action, env=env)
        except ExpressionError as error:
            return errored(error)
        self.name = _evaluate_name(self.name, scope)
        try:
            is_due = scope.condition(self._condition)
        except ExpressionError as error:
            self._is_broken = True
            return errored(error)
        if not is_due:
            return skipped(self._why_skipped())
        self._scope, self._env = scope, env
        return None

    def _carry_out(self) -> StepReport:
        scope, planned = self._scope, self.planned
        assert scope is not None, "a step is begun before it is performed"  # noqa: S101
        written = getattr(self._step, "timeout_minutes", None)
        minutes = int(scope.number(written, default=0)) if self._stage.name == MAIN else 0
        limit = max(minutes, 0) * 60
        if planned.builtin:
            from runner.execution.host import run_host_action

            given = scope.strings(self._step.inputs if isinstance(self._step, UsesStep) else None)
            index = self._teller.index
            return run_host_action(
                planned.builtin, given, services=self._services, state=self._frame.job, index=index
            )
        self._frame.job.begun.setdefault(self.path)
        is_protected = self._outlives_cancellation()
        wall_time = self._wall_time(limit, is_protected=is_protected)
        if planned.is_composite:
            report = self._run_action(scope, wall_time, is_protected=is_protected)
        else:
            guest = GuestStep(
                self._services,
                self._frame,
                planned,
                index=self._teller.index,
                env=self._env,
                path=self.path,
            )
            report = guest.run(
                scope,
                stage=self._stage.name,
                wall_time=wall_time,
                is_protected=is_protected,
            )
        return self._explain_timeout(report, limit, wall_time)

    def _run_action(self, scope: Scope, wall_time: float, *, is_protected: bool) -> StepReport:
        from runner.execution.composite import ActionRun  # 1 ms; only for composite actions

        action = ActionRun(
            self._services, self._frame, self.planned, index=self._teller.index, path=self.path
        )
        return action.run(
            scope,
            env=self._env,
            stage=self._stage.name,
            wall_time=wall_time,
            is_protected=is_protected,
        )

    def _wall_time(self, limit: float, *, is_protected: bool) -> float:
        """Return the smallest of the step's limits and what is left of the others', in seconds."""
        wanted = (limit, self._services.options.step_timeout, MAX_WALL_TIME)
        clock = self._frame.job.clock
        of_job = clock.left_with_cleanup if is_protected else clock.left
        left = max(min(of_job, self._frame.left), 0.001)  # 0 would mean no limit at all
        return min(left, *filter(None, wanted))

    def _outlives_cancellation(self) -> bool:
        """Whether the step's `if` would hold if the job were cancelled now."""
        frame = self._frame
        if self._is_background:
            return False
        if frame.is_protected or frame.job.status == CANCELLED:
            return True
        if self._condition is None:
            return False
        scope = frame.scope(action=self._step.action, env=self._env, status=CANCELLED)
        return scope.condition(self._condition)

    def _explain_timeout(self, report: StepReport, limit: float, wall_time: float) -> StepReport:
        """Tell a step out of time from a job out of time, which is cancelled (6.3)."""
        if report.verdict != Verdict.TIMED_OUT:
            return report
        if not self._frame.job.clock.left:
            return report._replace(outcome=CANCELLED, is_errored=False, message=OUT_OF_TIME)
        if wall_time == self._services.options.step_timeout:
            return report._replace(message=f"timed out after {wall_time:g} seconds")
        if limit and wall_time == limit:
            message = self._timeout.format(self.name, int(limit / 60))
            return report._replace(message=message)
        return report

    def _end(self, report: StepReport) -> StepResult:
        conclusion = report.outcome
        if report.outcome == FAILURE and self._is_tolerated():
            conclusion = SUCCESS
        result = StepResult(report, conclusion, self._is_broken)
        identity = self._frame.job.identity
        for case in read_cases(report.value, identity, self._teller.index):
            self._services.stream.emit(case)
        self._teller.end(self.id, self.name, result, time.monotonic() - self._started)
        return result

    def _is_tolerated(self) -> bool:
        """Evaluate `continue-on-error`; if it cannot be, the step stays failed."""
        if self._scope is None or self._stage.name != MAIN:
            return False
        try:
            return self._scope.flag(self._step.continue_on_error, default=False)
        except ExpressionError as error:
            problem = Problem("step.expression", f"continue-on-error: {error}")
            job, leg, _ = self._frame.job.identity
            self._services.stream.emit(Notice(problem, job, leg, self._teller.index))
            return False

    def _why_skipped(self) -> str:
        condition = self._condition.value.strip() if self._condition else ""
        if condition:
            return f"`if: {_first_line(condition)}` was false"
        return SKIP_REASONS[self._frame.status]


def _evaluate_name(name: str, scope: Scope) -> str:
    """Return the name to show; one that cannot be evaluated is shown as it was written."""
    try:
        return _first_line(scope.text(name)) or name
    except ExpressionError:
        return name


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0]
