"""What one job (or matrix leg) knows while it runs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from runner.events.model import Change
from runner.execution.cancellation import Cancellation, Clock
from runner.execution.scheduler import CANCELLED, FAILURE, SUCCESS
from runner.plugins.assignments import prepend_paths
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.execution.matchers import Matchers
    from runner.plan.model import Plan, PlannedJob
    from runner.workspace.ledger import Ledger

OUT_OF_TIME = "the job has exceeded its maximum execution time"
_SEVERITY = (SUCCESS, FAILURE, CANCELLED)


class LegIdentity(NamedTuple):
    """Which leg of which job: the first fields of every event about it."""

    job: str
    leg: dict[str, Any] | None
    name: str


class Place(NamedTuple):
    """Where a leg works: host paths. `folder` is its own, beside the workspace, which `--in-place`
    lets be the source tree itself.
    """

    workspace: str
    folder: str
    ledger: Ledger


class MatcherBox:
    """The problem matchers of a job, made when a step first adds one: few do, and it costs 2 ms.

    For any thread.
    """

    def __init__(self, workspace: str) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self.opened: Matchers | None = None

    def open(self) -> Matchers:
        """Return the matchers, which may have none in them."""
        with self._lock:
            if self.opened is None:
                from runner.execution.matchers import Matchers

                self.opened = Matchers(self._workspace)
            return self.opened


class JobState:
    """Changed by the steps of one leg, in its own thread; what runs beside them has a fork.

    `env` holds the workflow's and the job's variables and what steps wrote to GITHUB_ENV, `paths`
    what they wrote to GITHUB_PATH. `states` holds what actions saved by GITHUB_STATE, by the
    place of the step in the job; `begun` the places of those that ran, in order; `matchers` the
    problem matchers that steps have added.
    """

    def __init__(
        self,
        planned: PlannedJob,
        identity: LegIdentity,
        *,
        plan: Plan,
        contexts: Mapping[str, Any],
        place: Place,
        cancellation: Cancellation,
    ) -> None:
        self.planned = planned
        self.identity = identity
        self.plan = plan
        self.contexts = contexts
        self.place = place
        self.cancellation = cancellation
        self.status = SUCCESS
        self.reason = ""
        self.env: dict[str, str] = {}
        self.paths: tuple[str, ...] = ()
        self.clock = Clock(minutes=0, cancel_minutes=0)
        self.commands = "runner"
        self.states: dict[tuple[int, ...], dict[str, str]] = {}
        self.begun: dict[tuple[int, ...], None] = {}
        self.matchers = MatcherBox(place.workspace)
        self._ledger_lock = threading.Lock()
        self._count = 0

    def fork(self, name: str) -> JobState:
        """Return a state for a step that runs beside the others (3.7): a copy of this one as it
        stands, which the others do not see. `name` is unique in the job.
        """
        fork = JobState(
            self.planned,
            self.identity,
            plan=self.plan,
            contexts=self.contexts,
            place=self.place,
            cancellation=self.cancellation.add_child(is_cleanup=self.status == CANCELLED),
        )
        fork.status, fork.clock = self.status, self.clock.copy()
        fork.env, fork.paths = dict(self.env), self.paths
        fork.states, fork.begun, fork.matchers = self.states, self.begun, self.matchers
        fork.commands = name
        fork._ledger_lock = self._ledger_lock
        return fork

    def apply(self, env: Mapping[str, str], paths: tuple[str, ...]) -> None:
        """Let later steps see what one wrote to GITHUB_ENV and GITHUB_PATH (6.5)."""
        self.env |= env
        self.paths = prepend_paths(self.paths, paths)

    def take_index(self) -> int:
        """Return the number of the next step, from 0, in the order in which they begin."""
        self._count += 1
        return self._count - 1

    def record_changes(self) -> tuple[Change, ...]:
        """Return what differs in the workspace since the last call, by whichever step."""
        with self._ledger_lock:
            return tuple(Change(*change) for change in self.place.ledger.record())

    def worsen(self, result: str) -> None:
        """Lower the status; severity rises from success over failure to cancelled (6.1)."""
        self.status = worse(self.status, result)

    def look_up(self) -> None:
        """Between two steps, take note of a cancellation or of the time being up (6.3).

        A job that is out of time is cancelled; one that was cancelled and runs out of time to
        clean up runs nothing more.
        """
        if self.cancellation.reason:
            self._cancel(self.cancellation.reason)
        elif not self.clock.left and not self.reason:
            self._cancel(OUT_OF_TIME)
        if self.reason and not self.clock.left:
            self.cancellation.request("there was no time left to clean up", is_final=True)

    def _cancel(self, reason: str) -> None:
        if not self.reason:
            self.reason = reason
            self.clock.begin_cleanup()
        self.worsen(CANCELLED)


def worse(one: str, other: str) -> str:
    """Return the more severe of success, failure and cancelled (6.1)."""
    return max(one, other, key=_SEVERITY.index)
