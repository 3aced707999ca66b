"""Ending what runs, and the time there is for it (LANGUAGE 6.3)."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Cancellation:
    """Ends what is running, now or as soon as it starts. Any thread may call it.

    `reason` is '' until somebody asked; `is_final` if not even steps that ask for it
    (`if: always()`) may run any more. What befalls it befalls its children.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kill: Callable[[], None] | None = None
        self._is_protected = False
        self._children: list[Cancellation] = []
        self.reason = ""
        self.is_final = False

    def request(self, reason: str, *, is_final: bool = False) -> None:
        """End what runs, unless it is protected and this is not final."""
        with self._lock:
            self.reason = self.reason or reason
            self.is_final = self.is_final or is_final
            kill = self._victim()
            children = tuple(self._children)
        if kill:
            kill()
        for child in children:
            child.request(reason, is_final=is_final)

    def attach(self, kill: Callable[[], None], *, is_protected: bool) -> None:
        """Say how to end what has just started, and whether its `if` holds in a cancelled job."""
        with self._lock:
            self._kill, self._is_protected = kill, is_protected
            victim = self._victim()
        if victim:
            victim()

    def detach(self) -> None:
        """Say that it has ended."""
        with self._lock:
            self._kill = None

    def add_child(self, *, is_cleanup: bool) -> Cancellation:
        """Return one for something that runs beside, and that may be ended alone.

        One that begins in a job already cancelled, to clean up, has not heard of that.
        """
        child = Cancellation()
        with self._lock:
            self._children.append(child)
            child.is_final = self.is_final
            if not is_cleanup:
                child.reason = self.reason
        return child

    def _victim(self) -> Callable[[], None] | None:
        is_due = self.is_final or (self.reason and not self._is_protected)
        return self._kill if is_due else None


class Clock:
    """The time a job has: first its own, then, once it is cancelled, that to clean up (6.3)."""

    def __init__(self, *, minutes: float, cancel_minutes: float) -> None:
        self._deadline = time.monotonic() + minutes * 60 if minutes > 0 else float("inf")
        self._cancel_minutes = cancel_minutes
        self._is_cleanup = False

    @property
    def left_with_cleanup(self) -> float:
        """Return the seconds for a step that the end of the job's own time does not end."""
        return self.left + (0.0 if self._is_cleanup else self._cancel_minutes * 60)

    @property
    def left(self) -> float:
        """Return the seconds until the deadline; none are left at 0."""
        return max(self._deadline - time.monotonic(), 0.0)

    def copy(self) -> Clock:
        """Return one with the same deadline, for what may be cancelled alone."""
        copy = Clock(minutes=0, cancel_minutes=self._cancel_minutes)
        copy._deadline, copy._is_cleanup = self._deadline, self._is_cleanup
        return copy

    def begin_cleanup(self) -> None:
        self._deadline = time.monotonic() + self._cancel_minutes * 60
        self._is_cleanup = True
