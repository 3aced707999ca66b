"""Judging a worker by what was seen of it, when it lies or says nothing."""

from __future__ import annotations

import signal

import pytest

from runner.abi import Limits, Verdict
from runner.sandbox.messages import Answer
from runner.sandbox.verdict import Sighting, judge


def _judge(answer: bytes, *, last_words: bytes = b"", limits: Limits | None = None) -> str:
    sighting = Sighting("", answer, last_words, wall_time=1.0, output=0)
    return judge(sighting, limits or Limits()).verdict


@pytest.mark.parametrize(
    "answer",
    [
        b"\xff\xfe\0",
        b"exited",
        b"exited 256 0 0.0 ",
        b"exited -1 0 0.0 ",
        b"exited 0 99999999999999999999 0.0 ",
        b"exited 0 0 nan ",
        b"exited 0 0 1e400 ",
        b"exited 0x0 0 0.0 ",
        b"cancelled 0 0 0.0 ",
        b"timed_out 0 0 0.0 ",
        b"anything 0 0 0.0 ",
    ],
)
def test_lying_worker(answer: bytes) -> None:
    """An answer that no honest worker gives is a crash, not an exception."""
    assert _judge(answer) == Verdict.CRASHED


def test_message_is_cleaned() -> None:
    """A worker's message is one line without control characters."""
    answer = Answer("trapped", message="a\x1b[31m\nb\r\0c").encode()

    result = judge(Sighting("", answer, b"", 1.0, 0), Limits())

    assert result.message == "a [31m b  c"


def test_own_cause_wins() -> None:
    """A worker that was stopped cannot talk itself out of it."""
    answer = Answer("exited").encode()

    result = judge(Sighting(Verdict.TIMED_OUT, answer, b"", 2.0, 0), Limits(wall_time=2.0))

    assert (result.verdict, result.exit_code) == (Verdict.TIMED_OUT, None)


@pytest.mark.parametrize(
    ("peak", "exit_code", "verdict"),
    [
        (0, 1, Verdict.EXITED),
        (900, 1, Verdict.EXITED),
        (960, 1, Verdict.OUT_OF_MEMORY),
        (1000, 0, Verdict.EXITED),
    ],
)
def test_out_of_memory(peak: int, exit_code: int, verdict: str) -> None:
    """A failure counts as out of memory only if next to nothing was left; a success never."""
    answer = Answer("exited", exit_code=exit_code, peak_memory=peak).encode()

    assert verdict == _judge(answer, limits=Limits(memory=1000))


@pytest.mark.parametrize(
    ("number", "cpu_time", "verdict"),
    [
        (signal.SIGPROF, 0.0, Verdict.TIMED_OUT),
        (signal.SIGXCPU, 5.0, Verdict.TIMED_OUT),
        (signal.SIGKILL, 5.0, Verdict.TIMED_OUT),
        (signal.SIGALRM, 0.0, Verdict.TIMED_OUT),
        (signal.SIGKILL, 0.0, Verdict.OUT_OF_MEMORY),
        (signal.SIGABRT, 0.0, Verdict.CRASHED),
        (signal.SIGSYS, 0.0, Verdict.CRASHED),
    ],
)
def test_death(number: signal.Signals, cpu_time: float, verdict: str) -> None:
    """A worker that died without a word is judged by the signal and by the time it used."""
    words = f"{int(number)} {cpu_time}".encode()

    assert verdict == _judge(b"", last_words=words, limits=Limits(cpu_time=5.0))


def test_silent_end() -> None:
    """A worker that ends by itself without an answer has crashed."""
    assert _judge(b"", last_words=b"256 0.1") == Verdict.CRASHED


def test_long_answer_is_cut() -> None:
    """An answer fits into one piece whatever a module calls its functions."""
    assert len(Answer("trapped", message="ü" * 10_000).encode()) == 4096
