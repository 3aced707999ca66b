"""Concurrency groups of a run: what a workflow or a leg claims, and what becomes of it (3.4)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from runner.execution.groupqueue import PENDING, RUNNING, join
from runner.execution.legs import JobError
from runner.expressions import ExpressionError
from runner.expressions.values import to_text
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from runner.documents.nodes import Node
    from runner.execution.groupqueue import Ticket
    from runner.execution.scope import Scope

MAX_NAME = 400
__all__ = ["PENDING", "Demand", "Groups", "read_demand"]

_INTERVAL = 0.05  # seconds between two looks at what other processes did


class Demand(NamedTuple):
    """What `concurrency:` asks for, evaluated."""

    group: str
    cancels_running: bool = False
    keeps_pending: bool = False

    @property
    def why_cancelled(self) -> str:
        return f"Canceling since a higher priority waiting request for '{self.group}' exists"


class Groups:
    """The claims of one run. `tell` hears of each change, from a thread of ours or the caller's:
    the owner of the claim, and whether it is running or cancelled.
    """

    def __init__(self, home: str, tell: Callable[[Any, str], None]) -> None:
        self._home = home
        self._tell = tell
        self._lock = threading.Lock()
        self._claims: dict[Hashable, tuple[Demand, Ticket]] = {}
        self._is_closed = threading.Event()
        self._watcher: threading.Thread | None = None

    def claim(self, owner: Hashable, demand: Demand, *, within: Iterable[Hashable] = ()) -> str:
        """Claim a group and return how that stands: pending or running; the rest is told.

        Raises JobError if one `within` whose claim `owner` lives holds the group, as it would wait
        for itself; OSError if the group's folder cannot be used.
        """
        group = demand.group.lower()
        for outer in within:
            if outer in self._claims and self._claims[outer][0].group.lower() == group:
                raise JobError(
                    f"Canceling since a deadlock for concurrency group '{demand.group}' was "
                    "detected: the workflow around holds it"
                )
        ticket = join(
            self._home,
            demand.group,
            cancels_running=demand.cancels_running,
            keeps_pending=demand.keeps_pending,
        )
        with self._lock:
            self._claims[owner] = demand, ticket
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="concurrency", daemon=True)
            self._watcher.start()
        return ticket.state

    def demand(self, owner: Hashable) -> Demand | None:
        return self._claims[owner][0] if owner in self._claims else None

    def release(self, owner: Hashable) -> None:
        """Let the next one go; nothing if `owner` has no claim."""
        with self._lock:
            claim = self._claims.pop(owner, None)
            if claim:
                claim[1].leave()

    def close(self) -> None:
        """Release what is left and end the thread."""
        self._is_closed.set()
        if self._watcher:
            self._watcher.join()
        for owner in tuple(self._claims):
            self.release(owner)

    def _watch(self) -> None:
        while not self._is_closed.wait(_INTERVAL):
            with self._lock:
                changes = [
                    (owner, ticket.state)
                    for owner, (_, ticket) in self._claims.items()
                    if ticket.state in {PENDING, RUNNING} and ticket.state != ticket.look()
                ]
                told = [(owner, self._claims[owner][1].state) for owner, _ in changes]
            for owner, state in told:
                self._tell(owner, state)


def read_demand(node: Node, scope: Scope) -> Demand:
    """Evaluate a `concurrency:`. Raises JobError."""
    try:
        data = scope.data(node)
    except ExpressionError as error:
        raise JobError(f"`concurrency` cannot be evaluated: {error}") from error
    fields = data if isinstance(data, dict) else {"group": data}
    group = to_text(fields.get("group"))
    if not group:
        raise JobError("Concurrency group name cannot be empty")
    if len(group) > MAX_NAME:
        raise JobError("Concurrency group name must be less than 400 characters")
    cancels = fields.get("cancel-in-progress", False)
    if not isinstance(cancels, bool):
        raise JobError(f"Unexpected value '{to_text(cancels)}' for cancel-in-progress")
    return Demand(group, cancels, keeps_pending=fields.get("queue") == "max")
