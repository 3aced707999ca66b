"""One order, nothing secret, and no report that takes the run with it."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

import pytest

from runner.errors import Position, Problem
from runner.events.masking import Masker
from runner.events.model import (
    Annotation,
    Change,
    Event,
    JobFinished,
    JobStarted,
    Notice,
    RunFinished,
    StepOutput,
)
from runner.events.stream import Stream
from tests.events.samples import finished, sample_run

if TYPE_CHECKING:
    from collections.abc import Sequence

SECRET = "hunter2"
LEAK = f"a {SECRET} b"


def record(masker: Masker, *events: Event) -> list[Event]:
    seen: list[Event] = []
    stream = Stream(masker, {"list": seen.extend})
    for event in events:
        stream.emit(event)
    return seen


def test_events_without_secrets_pass_unchanged() -> None:
    """Every kind of event arrives as it was emitted."""
    assert sample_run() == record(Masker(["nothing like it"]), *sample_run())


@pytest.mark.parametrize(
    "event",
    [
        Notice(Problem("code", LEAK, Position(LEAK, 1, 1), LEAK)),
        JobStarted("job", {"key": LEAK, "list": [LEAK, {"deep": LEAK}]}, LEAK, 0.0),
        StepOutput("job", None, 0, LEAK),
        Annotation("job", None, 0, "error", LEAK, LEAK, LEAK),
        finished(
            "job",
            0,
            LEAK,
            message=LEAK,
            changes=(Change("added", LEAK, 1, "", "00"),),
        )._replace(outputs={LEAK: LEAK}, summary=LEAK),
        JobFinished("job", None, LEAK, "failure", LEAK, 0.0, 0.0, {"key": LEAK}),
    ],
)
def test_every_text_of_an_event_is_masked(event: Event) -> None:
    """Names, messages, paths, outputs, matrix values and summaries hide a secret."""
    seen = record(Masker([SECRET]), event)
    assert SECRET not in repr(seen)
    assert repr(event).count(LEAK) == repr(seen).count("a *** b")


def test_our_own_words_are_not_masked() -> None:
    """A secret such as `s` hides no result: readers of events need those."""
    event = finished("test", 0, "sums", changes=(Change("added", "src", 1, "", "5"),))
    (seen,) = record(Masker(["s", "added", "5"]), event)
    masked = event._replace(name="***um***", changes=(Change("added", "***rc", 1, "", "5"),))
    assert masked == seen


def test_a_leg_keeps_its_masked_name() -> None:
    """A secret registered in the middle does not tear the events of a job apart."""
    masker = Masker()
    seen: list[Event] = []
    stream = Stream(masker, {"list": seen.extend})
    leg = {"token": LEAK}
    stream.emit(JobStarted("job", leg, "job", 0.0))
    masker.add(SECRET)
    stream.emit_output("job", dict(leg), 0, [LEAK])
    assert seen == [JobStarted("job", leg, "job", 0.0), StepOutput("job", leg, 0, "a *** b")]


def test_legs_that_differ_in_secrets_stay_apart() -> None:
    """Two legs that look the same when masked are still two."""
    one, two = record(
        Masker(["alpha", "beta"]),
        JobStarted("job", {"token": "alpha"}, "one", 0.0),
        JobStarted("job", {"token": "beta"}, "two", 0.0),
    )
    assert isinstance(one, JobStarted)
    assert isinstance(two, JobStarted)
    assert one.leg == {"token": "***"}
    assert two.leg not in (None, one.leg)


def test_output_comes_as_one_batch() -> None:
    """Lines read together are handed on together; no lines are no event."""
    batches: list[Sequence[Event]] = []
    stream = Stream(Masker([SECRET]), {"list": batches.append})
    stream.emit_output("job", None, 1, ["a", LEAK])
    stream.emit_output("job", None, 1, [])
    assert [[StepOutput("job", None, 1, "a"), StepOutput("job", None, 1, "a *** b")]] == batches


def test_a_failing_sink_is_told_once_and_harms_no_other() -> None:
    """The others get every event, and a notice of the sink that was lost."""
    before: list[Event] = []
    after: list[Event] = []

    def fail(events: Sequence[Event]) -> None:
        del events
        raise OSError(28, "No space left on device")

    stream = Stream(Masker(), {"first": before.extend, "journal": fail, "last": after.extend})
    stream.emit(RunFinished("success", 0.0, 0.0))
    stream.emit(RunFinished("failure", 0.0, 0.0))
    (problem,) = stream.problems
    assert "`journal` is incomplete" in problem.message
    assert "No space left on device" in problem.message
    expected = [
        RunFinished("success", 0.0, 0.0),
        Notice(problem),
        RunFinished("failure", 0.0, 0.0),
    ]
    assert expected == before == after


def test_events_of_many_threads_come_in_one_order() -> None:
    """Every sink sees the same order, in which the events of each thread keep theirs."""
    one: list[Event] = []
    two: list[Event] = []
    stream = Stream(Masker(), {"one": one.extend, "two": two.extend})

    def work(job: str) -> None:
        for number in range(200):
            stream.emit_output(job, None, number, ["a", "b"])

    threads = [Thread(target=work, args=(job,)) for job in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert one == two
    for job in "abcd":
        steps = [event.step for event in one if isinstance(event, StepOutput) and event.job == job]
        assert [number for number in range(200) for _ in "ab"] == steps
