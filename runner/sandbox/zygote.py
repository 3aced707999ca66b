"""The process that workers are forked from: small, single-threaded, and never near a guest.

It lives as long as its control socket. First come the compiled parts of the shim; for each message
after that it forks a worker and sends back, in one message, what the runner needs to use and to end
it: the channel for the job, a pidfd, and a pipe on which the kernel's word about the worker's end
will come.
"""

from __future__ import annotations

import _socket
import gc
import os
import select
import sys

from runner.sandbox import worker
from runner.sandbox.engine import Engine
from runner.sandbox.jail import Jail
from runner.sandbox.messages import receive, send
from runner.sandbox.stopped import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ctypes

CONTROL = 3
"""The descriptor on which a zygote finds its control socket."""

_SIGKILL = 9


class _Child:
    """A living worker; `epitaph` is the write end of the pipe that announces its end."""

    __slots__ = ("epitaph", "pid")

    def __init__(self, pid: int, epitaph: int) -> None:
        self.pid = pid
        self.epitaph = epitaph


def main() -> None:
    """Serve until the runner goes; the only argument is the path of wasmtime's library."""
    os.closerange(CONTROL + 1, 1 << 20)
    control = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, fileno=CONTROL)
    engine = Engine(sys.argv[1])
    try:
        _, (*shim, rehearsal) = receive(control)
    except EOFError:
        return  # the runner has gone, or has no shim
    engine.stand_between(shim)
    jail = Jail(os.getpid())
    zygote = Zygote(control, engine=engine, rehearsal=engine.load(rehearsal), jail=jail)
    gc.disable()
    gc.freeze()  # a collection would copy every page it marks
    zygote.serve()
    os._exit(0)  # the kernel clears up faster than the interpreter does


class Zygote:
    """Forks workers on request and buries them."""

    def __init__(
        self,
        control: _socket.socket,
        *,
        engine: Engine,
        rehearsal: ctypes.c_void_p,
        jail: Jail,
    ) -> None:
        self._control = control
        self._engine = engine
        self._jail = jail
        self._rehearsal = rehearsal
        self._children: dict[int, _Child] = {}  # by pidfd
        self._poll = select.poll()
        self._poll.register(CONTROL, select.POLLIN)

    def serve(self) -> None:
        """Return when the runner has closed its end of the control socket or died."""
        try:
            while True:
                for descriptor, _ in self._poll.poll():
                    if descriptor == CONTROL:
                        self._obey()
                    else:
                        self._bury(descriptor)
        except (ConnectionError, EOFError):
            self._end()

    def _obey(self) -> None:
        """Fork a worker, one that knows the code that came with the order."""
        _, descriptors = receive(self._control)
        for code in descriptors:
            self._load(code)
        try:
            self._fork()
        except BlockingIOError as error:
            send(self._control, str(error).encode())

    def _load(self, code: int) -> None:
        try:
            self._engine.load(code)
        except Stopped:
            return  # the worker that is to run it will say so
        finally:
            os.close(code)

    def _fork(self) -> None:
        ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM)
        last_words, epitaph = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._work(theirs.fileno())
        pidfd = os.pidfd_open(pid)
        self._children[pidfd] = _Child(pid, epitaph)
        self._poll.register(pidfd, select.POLLIN)
        landlock = str(self._jail.landlock).encode()
        send(self._control, landlock, [ours.fileno(), pidfd, last_words])
        ours.close()
        theirs.close()
        os.close(last_words)

    def _work(self, channel: int) -> None:
        code = 1
        try:
            worker.serve(channel, engine=self._engine, rehearsal=self._rehearsal, jail=self._jail)
            code = 0
        finally:
            os._exit(code)

    def _bury(self, pidfd: int) -> None:
        child = self._children.pop(pidfd)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(child.pid, 0)
        _report(child.epitaph, f"{status} {usage.ru_utime + usage.ru_stime:.6f}")

    def _end(self) -> None:
        for child in self._children.values():
            os.kill(child.pid, _SIGKILL)
        for pidfd in list(self._children):
            self._bury(pidfd)


def _report(epitaph: int, words: str) -> None:
    try:
        os.write(epitaph, words.encode())
    except BrokenPipeError:
        return  # the runner had its answer from the worker
    finally:
        os.close(epitaph)
