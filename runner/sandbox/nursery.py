"""The zygote, seen from the runner: where workers come from."""

from __future__ import annotations

import _socket
import contextlib
import os
import select
import signal
import threading

from runner.errors import Problem, Unavailable
from runner.records import NamedTuple
from runner.sandbox.messages import receive, send
from runner.sandbox.process import spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_ATTEMPTS = 4
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

    def close(self) -> None:
        """Let it go, which ends one that has no job."""
        self.channel.close()
        os.close(self.pidfd)
        os.close(self.last_words)


class Nursery:
    """One zygote, with one worker always ready, for a fork takes longer than many a step.

    All methods are for any thread.
    """

    def __init__(self, library: str, open_shim: Callable[[], list[int]]) -> None:
        """`open_shim` returns new descriptors of the shim's compiled parts."""
        self._library = library
        self._open_shim = open_shim
        self._lock = threading.RLock()
        self._control: _socket.socket | None = None
        self._pid = 0
        self._ordered = 0  # workers that nobody waits for yet
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
                self._ordered = 0
                self._known.clear()
                self._send_shim(ours)
                self.order()
            return self._control

    def take(self, code: int | None) -> Worker:
        """Return a worker, at best the one that is ready and knows the compiled code `code`.

        Zygotes and workers that have died meanwhile are passed over. Raises Unavailable.
        """
        for _ in range(_ATTEMPTS):
            control = self._expect(code)
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
            worker = Worker(socket, pidfd, last_words, int(answer))
            if not _is_dead(pidfd, timeout=0):
                return worker
            worker.close()
        message = "the processes that guests are to run in end at once"
        raise Unavailable([Problem("sandbox.no-zygote", message, hint="see standard error")])

    def order(self, code: int | None = None) -> None:
        """Have a worker made for the next `take`, unless one is ready; does not wait.

        `code` is a descriptor of the compiled code that it may be given: a worker that knows its
        code beforehand is half a millisecond faster.
        """
        with self._lock:
            if self._control is None or self._ordered:
                return
            self._ordered += 1
            with contextlib.suppress(OSError):  # a dead zygote is for `take` to find
                send(self._control, b"", self._unknown(code))

    def _send_shim(self, control: _socket.socket) -> None:
        """Open the shim while the zygote's interpreter starts, and hand it over."""
        shim: list[int] = []
        try:
            shim = self._open_shim()
            with contextlib.suppress(OSError):  # a dead zygote is for `take` to find
                send(control, b"", shim)
        except BaseException:
            self._discard(control)
            raise
        finally:
            for descriptor in shim:
                os.close(descriptor)

    def _expect(self, code: int | None) -> _socket.socket:
        """Return the socket on which one worker will come for the caller."""
        with self._lock:
            control = self.start()
            self.order(code)
            self._ordered -= 1
            return control

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
        if not _is_dead(pidfd, timeout=_FAREWELL):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    finally:
        os.close(pidfd)
    os.waitpid(pid, 0)


def _is_dead(pidfd: int, *, timeout: int) -> bool:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(timeout))
