"""What the console says last: what went wrong, how each job ended, where to read more."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from runner.events.summary import Status
from runner.reports.labels import (
    count_label,
    denial_label,
    duration_label,
    job_label,
    one_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runner.events.model import TestFinished
    from runner.events.summary import JobSummary, RunSummary, StepSummary
    from runner.reports.style import Style

_BAD = frozenset({Status.FAILED, Status.ERRORED})
_TAIL_LINES = 10
_MOST_TESTS = 20
_MOST_DENIALS = 5


def lines(
    summary: RunSummary, style: Style, *, folder: str, speaker: tuple[str, str, int] | None
) -> Iterator[str]:
    """Yield the end of a run's output; `speaker` is the step whose output stands last above.

    Its last lines are not shown again.
    """
    for job in summary.jobs:
        yield from _failures(job, style, speaker)
    if len(summary.jobs) > 1:
        yield from _table(summary.jobs, style)
        yield ""
    yield _verdict(summary, style)
    files = ["junit.xml", "journal.jsonl", "logs/"]
    if any(step.finished and step.finished.summary for step in summary.steps):
        files.insert(0, "summary.md")
    if any(step.artifacts for step in summary.steps):
        files.append("artifacts/")
    yield style.paint(f"{folder}: {', '.join(files)}", "dim")


def test_line(test: TestFinished, style: Style) -> str:
    name = ".".join(filter(None, (test.suite, test.name)))
    message = f": {one_line(test.message)}" if test.message else ""
    return f"{style.mark(test.result)} {one_line(name)}{message}"


def _failures(job: JobSummary, style: Style, speaker: tuple[str, str, int] | None) -> Iterator[str]:
    bad = [step for step in job.steps if step.status in _BAD]
    if not bad and job.status in _BAD:
        yield f"{style.mark(job.status)} {_name(job)}: {one_line(job.reason) or 'failed'}"
        yield ""
    for step in bad:
        title = f"{_name(job)} / {one_line(step.name)}"
        reason = style.paint(one_line(step.reason), step.status)
        yield f"{style.mark(step.status)} {style.paint(title, 'bold')}: {reason}"
        if speaker != (job.job, repr(job.leg), step.step):
            yield from _tail(step, style)
        yield from _denials(step, style)
        yield from _tests(step, style)
        yield ""


def _tail(step: StepSummary, style: Style) -> Iterator[str]:
    left_out = step.lines - _TAIL_LINES
    if left_out > 0:
        above = f"{style.marks.more} {count_label(left_out, 'line')} above"
        yield f"  {style.marks.bar} {style.paint(above, 'dim')}"
    for line in step.log[-_TAIL_LINES:]:
        yield f"  {style.marks.bar} {style.clean(line)}"


def _denials(step: StepSummary, style: Style) -> Iterator[str]:
    denials = step.finished.denials if step.finished else ()
    for denial in denials[:_MOST_DENIALS]:
        yield f"  {style.paint(denial_label(denial), Status.ERRORED)}"
    if len(denials) > _MOST_DENIALS:
        yield f"  {style.marks.more} and {len(denials) - _MOST_DENIALS} more"


def _tests(step: StepSummary, style: Style) -> Iterator[str]:
    bad = [test for test in step.tests if test.result in _BAD]
    for test in bad[:_MOST_TESTS]:
        yield f"  {test_line(test, style)}"
    if len(bad) > _MOST_TESTS:
        yield f"  {style.marks.more} and {len(bad) - _MOST_TESTS} more"


def _table(jobs: Iterable[JobSummary], style: Style) -> Iterator[str]:
    rows = [(job, _name(job), _time(job)) for job in jobs]
    width = max(len(name) for _, name, _ in rows)
    span = max(len(time) for _, _, time in rows)
    for job, name, time in rows:
        cells = f"{name.ljust(width)}  {time.rjust(span)}  {_detail(job)}"
        yield f"{style.mark(job.status)} {cells.rstrip()}"


def _detail(job: JobSummary) -> str:
    if job.status in {Status.SKIPPED, Status.CANCELLED}:
        return one_line(job.reason) or job.status
    states = Counter(step.status for step in job.steps)
    return _listed(count_label(len(job.steps), "step"), states)


def _verdict(summary: RunSummary, style: Style) -> str:
    result = summary.finished.result if summary.finished else ""
    word = {"success": "passed", "failure": "failed"}.get(result, result or "ended early")
    role = {"success": Status.PASSED, "failure": Status.FAILED}.get(result, Status.CANCELLED)
    time = f" in {duration_label(summary.finished.duration)}" if summary.finished else ""
    jobs = Counter(job.status for job in summary.jobs)
    parts = [_listed(count_label(len(summary.jobs), "job"), jobs)]
    if summary.tests:
        tests = Counter(test.result for test in summary.tests)
        parts.append(_listed(count_label(len(summary.tests), "test"), tests))
    return f"{style.paint(word, role)}{time}: {'; '.join(parts)}"


def _listed(total: str, states: Counter[str]) -> str:
    """Return such as `3 jobs, 1 failed, 1 skipped`."""
    order = (Status.FAILED, Status.ERRORED, Status.CANCELLED, Status.SKIPPED)
    return ", ".join([total, *(f"{states[state]} {state}" for state in order if states[state])])


def _time(job: JobSummary) -> str:
    return "" if job.status == Status.SKIPPED else duration_label(job.duration)


def _name(job: JobSummary) -> str:
    return one_line(job.name) or job_label(job.job, job.leg)
