"""Events, in order, become the summary of a run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from runner.events.model import (
    Annotation,
    ArtifactSaved,
    Event,
    JobFinished,
    JobStarted,
    Leg,
    Notice,
    RunFinished,
    RunStarted,
    StepFinished,
    StepOutput,
    StepStarted,
    TestFinished,
)
from runner.events.summary import JobSummary, RunSummary, StepSummary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LOG_LIMIT = 64 * 1024

# Once the logs of finished steps hold more than this, less is kept of a step that went well.
_PLENTY = 16 * 1024 * 1024
_SHORT_LIMIT = 4 * 1024


class Fold:
    """Gathers events, in order, into a RunSummary; `add` is a sink, not thread-safe by itself."""

    def __init__(self) -> None:
        self._started: RunStarted | None = None
        self._finished: RunFinished | None = None
        self._notices: list[Notice] = []
        self._jobs: dict[tuple[str, str], _Job] = {}
        self._kept = 0

    def add(self, events: Sequence[Event]) -> None:
        first = events[0]
        if type(first) is StepOutput:
            lines = [event.line for event in events if isinstance(event, StepOutput)]
            self._job(first.job, first.leg).step(first.step).add_lines(lines)
            return
        for event in events:
            self._add(event)

    def result(self) -> RunSummary:
        written = self._started.jobs if self._started else ()
        places = {job: place for place, job in enumerate(written)}
        jobs = sorted(
            # One that calls a workflow is told of by the jobs of that.
            (job for job in self._jobs.values() if not (job.finished and job.finished.calls)),
            key=lambda job: places.get(job.job.partition("/")[0], len(places)),
        )
        return RunSummary(
            self._started,
            self._finished,
            tuple(job.result() for job in jobs),
            tuple(self._notices),
        )

    def _add(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._started = event
        elif isinstance(event, RunFinished):
            self._finished = event
        elif isinstance(event, Notice):
            self._notices.append(event)
        elif isinstance(event, JobStarted):
            self._job(event.job, event.leg).name = event.name
        elif isinstance(event, JobFinished):
            self._job(event.job, event.leg).finished = event
        else:
            step = self._job(event.job, event.leg).step(event.step)
            step.add(event)
            if isinstance(event, StepFinished):
                is_short = self._kept > _PLENTY and event.conclusion != "failure"
                self._kept += step.trim(_SHORT_LIMIT if is_short else LOG_LIMIT)

    def _job(self, job: str, leg: Leg) -> _Job:
        key = job, json.dumps(leg) if leg else ""
        return self._jobs.get(key) or self._jobs.setdefault(key, _Job(job, leg))


def summarise(events: Iterable[Event]) -> RunSummary:
    fold = Fold()
    for event in events:
        fold.add([event])
    return fold.result()


class _Job:
    def __init__(self, job: str, leg: Leg) -> None:
        self.job = job
        self.leg = leg
        self.name = ""
        self.finished: JobFinished | None = None
        self.steps: dict[int, _Step] = {}

    def step(self, index: int) -> _Step:
        return self.steps.get(index) or self.steps.setdefault(index, _Step(index))

    def result(self) -> JobSummary:
        name = self.name or (self.finished.name if self.finished else "") or self.job
        steps = tuple(self.steps[index].result() for index in sorted(self.steps))
        return JobSummary(self.job, self.leg, name, self.finished, steps)


class _Step:
    def __init__(self, index: int) -> None:
        self.index = index
        self.started: StepStarted | None = None
        self.finished: StepFinished | None = None
        self.log: list[str] = []
        self.size = 0
        self.lines = 0
        self.tests: list[TestFinished] = []
        self.annotations: list[Annotation] = []
        self.artifacts: list[ArtifactSaved] = []

    def add_lines(self, lines: list[str]) -> None:
        self.lines += len(lines)
        self.log += lines
        self.size += sum(map(len, lines)) + len(lines)
        if self.size > 4 * LOG_LIMIT:
            self.trim(LOG_LIMIT)

    def add(self, event: Event) -> None:
        match event:
            case StepStarted():
                self.started = event
            case Annotation():
                self.annotations.append(event)
                if not event.matcher:  # else its line is there already
                    self.add_lines(event.text.split("\n"))
            case TestFinished():
                self.tests.append(event)
            case ArtifactSaved():
                self.artifacts.append(event)
            case StepFinished():
                self.finished = event

    def result(self) -> StepSummary:
        self.trim(LOG_LIMIT)
        ends = self.finished or self.started
        return StepSummary(
            self.index,
            ends.name if ends else f"step {self.index + 1}",
            self.started,
            self.finished,
            tuple(self.log),
            self.lines,
            tuple(self.tests),
            tuple(self.annotations),
            tuple(self.artifacts),
        )

    def trim(self, limit: int) -> int:
        """Keep the last lines only, and of a longer last line its end; return their size."""
        size, kept = 0, len(self.log)
        while kept and size + len(self.log[kept - 1]) < limit:
            kept -= 1
            size += len(self.log[kept]) + 1
        if kept == len(self.log) and self.log:
            kept -= 1
            self.log[-1] = self.log[-1][-limit:]
            size = len(self.log[-1]) + 1
        del self.log[:kept]
        self.size = size
        return size
