"""One job, from a waiting worker to its result: feed it, listen to it, and see it dead."""

from __future__ import annotations

import contextlib
import os
import select
import time
from typing import TYPE_CHECKING

from runner.abi import Verdict
from runner.sandbox.dialogue import Dialogue
from runner.sandbox.messages import LARGEST_ANSWER, Job, send
from runner.sandbox.verdict import Sighting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from runner.abi import Denial, Invocation
    from runner.sandbox.kill import Kill
    from runner.sandbox.nursery import Worker

_PIECE = 1 << 16
# A guest that writes line by line wakes us, and whoever reads its output, for every line. After
# some small pieces in a row we look away for a millisecond at a time and get a piece of many lines.
_SMALL_PIECE, _CHATTER, _PAUSE = 4096, 32, 1
_LONGEST_WAIT = 3_600_000  # milliseconds; poll takes no more than 24 days, a deadline may be later
_DEATH = 5000  # milliseconds in which a killed process dies, unless the kernel itself hangs


class Execution:
    """The runner's side of one worker. `run` once, from one thread."""

    def __init__(
        self,
        worker: Worker,
        invocation: Invocation,
        *,
        on_output: Callable[[bytes], None],
        on_call: Callable[[str, bytes], bytes] | None,
        explain: Callable[[bytes], Denial | None],
        kill: Kill,
    ) -> None:
        self._worker = worker
        self._limits = invocation.limits
        self._dialogue = Dialogue(
            worker.channel, invocation, on_call=on_call, on_failure=kill.signal, explain=explain
        )
        self._on_output = on_output
        self._kill = kill
        self._output = 0
        self._small_pieces = 0  # in a row
        self._cause = ""
        self._reader, self._writer = os.pipe()
        self._poll = select.poll()

    def run(self, job: Job, descriptors: Sequence[int], *, on_sent: Callable[[], None]) -> Sighting:
        """Send the job and return when it is over.

        `descriptors` are of its code and of its directories; `on_sent` is called while the guest
        starts. The worker has been killed when this returns, also by an exception of `on_output`.
        """
        self._kill.watch(self._worker.pidfd)
        started = time.monotonic()
        try:
            self._send(job, descriptors)
            on_sent()
            self._listen(started)
        finally:
            self._end()
        wall_time = time.monotonic() - started
        self._drain()
        self._dialogue.close()
        answer = self._dialogue.answer
        last_words = b"" if answer else self._read_last_words()
        cause = Verdict.CANCELLED if self._kill.is_requested else self._cause
        denials = self._dialogue.denials
        return Sighting(cause, answer, last_words, wall_time, self._output, denials)

    def close(self) -> None:
        """Close all descriptors, the worker's too."""
        with contextlib.suppress(BaseException):  # `run` has told
            self._dialogue.close()
        self._kill.watch(-1)
        self._worker.close()
        os.close(self._reader)
        if self._writer >= 0:
            os.close(self._writer)

    def _send(self, job: Job, descriptors: Sequence[int]) -> None:
        code, *directories = descriptors
        # If it is dead, or has refused its jail, then its end or its answer will say so.
        with contextlib.suppress(OSError):
            send(self._worker.channel, job.encode(), [code, self._writer, *directories])
        os.close(self._writer)
        self._writer = -1

    def _listen(self, started: float) -> None:
        """Pass on output until the worker answers, dies or goes too far."""
        channel = self._worker.channel.fileno()
        self._poll.register(self._reader, select.POLLIN)
        self._poll.register(channel, select.POLLIN)
        answers = select.poll()
        answers.register(channel, select.POLLIN)
        deadline = started + self._limits.wall_time if self._limits.wall_time else None
        while not self._cause:
            remaining = None
            if deadline is not None:
                remaining = min(1000 * (deadline - time.monotonic()), _LONGEST_WAIT)
                if remaining <= 0:
                    self._cause = Verdict.TIMED_OUT
                    return
            is_over = self._small_pieces > _CHATTER and answers.poll(_PAUSE) and not self._hear()
            for descriptor, _ in () if is_over else self._poll.poll(remaining):
                if descriptor != channel:
                    if not self._read():
                        self._poll.unregister(self._reader)
                elif not self._hear():
                    is_over = True
            if is_over:
                return

    def _hear(self) -> bool:
        """Take what the worker says; return whether there may be more."""
        goes_on = self._dialogue.hear()
        if self._dialogue.is_nonsense:
            self._cause = Verdict.CRASHED
        if self._dialogue.has_grown:
            self._cause = Verdict.GROWTH_EXCEEDED
        return goes_on

    def _read(self) -> bool:
        """Pass on one piece of output, up to the limit; return whether there may be more."""
        try:
            piece = os.read(self._reader, _PIECE)
        except BlockingIOError:
            return False
        if self._limits.output:
            allowed = self._limits.output - self._output
            if len(piece) > allowed:
                self._cause = self._cause or Verdict.OUTPUT_EXCEEDED
                piece = piece[:allowed]
        self._output += len(piece)
        self._small_pieces = self._small_pieces + 1 if len(piece) < _SMALL_PIECE else 0
        if piece:
            self._on_output(piece)
        return bool(piece)

    def _end(self) -> None:
        """Kill the worker, also after its answer: it may be lying about being done.

        Once killed it runs no further instruction, so only one whose last words are wanted is
        waited for: to take down its memory takes the kernel most of a millisecond.
        """
        self._kill.signal()
        if not self._dialogue.answer:
            _await(self._worker.pidfd)
        self._kill.watch(-1)

    def _drain(self) -> None:
        os.set_blocking(self._reader, False)
        while self._read():
            pass

    def _read_last_words(self) -> bytes:
        _await(self._worker.last_words)
        os.set_blocking(self._worker.last_words, False)
        try:
            return os.read(self._worker.last_words, LARGEST_ANSWER)
        except BlockingIOError:
            return b""


def _await(descriptor: int) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    poll.poll(_DEATH)
