"""Steps that run beside the others: started, waited for, ended (LANGUAGE 3.7)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from runner.execution.scheduler import CANCELLED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runner.execution.frame import Frame
    from runner.execution.report import StepResult
    from runner.execution.step import StepRun

MAX_RUNNING = 10
_BY_STEP = "ended by a `cancel` step"


class BackgroundStep:
    """One step beside the others. Its thread ends with it; `wait` gives what came of it."""

    def __init__(self, run: StepRun, frame: Frame, slots: threading.Semaphore) -> None:
        self.id = run.id
        self.name = run.name
        self.is_covered = False  # whether a step has waited for it
        self._run = run
        self._frame = frame
        self._slots = slots
        self._was_asked_to_end = False
        self._bug: BaseException | None = None
        run.become_background()
        self._result = run.begin()
        self._thread: threading.Thread | None = None
        if self._result is None:
            self._thread = threading.Thread(target=self._perform, name=run.name)
            self._thread.start()

    @property
    def is_discounted(self) -> bool:
        """Whether a `cancel` step ended it: then it does not affect the job (3.7.4)."""
        was_ended = self._result is not None and self._result.conclusion == CANCELLED
        return self._was_asked_to_end and was_ended

    def wait(self) -> StepResult:
        """Return the step's result, once there is one; raises what a bug of ours raised."""
        if self._thread:
            self._thread.join()
        if self._bug:
            raise self._bug
        assert self._result is not None, "a step that has ended has a result"  # noqa: S101
        self.is_covered = True
        return self._result

    def cancel(self) -> None:
        """End the step; one that has ended stays as it is."""
        self._was_asked_to_end = True
        self._frame.job.cancellation.request(_BY_STEP)

    def _perform(self) -> None:
        try:
            with self._slots:
                self._result = self._run.perform()
        except BaseException as error:  # noqa: BLE001 - raised in the job's own thread, by `wait`
            self._bug = error


class Background:
    """All background steps of a job; used from the job's thread."""

    def __init__(self) -> None:
        self._slots = threading.Semaphore(MAX_RUNNING)
        self._steps: list[BackgroundStep] = []

    def start(self, run: StepRun, frame: Frame) -> BackgroundStep:
        """Decide whether the step is due, and let it run as soon as there is a slot."""
        step = BackgroundStep(run, frame, self._slots)
        self._steps.append(step)
        return step

    def find(self, names: Iterable[str]) -> list[BackgroundStep]:
        """Return the steps with these ids, in that order; other steps than ours are left out."""
        known = {step.id.lower(): step for step in self._steps if step.id}
        return [known[name.lower()] for name in names if name.lower() in known]

    def uncovered(self) -> list[BackgroundStep]:
        return [step for step in self._steps if not step.is_covered]

    def results(self) -> list[StepResult]:
        """Return what counts for the job: all results but of those that a step ended."""
        results = [(step, step.wait()) for step in self._steps]
        return [result for step, result in results if not step.is_discounted]
