"""`summary.md`: a run on one page, with what its steps wrote to GITHUB_STEP_SUMMARY (6.5)."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from runner.events.controls import strip_controls
from runner.events.summary import Status, result_status
from runner.reports.folder import Folder
from runner.reports.labels import count_label, duration_label, job_label, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runner.events.model import Event
    from runner.events.summary import JobSummary, RunSummary
    from runner.reports.reporter import Setting

MAX_SUMMARIES = 20  # of a job, as on GitHub
MAX_ROWS = 100  # of failures and of annotations
MAX_TEXT = 1_000  # characters of a reason or a message

_BAD = frozenset({Status.FAILED, Status.ERRORED})
_SPECIAL = r"[\\`*_\[\]<>#|~&]"
_MARKS = {
    Status.PASSED: "✓",
    Status.FAILED: "✗",
    Status.ERRORED: "!",
    Status.CANCELLED: "■",
    Status.SKIPPED: "-",
}


class Summary:
    """A report: see `reports.reporter`."""

    def __init__(self, setting: Setting) -> None:
        self._folder = Folder(setting.folder)

    def handle(self, events: Sequence[Event]) -> None:
        """Do nothing: all that is told is in the summary."""

    def finish(self, summary: RunSummary) -> None:
        text = "\n".join(render(summary))
        self._folder.replace("summary.md", f"{text}\n".encode("utf-8", "replace"))
        self._folder.close()


def render(summary: RunSummary) -> Iterator[str]:
    """Yield the lines of the page. Only what steps wrote as Markdown is Markdown of theirs."""
    name = _plain(summary.started.pipeline) if summary.started else "pipeline"
    ending = "ended early"
    if summary.finished:
        duration = duration_label(summary.finished.duration)
        ending = f"{result_status(summary.finished.result)} in {duration}"
    yield f"# {name}: {ending}"
    yield ""
    yield from ("| | Job | Time | |", "|---|---|--:|---|")
    for job in summary.jobs:
        cells = (_MARKS[job.status], _name(job), duration_label(job.duration), _detail(job))
        yield f"| {' | '.join(cells)} |"
    yield from _listed("Failures", list(islice(_failures(summary), MAX_ROWS + 1)))
    yield from _listed("Annotations", list(islice(_annotations(summary), MAX_ROWS + 1)))
    for job in summary.jobs:
        yield from _written(job)


def _detail(job: JobSummary) -> str:
    return _plain(job.reason) or count_label(len(job.steps), "step")


def _failures(summary: RunSummary) -> Iterator[str]:
    for job in summary.jobs:
        bad = [step for step in job.steps if step.status in _BAD]
        if not bad and job.status in _BAD:
            yield f"**{_name(job)}**: {_plain(job.reason) or 'failed'}"
        for step in bad:
            yield f"**{_name(job)} / {_plain(step.name)}**: {_plain(step.reason)}"


def _annotations(summary: RunSummary) -> Iterator[str]:
    for job in summary.jobs:
        for step in job.steps:
            for note in step.annotations:
                yield _plain(note.text)


def _listed(title: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield from ("", f"## {title}", "")
        yield from (f"- {row}" for row in rows[:MAX_ROWS])
    if len(rows) > MAX_ROWS:
        yield "- and more: see `journal.jsonl`"


def _written(job: JobSummary) -> Iterator[str]:
    """Yield what the steps of a job wrote, under a title of the job's name."""
    texts = [step.finished.summary for step in job.steps if step.finished and step.finished.summary]
    if texts:
        yield from ("", f"## {_name(job)} summary")
    for text in texts[:MAX_SUMMARIES]:
        yield from ("", strip_controls(text).rstrip("\n"))
    if len(texts) > MAX_SUMMARIES:
        yield from ("", f"({len(texts) - MAX_SUMMARIES} more are in `journal.jsonl`)")


def _name(job: JobSummary) -> str:
    return _plain(job.name) or _plain(job_label(job.job, job.leg))


def _plain(text: str) -> str:
    """Return `text` as one line that no Markdown in it changes."""
    return re.sub(_SPECIAL, r"\\\g<0>", one_line(text)[:MAX_TEXT])
