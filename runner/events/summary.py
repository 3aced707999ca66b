"""A run as it stands after all its events: what every report reads at the end."""

from runner.events.model import (
    Annotation,
    ArtifactSaved,
    JobFinished,
    Leg,
    Notice,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
    TestFinished,
)
from runner.records import NamedTuple

# Annotations are not strings here, as in events.model.


class Status:
    """How a run, job, step or test ended, in the words of reports."""

    PASSED = "passed"
    FAILED = "failed"
    ERRORED = "errored"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


_STATUS = {
    "success": Status.PASSED,
    "failure": Status.FAILED,
    "cancelled": Status.CANCELLED,
    "skipped": Status.SKIPPED,
}


class StepSummary(NamedTuple):
    """`finished` is None if the run ended before the step did.

    `log` holds the last lines, up to `fold.LOG_LIMIT` characters; `lines` counts all there were.
    """

    step: int
    name: str
    started: StepStarted | None
    finished: StepFinished | None
    log: tuple[str, ...]
    lines: int
    tests: tuple[TestFinished, ...]
    annotations: tuple[Annotation, ...]
    artifacts: tuple[ArtifactSaved, ...]

    @property
    def status(self) -> str:
        return step_status(self.finished) if self.finished else Status.ERRORED

    @property
    def reason(self) -> str:
        return step_reason(self.finished) if self.finished else "the run ended before this step did"

    @property
    def duration(self) -> float:
        return self.finished.duration if self.finished else 0.0


class JobSummary(NamedTuple):
    job: str
    leg: Leg
    name: str
    finished: JobFinished | None
    steps: tuple[StepSummary, ...]

    @property
    def status(self) -> str:
        """A job failed if one of its steps said no, and errored if it could not be done."""
        result = self.finished.result if self.finished else ""
        if result in {"failure", ""}:
            has_failed = any(step.status == Status.FAILED for step in self.steps)
            return Status.FAILED if has_failed else Status.ERRORED
        return result_status(result)

    @property
    def reason(self) -> str:
        return self.finished.reason if self.finished else "the run ended before this job did"

    @property
    def duration(self) -> float:
        return self.finished.duration if self.finished else 0.0


class RunSummary(NamedTuple):
    """`jobs` has an entry for each leg, in the order the pipeline is written in."""

    started: RunStarted | None
    finished: RunFinished | None
    jobs: tuple[JobSummary, ...]
    notices: tuple[Notice, ...]

    @property
    def steps(self) -> tuple[StepSummary, ...]:
        return tuple(step for job in self.jobs for step in job.steps)

    @property
    def tests(self) -> tuple[TestFinished, ...]:
        return tuple(test for step in self.steps for test in step.tests)


def result_status(result: str) -> str:
    """Turn a word of LANGUAGE 6.1 into one of reports; what is not known counts as *errored*."""
    return _STATUS.get(result, Status.ERRORED)


def step_status(step: StepFinished) -> str:
    """Tell *the step said no* from *we could not do it*."""
    if step.conclusion == "failure" and step.errored:
        return Status.ERRORED
    return result_status(step.conclusion)


def step_reason(step: StepFinished) -> str:
    """Say in one line why the step is not a plain success; empty if it is one."""
    if step.message or step.outcome == "success":
        return step.message
    if step.exit_code is not None:
        return f"exit code {step.exit_code}"
    return step.outcome if step.outcome == "skipped" else step.verdict.replace("_", " ")
