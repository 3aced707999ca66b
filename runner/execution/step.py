"""What: one step of one leg, from its `if` to its conclusion (LANGUAGE 6.3)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from runner.errors import RunnerError
from runner.events.model import ArtifactSaved, Change, StepFinished, StepStarted, TestFinished
from runner.execution.builtins import load_builtin
from runner.execution.builtins.protocol import HostCall
from runner.execution.guest import GuestStep
from runner.execution.report import StepReport, errored, skipped
from runner.execution.scheduler import CANCELLED, FAILURE, SKIPPED, SUCCESS
from runner.expressions import ExpressionError
from runner.workflow.steps import default_name

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
TEST_RESULTS = frozenset({"passed", "failed", "errored", "skipped"})


class StepRun:
    """Carries out the steps of one leg, one after the other, in the leg's thread."""

    def __init__(self, services: Services, plan: Plan, state: JobState) -> None:
        self._services = services
        self._plan = plan
        self._state = state

    def run(self, planned: PlannedStep, index: int) -> None:
        """Run one step and record what came of it in the job's state."""
        started = time.monotonic()
        state, step = self._state, planned.step
        scope = state.scope(action=step.action)
        name = step.name.value if step.name else default_name(step)
        report = skipped()
        try:
            env = scope.strings(step.env)
            scope = state.scope(action=step.action, env=env)
            if scope.condition(step.condition):
                name = _first_line(scope.text(name))
                self._announce(planned, index, name)
                report = self._carry_out(planned, index, scope, env)
            else:
                report = skipped(self._why_skipped(planned))
        except ExpressionError as error:
            report = errored(f"Error when evaluating step {index + 1}: {error}")
        self._report_tests(report.value, index)
        conclusion, report = _conclude(report, planned, scope)
        state.worsen(conclusion if conclusion != SKIPPED else SUCCESS)
        if step.id:
            state.steps[step.id.value] = {
                "outputs": report.outputs,
                "outcome": report.outcome,
                "conclusion": conclusion,
            }
        self._finish(planned, index, name, report, conclusion, started)

    def _announce(self, planned: PlannedStep, index: int, name: str) -> None:
        plugin = planned.builtin or (planned.plugin.reference if planned.plugin else "")
        job, leg, _ = self._state.identity
        step_id = planned.step.id.value if planned.step.id else ""
        self._services.stream.emit(StepStarted(job, leg, index, step_id, name, plugin, time.time()))

    def _carry_out(
        self, planned: PlannedStep, index: int, scope: Scope, env: dict[str, str]
    ) -> StepReport:
        minutes = int(scope.number(planned.step.timeout_minutes, default=0))
        wall_time = self._wall_time(max(minutes, 0) * 60)
        if planned.builtin:
            return self._run_builtin(planned, index, scope)
        guest = GuestStep(self._services, self._plan, self._state, planned, index)
        report = guest.run(scope, env, wall_time=wall_time)
        if report.verdict != "timed_out":
            return report
        if time.monotonic() >= self._state.deadline:
            return report._replace(outcome=CANCELLED, is_errored=False)
        if minutes and wall_time == minutes * 60:
            name = scope.text(planned.step.name.value if planned.step.name else "") or "step"
            message = f"The action '{name}' has timed out after {minutes} minutes."
            return report._replace(message=message)
        return report

    def _wall_time(self, wanted: float) -> float:
        """Return the smallest of the step's limits and what is left of the job's, in seconds."""
        left = max(self._state.deadline - time.monotonic(), 0.001)
        return min(limit for limit in (wanted, self._services.options.step_timeout, left) if limit)

    def _run_builtin(self, planned: PlannedStep, index: int, scope: Scope) -> StepReport:
        action = load_builtin(planned.builtin)
        given = scope.strings(getattr(planned.step, "inputs", None))
        job, leg, _ = self._state.identity

        def log(line: str) -> None:
            self._services.stream.emit_output(job, leg, index, [line])

        known = {name.lower(): name for name in action.INPUTS}
        for name in given:
            if name.lower() not in known:
                log(
                    f"warning: Unexpected input(s) '{name}', valid inputs are {list(action.INPUTS)}"
                )
        inputs = dict(action.INPUTS) | {
            known[name.lower()]: value for name, value in given.items() if name.lower() in known
        }
        services = self._services
        call = HostCall(
            inputs,
            self._state.workspace,
            services.source,
            services.folder.artifacts,
            services.run.repository,
            log,
        )
        try:
            result = action.run(call)
        except RunnerError as error:
            for problem in error.problems:
                log(f"error: {problem}")
            return errored(str(error), verdict="denied")
        if result.artifact:
            services.stream.emit(ArtifactSaved(job, leg, index, *result.artifact))
        changes = tuple(Change(*change) for change in self._state.ledger.record())
        outcome = FAILURE if result.failure else SUCCESS
        return StepReport(outcome, result.failure, outputs=dict(result.outputs), changes=changes)

    def _why_skipped(self, planned: PlannedStep) -> str:
        if planned.step.condition and planned.step.condition.value.strip():
            return f"`if: {_first_line(planned.step.condition.value.strip())}` was false"
        return SKIP_REASONS[self._state.status]

    def _report_tests(self, value: object, index: int) -> None:
        """Turn `{"tests": [...]}` in a step's result value into events (docs/PLUGINS.md)."""
        tests = value.get("tests") if isinstance(value, dict) else None
        job, leg, _ = self._state.identity
        for test in tests if isinstance(tests, list) else []:
            if not isinstance(test, dict) or test.get("result") not in TEST_RESULTS:
                continue
            texts = {
                field: str(test.get(field, ""))
                for field in ("suite", "name", "message", "details", "file")
            }
            self._services.stream.emit(
                TestFinished(
                    job,
                    leg,
                    index,
                    result=test["result"],
                    duration=_number(test.get("duration")),
                    line=int(_number(test.get("line"))),
                    **texts,
                )
            )

    def _finish(
        self,
        planned: PlannedStep,
        index: int,
        name: str,
        report: StepReport,
        conclusion: str,
        started: float,
    ) -> None:
        job, leg, _ = self._state.identity
        self._services.stream.emit(
            StepFinished(
                job,
                leg,
                index,
                planned.step.id.value if planned.step.id else "",
                name,
                report.outcome,
                conclusion,
                report.verdict,
                report.exit_code,
                report.message,
                report.is_errored,
                time.time(),
                time.monotonic() - started,
                report.usage.cpu_time,
                report.usage.peak_memory,
                report.changes,
                report.outputs,
                report.summary,
            )
        )


def _conclude(report: StepReport, planned: PlannedStep, scope: Scope) -> tuple[str, StepReport]:
    """Apply `continue-on-error`, which only turns failure into success (6.3)."""
    if report.outcome != FAILURE:
        return report.outcome, report
    try:
        is_tolerated = scope.flag(planned.step.continue_on_error, default=False)
    except ExpressionError as error:
        return FAILURE, report._replace(message=f"{report.message} ({error})")
    return (SUCCESS if is_tolerated else FAILURE), report


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0]


def _number(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < 1e9 else 0.0
