"""What one job (or matrix leg) knows while it runs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from runner.execution.contexts import add_command_files
from runner.execution.scheduler import CANCELLED, FAILURE, SUCCESS
from runner.execution.scope import Scope, status_functions
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
    """Ends what is running, now or as soon as it starts. Any thread may call it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kill: Callable[[], None] | None = None
        self.is_requested = False

    def request(self) -> None:
        with self._lock:
            self.is_requested = True
            kill = self._kill
        if kill:
            kill()

    def attach(self, kill: Callable[[], None] | None) -> None:
        """Say how to end what has just started; None when it has ended."""
        with self._lock:
            self._kill = kill


class JobState:
    """Changed by the steps of one leg, in its own thread; only `cancellation` is shared."""

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
        self.env: dict[str, str] = {}
        self.paths: tuple[str, ...] = ()
        self.steps: dict[str, dict[str, Any]] = {}
        self.deadline = 0.0
        self._contexts = contexts

    def scope(self, *, action: str = "", env: Mapping[str, str] | None = None) -> Scope:
        """Return what the expressions of a step see; `env` is the step's own, evaluated."""
        github = add_command_files(self._contexts["github"]) | {"action": action}
        contexts = dict(self._contexts) | {
            "github": github,
            "env": self.env | dict(env or {}),
            "steps": self.steps,
            "job": {"status": self.status},
        }
        functions = status_functions(
            is_success=lambda: self.status == SUCCESS,
            is_failure=lambda: self.status == FAILURE,
            is_cancelled=lambda: self.status == CANCELLED,
        )
        return Scope(contexts, functions)

    def worsen(self, result: str) -> None:
        """Lower the status; severity rises from success over failure to cancelled (6.1)."""
        severity = (SUCCESS, FAILURE, CANCELLED)
        self.status = max(self.status, result, key=severity.index)
