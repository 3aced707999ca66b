"""Steps that mind background steps: `wait`, `wait-all`, `cancel`, `parallel` (LANGUAGE 3.7)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from runner.errors import Problem
from runner.events.model import Notice
from runner.execution.background import Background
from runner.execution.report import StepReport, StepResult
from runner.execution.scheduler import CANCELLED, FAILURE, SKIPPED, SUCCESS
from runner.execution.state import worse
from runner.execution.step import StepRun
from runner.execution.telling import StepTeller
from runner.expressions import ExpressionError
from runner.workflow.steps import ControlStep, default_name

if TYPE_CHECKING:
    from runner.execution.background import BackgroundStep
    from runner.execution.frame import Frame
    from runner.execution.services import Services
    from runner.plan.model import PlannedStep

FINAL = "Wait for all background steps"


class ControlRun:
    """The background steps of a job, and those that mind them; used from the job's thread."""

    def __init__(self, services: Services, frame: Frame) -> None:
        self._services = services
        self._frame = frame
        self._background = Background()

    def run(self, planned: PlannedStep, place: int) -> None:
        """Start a background step, or do what a step says of those that were started."""
        step = planned.step
        if not isinstance(step, ControlStep):
            self._start(planned, (place,))
            return
        teller, started = self._teller(), time.monotonic()
        name = self._name(step)
        own = step.id.value if step.id else ""
        teller.begin(own, name, "")
        report = self._act(planned, step, place)
        conclusion = report.outcome
        if conclusion == FAILURE and self._is_tolerated(step, teller.index):
            conclusion = SUCCESS
        result = StepResult(report, conclusion)
        teller.end(own, name, result, time.monotonic() - started)
        self._frame.conclude(own, result)

    def finish(self) -> None:
        """Wait for what no step has waited for; then every result counts (3.7.5)."""
        left = self._background.uncovered()
        if left:
            teller, started = self._teller(), time.monotonic()
            teller.begin("", FINAL, "")
            report = self._wait(left)
            result = StepResult(report, report.outcome)
            teller.end("", FINAL, result, time.monotonic() - started)
        for result in self._background.results():
            if result.conclusion != SKIPPED:
                self._frame.worsen(result.conclusion)

    def _act(self, planned: PlannedStep, step: ControlStep, place: int) -> StepReport:
        targets = self._background.find(target.value for target in step.targets)
        if step.kind == "parallel":
            inner = enumerate(planned.inner)
            return self._wait([self._start(one, (place, number)) for number, one in inner])
        if step.kind == "wait-all":
            return self._wait(self._background.uncovered())
        if step.kind == "wait":
            return self._wait(targets)
        for target in targets:
            target.cancel()
        self._wait(targets)
        return StepReport(SUCCESS)

    def _start(self, planned: PlannedStep, path: tuple[int, ...]) -> BackgroundStep:
        teller = self._teller()
        frame = self._frame.fork(f"runner-{teller.index}")
        run = StepRun(self._services, frame, planned, teller, path=path)
        return self._background.start(run, frame)

    def _wait(self, steps: list[BackgroundStep]) -> StepReport:
        """Wait for all, publish them in this order, and return the worst of their results."""
        results = [(step, step.wait()) for step in steps]
        outcome, bad = SUCCESS, []
        for step, result in results:
            self._frame.publish(step.id, result)
            if result.conclusion in {SUCCESS, SKIPPED} or step.is_discounted:
                continue
            outcome = worse(outcome, result.conclusion)
            how = "was cancelled" if result.conclusion == CANCELLED else "failed"
            bad.append(f"`{step.id or step.name}` {how}")
        return StepReport(outcome, "; ".join(bad))

    def _teller(self) -> StepTeller:
        job = self._frame.job
        return StepTeller(self._services.stream, job.identity, job.take_index())

    def _name(self, step: ControlStep) -> str:
        written = step.name.value if step.name else default_name(step)
        try:
            return self._frame.scope(action=step.action).text(written)
        except ExpressionError:
            return written

    def _is_tolerated(self, step: ControlStep, index: int) -> bool:
        scope = self._frame.scope(action=step.action)
        try:
            return scope.flag(step.continue_on_error, default=False)
        except ExpressionError as error:
            job, leg, _ = self._frame.job.identity
            problem = Problem("step.expression", f"continue-on-error: {error}")
            self._services.stream.emit(Notice(problem, job, leg, index))
            return False
