"""What one job (or matrix leg) knows while it runs."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from runner.execution.contexts import add_command_files
from runner.execution.hashing import hash_files
from runner.execution.scheduler import CANCELLED, FAILURE, SUCCESS
from runner.execution.scope import Scope, status_functions
from runner.expressions import Function
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.plan.model import PlannedJob
    from runner.workspace.ledger import Ledger


class LegIdentity(NamedTuple):
    """Which leg of which job: the first fields of every event about it."""

    job: str
    leg: dict[str, Any] | None
    name: str


class Cancellation:
    """Ends what is running, now or as soon as it starts. Any thread may call it.

    `reason` is '' until somebody asked; `is_final` if not even steps that ask for it
    (`if: always()`) may run any more.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kill: Callable[[], None] | None = None
        self._is_protected = False
        self.reason = ""
        self.is_final = False

    def request(self, reason: str, *, is_final: bool = False) -> None:
        """End what runs, unless it is protected and this is not final."""
        with self._lock:
            self.reason = self.reason or reason
            self.is_final = self.is_final or is_final
            kill = self._victim()
        if kill:
            kill()

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

    def _victim(self) -> Callable[[], None] | None:
        is_due = self.is_final or (self.reason and not self._is_protected)
        return self._kill if is_due else None


class Clock:
    """The time a job has: first its own, then, once it is cancelled, that to clean up (6.3)."""

    def __init__(self, *, minutes: float, cancel_minutes: float) -> None:
        self._deadline = time.monotonic() + minutes * 60 if minutes > 0 else float("inf")
        self._cancel_minutes = cancel_minutes

    @property
    def left(self) -> float:
        """Return the seconds until the deadline; none are left at 0."""
        return max(self._deadline - time.monotonic(), 0.0)

    def begin_cleanup(self) -> None:
        self._deadline = time.monotonic() + self._cancel_minutes * 60


class JobState:
    """Changed by the steps of one leg, in its own thread; only `cancellation` is shared.

    `env` holds the workflow's and the job's variables and what steps wrote to GITHUB_ENV.
    """

    def __init__(
        self,
        planned: PlannedJob,
        identity: LegIdentity,
        *,
        contexts: Mapping[str, Any],
        workspace: str,
        ledger: Ledger,
        folder: str,
        cancellation: Cancellation,
    ) -> None:
        self.planned = planned
        self.identity = identity
        self.workspace = workspace
        self.ledger = ledger
        self.folder = folder
        self.cancellation = cancellation
        self.status = SUCCESS
        self.reason = ""
        self.env: dict[str, str] = {}
        self.paths: tuple[str, ...] = ()
        self.steps: dict[str, dict[str, Any]] = {}
        self.clock = Clock(minutes=0, cancel_minutes=0)
        self._contexts = contexts

    def scope(
        self, *, action: str = "", env: Mapping[str, str] | None = None, status: str = ""
    ) -> Scope:
        """Return what the expressions of a step see; `env` is the step's own, evaluated.

        With `status` the job looks as if it had that one.
        """
        shown = status or self.status
        github = add_command_files(self._contexts["github"]) | {"action": action}
        contexts = dict(self._contexts) | {
            "github": github,
            "env": self.env | dict(env or {}),
            "steps": self.steps,
            "job": {"status": shown},
        }
        functions = status_functions(
            is_success=lambda: shown == SUCCESS,
            is_failure=lambda: shown == FAILURE,
            is_cancelled=lambda: shown == CANCELLED,
        )
        functions["hashFiles"] = Function(lambda *given: hash_files(self.workspace, given), 1, 255)
        return Scope(contexts, functions)

    def worsen(self, result: str) -> None:
        """Lower the status; severity rises from success over failure to cancelled (6.1)."""
        severity = (SUCCESS, FAILURE, CANCELLED)
        self.status = max(self.status, result, key=severity.index)

    def look_up(self) -> None:
        """Between two steps, take note of a cancellation or of the time being up (6.3).

        A job that is out of time is cancelled; one that was cancelled and runs out of time to
        clean up runs nothing more.
        """
        if self.cancellation.reason:
            self._cancel(self.cancellation.reason)
        elif not self.clock.left and not self.reason:
            self._cancel("the job has exceeded its maximum execution time")
        if self.reason and not self.clock.left:
            self.cancellation.request("there was no time left to clean up", is_final=True)

    def _cancel(self, reason: str) -> None:
        if not self.reason:
            self.reason = reason
            self.clock.begin_cleanup()
        self.worsen(CANCELLED)
