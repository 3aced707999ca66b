"""The wall round a worker, in two parts: what holds for every job, and what one job may use."""

from __future__ import annotations

import ctypes
import errno
import os
import resource

from runner.sandbox import landlock, seccomp

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_SIGKILL = 9
_ITIMER_REAL, _ITIMER_PROF = 0, 2
_CAPABILITY_VERSION = 0x20080522
_CAP_DAC_OVERRIDE, _CAP_FOWNER = 1 << 1, 1 << 3
_OPEN_FILES = 1024
_OWN_MEMORY = 512 << 20  # for the runtime itself: tables, stacks, buffers
_LONGEST_TIME = 1e9  # seconds: thirty years, which the kernel's timers and limits can hold
_GRACE = 0.5  # seconds after which the kernel does what the runner ought to have done


class Jail:
    """What is made ready before a fork, because afterwards it would cost each worker.

    A process that enters ends with its `parent`.
    """

    def __init__(self, parent: int) -> None:
        self._parent = parent
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._filter = seccomp.build(os.uname().machine)
        self.landlock = landlock.version(self._libc)

    def enter(self) -> None:
        """Give up all that no job needs; for ever. Raises OSError.

        Root keeps the right to files of other users, for that is what it is used for in
        containers; Landlock still says which.
        """
        self._libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        if os.getppid() != self._parent:
            os._exit(1)  # it died before we could ask to die with it
        self._libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        self._libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
        self._drop_capabilities()
        seccomp.install(self._libc, self._filter)

    def restrict(
        self,
        directories: list[tuple[int, bool]],
        *,
        memory: int,
        file_size: int,
        cpu_time: float,
        wall_time: float,
    ) -> None:
        """Allow these (descriptor, writable) and so much, 0 being no limit. Raises OSError.

        Raises OSError, also if there is a second thread: that one would stay free.
        """
        if len(os.listdir("/proc/self/task")) != 1:
            raise OSError(errno.EBUSY, "the worker has started threads before its jail")
        if memory:
            _lower(resource.RLIMIT_DATA, memory + _OWN_MEMORY)
        if file_size:
            _lower(resource.RLIMIT_FSIZE, file_size)
        if cpu_time:
            _lower(resource.RLIMIT_CPU, int(min(cpu_time, _LONGEST_TIME)) + 2)
            self._set_timer(_ITIMER_PROF, cpu_time)
        if wall_time:
            self._set_timer(_ITIMER_REAL, wall_time + _GRACE)
        if self.landlock:
            landlock.restrict(self._libc, self.landlock, directories)

    def _drop_capabilities(self) -> None:
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
        sets = (ctypes.c_uint32 * 6)()  # twice: effective, permitted, inheritable
        self._libc.capget(header, sets)
        kept = sets[1] & (_CAP_DAC_OVERRIDE | _CAP_FOWNER)
        if self._libc.capset(header, (ctypes.c_uint32 * 6)(kept, kept)):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), "capset")

    def _set_timer(self, which: int, seconds: float) -> None:
        """Have the kernel end this process after `seconds`; neither signal is ever handled."""
        seconds = min(seconds, _LONGEST_TIME)
        whole = int(seconds)
        # struct itimerval: the interval, then the value, each seconds and microseconds
        timer = (ctypes.c_long * 4)(0, 0, whole, max(1, int((seconds - whole) * 1_000_000)))
        self._libc.setitimer(which, timer, None)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (lowered, lowered))
