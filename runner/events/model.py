"""The events of a run. Reports read these and nothing else, so the journal can rebuild them all.

`job` is the job's id, `leg` its matrix values (None without a matrix), `step` the index of the
step in the job from 0. Times are seconds: `time` since the epoch, `duration` elapsed.
A field added later must have a default; a field is never renamed within a journal version.
"""

from typing import Any

from runner.errors import Problem
from runner.records import NamedTuple

# Annotations are not strings here: typing would compile each field's, which costs start-up time.

JOURNAL_VERSION = 1

Leg = dict[str, Any] | None


class RunStarted(NamedTuple):
    run: str
    pipeline: str
    file: str
    runner: str
    time: float
    jobs: tuple[str, ...] = ()


class Notice(NamedTuple):
    """Something about the run as a whole that a person should know, such as a weaker sandbox."""

    problem: Problem
    job: str = ""
    leg: Leg = None
    step: int = -1


class JobStarted(NamedTuple):
    job: str
    leg: Leg
    name: str
    time: float


class StepStarted(NamedTuple):
    job: str
    leg: Leg
    step: int
    id: str
    name: str
    plugin: str
    time: float


class StepHead(NamedTuple):
    """What a step is about to do, told before its output (LANGUAGE 6.8): the script or the inputs,
    the shell, the variables. The first of `lines` is a title for the others.
    """

    job: str
    leg: Leg
    step: int
    lines: tuple[str, ...]


class StepOutput(NamedTuple):
    """One line of a step's stdout or stderr, without its end, secrets masked."""

    job: str
    leg: Leg
    step: int
    line: str


class Annotation(NamedTuple):
    """An `::error`, `::warning` or `::notice` workflow command (LANGUAGE 6.6).

    `matcher` is the owner of the problem matcher that found it in a line of output, or ''.
    """

    job: str
    leg: Leg
    step: int
    level: str
    message: str
    title: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    matcher: str = ""

    @property
    def text(self) -> str:
        """Level, title, message and place, as a log shows them; several lines if need be."""
        title = f"{' '.join(self.title.split())}: " if self.title else ""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{self.level}: {title}{self.message}{f' ({place})' if self.file else ''}"


class TestFinished(NamedTuple):
    """A test case that a step reported in its result value.

    `result` is passed, failed, errored or skipped.
    """

    job: str
    leg: Leg
    step: int
    suite: str
    name: str
    result: str
    duration: float = 0.0
    message: str = ""
    details: str = ""
    file: str = ""
    line: int = 0


TestFinished.__test__ = False  # type: ignore[attr-defined]  # not for pytest to collect


class ArtifactSaved(NamedTuple):
    job: str
    leg: Leg
    step: int
    name: str
    files: int
    size: int
    digest: str


class Change(NamedTuple):
    """A file a step added, modified or removed; `before` and `after` are hex SHA-256 or empty."""

    kind: str
    path: str
    size: int
    before: str
    after: str


class Denial(NamedTuple):
    """An act that a step was refused: field for field the ABI's Denial."""

    permission: str
    act: str
    grant: str = ""


class StepFinished(NamedTuple):
    """`outcome` and `conclusion` as in LANGUAGE 6.3; `verdict`, `exit_code` as in PluginResult.

    `errored` tells *we could not do it* from *the step said no*. `peak_memory` in bytes,
    `cpu_time` in seconds. `summary` is the Markdown of LANGUAGE 6.5, `denials` what it was refused
    on the way, which need not have made it fail. A step that did not run has no StepStarted;
    `message` then says why.
    """

    job: str
    leg: Leg
    step: int
    id: str
    name: str
    outcome: str
    conclusion: str
    verdict: str
    exit_code: int | None
    message: str
    errored: bool
    time: float
    duration: float
    cpu_time: float = 0.0
    peak_memory: int = 0
    changes: tuple[Change, ...] = ()
    outputs: dict[str, str] = {}
    summary: str = ""
    denials: tuple[Denial, ...] = ()


class SubstepFinished(NamedTuple):
    """A step of the action that step `step` uses; `path` is its place, `2.1` or `2.1.3`.

    The other fields are as in StepFinished. Its output is that of step `step`.
    """

    job: str
    leg: Leg
    step: int
    path: str
    id: str
    name: str
    outcome: str
    conclusion: str
    verdict: str
    exit_code: int | None
    message: str
    errored: bool
    time: float
    duration: float


class JobFinished(NamedTuple):
    """`result` is success, failure, cancelled or skipped.

    `reason` says why it was skipped, or what failed if it was no step. A skipped job has no
    JobStarted. With `calls` the job called a workflow, whose jobs have events of their own: their
    ids begin with this one's and a slash.
    """

    job: str
    leg: Leg
    name: str
    result: str
    reason: str
    time: float
    duration: float
    outputs: dict[str, str] = {}
    calls: bool = False


class RunFinished(NamedTuple):
    result: str
    time: float
    duration: float


Event = (
    RunStarted
    | Notice
    | JobStarted
    | StepStarted
    | StepHead
    | StepOutput
    | Annotation
    | TestFinished
    | ArtifactSaved
    | StepFinished
    | SubstepFinished
    | JobFinished
    | RunFinished
)

KINDS: dict[str, type[Event]] = {
    "run.started": RunStarted,
    "notice": Notice,
    "job.started": JobStarted,
    "step.started": StepStarted,
    "step.head": StepHead,
    "step.output": StepOutput,
    "annotation": Annotation,
    "test.finished": TestFinished,
    "artifact.saved": ArtifactSaved,
    "step.finished": StepFinished,
    "substep.finished": SubstepFinished,
    "job.finished": JobFinished,
    "run.finished": RunFinished,
}
NAMES: dict[type[Event], str] = {record: name for name, record in KINDS.items()}
