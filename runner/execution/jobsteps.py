"""All steps of one leg: early stages, the steps, what runs beside them, late stages (6.3, 6.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.errors import Problem
from runner.events.model import Notice
from runner.execution.stages import POST, PRE, find_ignored, has_stage
from runner.execution.step import StepRun
from runner.execution.telling import StepTeller
from runner.workflow.steps import ControlStep, default_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.execution.control import ControlRun
    from runner.execution.frame import Frame
    from runner.execution.services import Services
    from runner.plan.model import PlannedStep

    Path = tuple[int, ...]


class JobSteps:
    """Runs the steps of one leg in its thread; made for a single `run`."""

    def __init__(self, services: Services, frame: Frame) -> None:
        self._services = services
        self._frame = frame
        self._job = frame.job
        self._control: ControlRun | None = None
        self._steps: dict[Path, PlannedStep] = dict(_places(frame.job.planned.steps))

    def run(self) -> None:
        """Run all steps; what came of them is in the job's state."""
        self._warn_of_ignored()
        for path, planned in self._steps.items():
            if has_stage(planned, PRE):
                self._run_step(planned, path, PRE)
        for place, planned in enumerate(self._job.planned.steps):
            self._job.look_up()
            if isinstance(planned.step, ControlStep) or planned.step.background:
                self._control_run().run(planned, place)
            else:
                self._run_step(planned, (place,))
        self._job.look_up()
        if self._control:
            self._control.finish()
        for path in reversed(tuple(self._job.begun)):
            planned_late = self._steps.get(path)
            if planned_late and has_stage(planned_late, POST):
                self._run_step(planned_late, path, POST)
        self._job.look_up()

    def _run_step(self, planned: PlannedStep, path: Path, stage: str = "main") -> None:
        self._job.look_up()
        teller = StepTeller(self._services.stream, self._job.identity, self._job.take_index())
        run = StepRun(self._services, self._frame, planned, teller, path=path, stage=stage)
        self._frame.conclude(run.id, run.run())

    def _control_run(self) -> ControlRun:
        if self._control is None:
            from runner.execution.control import ControlRun  # 2 ms; few jobs have such steps

            self._control = ControlRun(self._services, self._frame)
        return self._control

    def _warn_of_ignored(self) -> None:
        job, leg, _ = self._job.identity
        for planned in find_ignored(self._job.planned.steps):
            name = default_name(planned.step)
            message = f"`pre` of `{name}` is not run: the action lies in the workspace"
            problem = Problem("action.pre-ignored", message, severity="warning")
            self._services.stream.emit(Notice(problem, job, leg))


def _places(steps: tuple[PlannedStep, ...]) -> Iterator[tuple[Path, PlannedStep]]:
    """Yield the steps of a job with their places, those of `parallel` blocks too."""
    for place, planned in enumerate(steps):
        if isinstance(planned.step, ControlStep):
            yield from (((place, number), inner) for number, inner in enumerate(planned.inner))
        else:
            yield (place,), planned
