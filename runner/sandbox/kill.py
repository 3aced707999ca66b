"""Ending a run from outside."""

from __future__ import annotations

import signal
import threading


class Kill:
    """Ends whatever one run is busy with, now and from now on.

    May be called from any thread and from a signal handler, and more than once.
    """

    def __init__(self) -> None:
        self.is_requested = False
        self._lock = threading.RLock()  # a handler may interrupt its own thread
        self._pidfd = -1

    def __call__(self) -> None:
        self.is_requested = True
        self.signal()

    def watch(self, pidfd: int) -> None:
        """Take this process as the one to end; -1 before its descriptor is closed."""
        with self._lock:
            self._pidfd = pidfd
        if self.is_requested:
            self.signal()

    def signal(self) -> None:
        """Kill the present process, without asking for the end of the run."""
        with self._lock:
            if self._pidfd < 0:
                return
            try:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            except ProcessLookupError:
                return  # it has ended
