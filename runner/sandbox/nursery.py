"""The zygote, seen from the runner: where workers come from."""

from __future__ import annotations

import _socket
import contextlib
import os
import select
import signal
import threading
from typing import NamedTuple

from runner.errors import Problem, Unavailable
from runner.sandbox.messages import receive, send
from runner.sandbox.process import spawn

_FAREWELL = 2000  # milliseconds a zygote gets to bury its workers


class Worker(NamedTuple):
    """A worker that waits for its job; its descriptors belong to the holder.

    `last_words` is a pipe: its exit status and processor time come there when it is dead.
    `landlock` is the kernel's Landlock ABI, 0 for none.
    """

    channel: _socket.socket
    pidfd: int
    last_words: int
    landlock: int


class Nursery:
    """One zygote, with one worker always ready, for a fork takes longer than many a step.

    All methods are for any thread.
    """

    def __init__(self, library: str) -> None:
        self._library = library
        self._lock = threading.RLock()
        self._control: _socket.socket | None = None
        self._pid = 0
        self._known: set[tuple[int, int]] = set()  # codes that this zygote has loaded

    def start(self) -> _socket.socket:
        """Start the zygote if there is none, without waiting for it; return its control socket.

        Raises Unavailable.
        """
        with self._lock:
            if self._control is None:
                ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
                try:
                    self._pid = spawn("runner.sandbox.zygote", [self._library], [theirs.fileno()])
                finally:
                    theirs.close()
                self._control = ours
                self._known.clear()
                self.order()
            return self._control

    def take(self) -> Worker:
        """Return the next worker; the taker is to `order` another as soon as it has time.

        A zygote that died is replaced once. Raises Unavailable.
        """
        for _ in range(2):
            control = self.start()
            try:
                answer, descriptors = receive(control)
            except (OSError, EOFError):
                self._discard(control)
                continue
            if not descriptors:
                message = f"no worker can be started: {answer.decode()}"
                raise Unavailable([Problem("sandbox.no-worker", message)])
            channel, pidfd, last_words = descriptors
            socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM, 0, channel)
            return Worker(socket, pidfd, last_words, int(answer))
        message = "the process that workers are forked from ends at once"
        raise Unavailable([Problem("sandbox.no-zygote", message, hint="see standard error")])

    def order(self, code: int | None = None) -> None:
        """Have one more worker made, without waiting for it.

        `code` is a descriptor of compiled code that it may be given to run; a worker that knows
        its code beforehand is half a millisecond faster.
        """
        with self._lock:
            if self._control is None:
                return
            try:
                send(self._control, b"", self._unknown(code))
            except OSError:
                return  # it died, which is for `take` to find

    def close(self) -> None:
        """End the zygote and with it every worker. Whoever waits in `take` gets an error."""
        with self._lock:
            if self._control is not None:
                self._discard(self._control)

    def _unknown(self, code: int | None) -> list[int]:
        if code is None:
            return []
        status = os.fstat(code)
        name = status.st_dev, status.st_ino
        if name in self._known:
            return []
        self._known.add(name)
        return [code]

    def _discard(self, control: _socket.socket) -> None:
        with self._lock:
            if self._control is not control:
                return  # another thread was quicker
            self._control = None
            with contextlib.suppress(OSError):  # it may have died by itself
                control.shutdown(_socket.SHUT_RDWR)
            control.close()
            _bury(self._pid)


def _bury(pid: int) -> None:
    pidfd = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(pidfd, select.POLLIN)
        if not poll.poll(_FAREWELL):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    finally:
        os.close(pidfd)
    os.waitpid(pid, 0)
