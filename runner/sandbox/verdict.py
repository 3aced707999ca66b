"""From what was seen of a worker to the result of its step; nothing here touches a process."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from runner.abi import PluginResult, Usage, Verdict
from runner.records import NamedTuple
from runner.sandbox.messages import Answer

if TYPE_CHECKING:
    from runner.abi import Denial, Limits

_NEAR = 16
"""A guest that fails with less than this part of its memory left is taken to have needed more: it
is told of a refused growth, but we are not."""

# What a worker may say; the others are ours to find.
_SPOKEN = {
    Verdict.EXITED,
    Verdict.TRAPPED,
    Verdict.OUT_OF_MEMORY,
    Verdict.INVALID_MODULE,
    Verdict.DENIED,
    Verdict.CRASHED,
}


class Sighting(NamedTuple):
    """All that was seen of one worker.

    `cause` is the verdict if it was us who ended it; `answer` and `last_words` are the bytes that
    came from the worker and, if it gave no answer, from the zygote.
    """

    cause: str
    answer: bytes
    last_words: bytes
    wall_time: float
    output: int
    denials: tuple[Denial, ...] = ()


def judge(sighting: Sighting, limits: Limits) -> PluginResult:
    """Return the result; the worker's own words count only if it was not ended by us."""
    return _judge(sighting, limits)._replace(denials=sighting.denials)


def _judge(sighting: Sighting, limits: Limits) -> PluginResult:
    if sighting.cause:
        message = _stopped(sighting.cause, limits)
        return PluginResult(sighting.cause, message=message, usage=_usage(sighting))
    try:
        answer = Answer.decode(sighting.answer)
    except ValueError:
        return _judge_death(sighting, limits)
    usage = _usage(sighting, cpu_time=answer.cpu_time, peak_memory=answer.peak_memory)._replace(
        bytes_read=answer.bytes_read, bytes_written=answer.bytes_written
    )
    if answer.verdict not in _SPOKEN:
        return PluginResult(Verdict.CRASHED, message="the worker spoke nonsense", usage=usage)
    if _ran_out_of_memory(answer, limits):
        message = f"out of memory: {_size(usage.peak_memory)} of {_size(limits.memory)} were in use"
        if answer.message:
            message += f" ({answer.message})"
        return PluginResult(Verdict.OUT_OF_MEMORY, message=message, usage=usage)
    if answer.verdict == Verdict.EXITED:
        return PluginResult(Verdict.EXITED, exit_code=answer.exit_code, usage=usage)
    return PluginResult(answer.verdict, message=answer.message or answer.verdict, usage=usage)


def _ran_out_of_memory(answer: Answer, limits: Limits) -> bool:
    is_failure = answer.verdict == Verdict.TRAPPED or answer.exit_code != 0
    return is_failure and 0 < limits.memory - limits.memory // _NEAR <= answer.peak_memory


def _judge_death(sighting: Sighting, limits: Limits) -> PluginResult:
    """Say why a worker ended without an answer, by the kernel's word for it."""
    try:
        status, cpu_time = sighting.last_words.split()
        code, seconds = os.waitstatus_to_exitcode(int(status)), float(cpu_time)
    except ValueError:
        message = "the worker vanished together with its parent process"
        return PluginResult(Verdict.CRASHED, message=message, usage=_usage(sighting))
    usage = _usage(sighting, cpu_time=seconds)
    verdict, message = _explain(code, usage, limits)
    return PluginResult(verdict, message=message, usage=usage)


def _explain(code: int, usage: Usage, limits: Limits) -> tuple[str, str]:
    if code == -signal.SIGPROF or (limits.cpu_time and usage.cpu_time >= limits.cpu_time):
        return Verdict.TIMED_OUT, f"stopped after {limits.cpu_time:g} s of processor time"
    if code == -signal.SIGALRM:
        return Verdict.TIMED_OUT, _stopped(Verdict.TIMED_OUT, limits)
    if code == -signal.SIGKILL:
        return Verdict.OUT_OF_MEMORY, "killed by the system, most likely for want of memory"
    if code < 0:
        return Verdict.CRASHED, f"the worker died of {signal.Signals(-code).name}"
    return Verdict.CRASHED, f"the worker ended with status {code} and no answer"


def _stopped(cause: str, limits: Limits) -> str:
    if cause == Verdict.TIMED_OUT:
        return f"stopped after {limits.wall_time:g} s"
    if cause == Verdict.OUTPUT_EXCEEDED:
        return f"stopped after {_size(limits.output)} of output"
    if cause == Verdict.GROWTH_EXCEEDED:
        return f"its writable folders grew by more than {_growth(limits)}"
    if cause == Verdict.CRASHED:
        return "the worker spoke nonsense"
    return "cancelled"


def _usage(sighting: Sighting, *, cpu_time: float = 0.0, peak_memory: int = 0) -> Usage:
    return Usage(
        wall_time=sighting.wall_time,
        cpu_time=cpu_time,
        peak_memory=peak_memory,
        output=sighting.output,
    )


def _growth(limits: Limits) -> str:
    sizes = [_size(limits.growth)] if limits.growth else []
    names = [f"{limits.growth_files} names"] if limits.growth_files else []
    return " or ".join(sizes + names)


def _size(size: int) -> str:
    return f"{size / (1024 * 1024):.4g} MiB" if size >= 1024 * 1024 else f"{size} bytes"
