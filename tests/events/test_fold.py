"""Events, folded, are the run as reports tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.events.fold import LOG_LIMIT, Fold, summarise
from runner.events.journal import Journal, read_journal
from runner.events.model import (
    Annotation,
    JobFinished,
    JobStarted,
    RunStarted,
    StepOutput,
    StepStarted,
)
from runner.events.summary import Status, result_status, step_reason
from tests.events.samples import LEG, finished, sample_run

if TYPE_CHECKING:
    from pathlib import Path

    from runner.events.model import Event


def test_a_run_becomes_jobs_steps_and_tests() -> None:
    """Jobs stand in the pipeline's order with all that belongs to them."""
    summary = summarise(sample_run())
    assert [(job.job, job.leg, job.status) for job in summary.jobs] == [
        ("build", None, Status.PASSED),
        ("lint", None, Status.ERRORED),
        ("test", LEG, Status.FAILED),
        ("deploy", None, Status.SKIPPED),
    ]
    assert [(step.name, step.status, step.reason) for step in summary.steps] == [
        ("Compile", Status.PASSED, ""),
        ("Keep", Status.PASSED, ""),
        ("Lint", Status.ERRORED, "timed out after 2s"),
        ("Unit tests", Status.FAILED, "exit code 1"),
        ("Report", Status.SKIPPED, "skipped"),
    ]
    assert [test.name for test in summary.tests] == ["test_add", "test_sum", "test_net"]
    assert [note.level for note in summary.steps[0].annotations] == ["warning"]
    assert [artifact.name for artifact in summary.steps[1].artifacts] == ["dist"]
    assert len(summary.notices) == 2


def test_a_run_can_be_told_again_from_its_journal(tmp_path: Path) -> None:
    """Folding what was journaled is the same as folding what was seen."""
    journal = Journal(str(tmp_path / "j"))
    fold = Fold()
    for event in sample_run():
        journal.write([event])
        fold.add([event])
    journal.close()
    assert fold.result() == summarise(read_journal(str(tmp_path / "j")))


def test_a_run_that_broke_off_is_not_a_success() -> None:
    """Without its end a step is errored, and so is its job."""
    summary = summarise(
        [
            RunStarted("r", "p", "f", "0", 0.0, ("job",)),
            JobStarted("job", None, "job", 0.0),
            StepStarted("job", None, 0, "", "step", "plugin", 0.0),
            StepOutput("job", None, 0, "last words"),
        ]
    )
    assert summary.finished is None
    assert [(job.status, job.duration) for job in summary.jobs] == [(Status.ERRORED, 0.0)]
    assert [(step.status, step.log) for step in summary.steps] == [
        (Status.ERRORED, ("last words",))
    ]
    assert "before" in summary.jobs[0].reason
    assert "before" in summary.steps[0].reason


def test_a_job_that_failed_without_a_failed_step_is_errored() -> None:
    """If no step said no, it was us who could not do it."""
    end = JobFinished("job", None, "job", "failure", "`if` has an error", 0.0, 0.0)
    (job,) = summarise([end]).jobs
    assert (job.status, job.reason) == (Status.ERRORED, "`if` has an error")


def test_the_end_of_a_long_log_is_kept() -> None:
    """Memory is bounded for each step; how many lines there were is known."""
    fold = Fold()
    lines: list[Event] = [StepOutput("job", None, 0, f"{number:099}") for number in range(100)]
    for _ in range(100):
        fold.add(lines)
    (step,) = fold.result().steps
    assert step.lines == 10_000
    assert step.log[-1] == f"{99:099}"
    assert LOG_LIMIT - 100 <= sum(len(line) + 1 for line in step.log) <= LOG_LIMIT


def test_the_end_of_a_long_line_is_kept() -> None:
    """One line that is longer than all that is kept is cut at its start."""
    (step,) = summarise([StepOutput("job", None, 0, "a" * 10 * LOG_LIMIT + "end")]).steps
    assert step.log[0].endswith("aend")
    assert len(step.log[0]) == LOG_LIMIT


def test_the_logs_of_many_steps_stay_bounded() -> None:
    """When much has been kept, steps that went well keep less, failed ones as much as ever."""
    fold = Fold()
    for step in range(300):
        fold.add([StepOutput("job", None, step, "x" * 999)] * 100)
        fold.add([finished("job", step, "s", conclusion="failure" if step == 299 else "success")])
    sizes = [sum(map(len, step.log)) for step in fold.result().steps]
    assert sum(sizes) < 18 * 1024 * 1024
    assert sizes[298] < 5000
    assert sizes[299] > 60_000


@pytest.mark.parametrize(
    ("result", "status"),
    [("success", "passed"), ("failure", "failed"), ("cancelled", "cancelled"), ("odd", "errored")],
)
def test_results_become_words_of_reports(result: str, status: str) -> None:
    """A word that is not known is no success."""
    assert result_status(result) == status


def test_a_reason_falls_back_on_what_is_known() -> None:
    """Message, exit code, verdict: the first there is."""
    step = finished("job", 0, "step", conclusion="failure", verdict="out_of_memory", exit_code=None)
    assert step_reason(step) == "out of memory"
    assert step_reason(step._replace(exit_code=3)) == "exit code 3"
    assert step_reason(step._replace(message="why")) == "why"


def test_annotations_stand_in_the_log_where_they_were_made() -> None:
    """So the end of a step's log, which reports show, holds its errors; a matcher's are there."""
    run = summarise(
        [
            StepOutput("job", None, 0, "before"),
            Annotation("job", None, 0, "error", "one\ntwo", "T\n", "a.py", 3),
            StepOutput("job", None, 0, "b.c:1: wrong"),
            Annotation("job", None, 0, "error", "wrong", file="b.c", line=1, matcher="gcc"),
        ]
    )
    (step,) = run.steps
    assert step.log == ("before", "error: T: one", "two (a.py:3)", "b.c:1: wrong")
    assert len(step.annotations) == 2
