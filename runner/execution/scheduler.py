"""When: which job or matrix leg may go next. No threads, no clocks, no WebAssembly.

The caller tells what happened (`expand`, `settle`, `finish`, `cancel`) and asks what may happen
now (`take`). Every call costs no more than the jobs and legs it moves, whatever the graph's shape:
what a job must know of its ancestors is folded into it as they finish, never searched for.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from runner.plan.graph import dependents_of
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SUCCESS, FAILURE, CANCELLED, SKIPPED = "success", "failure", "cancelled", "skipped"


class JobDue(NamedTuple):
    """All needs of `job` are finished: evaluate its `if`, then `expand` or `settle` it."""

    job: str


class LegDue(NamedTuple):
    """Start leg number `leg` of `job`; a slot is taken until it is finished."""

    job: str
    leg: int


class LegsCancelled(NamedTuple):
    """fail-fast: end the running legs of `job`; its queued ones were dropped."""

    job: str
    running: tuple[int, ...]
    dropped: tuple[int, ...]


class Ancestry(NamedTuple):
    """What all ancestors of a job came to.

    `culprit` is one that did not succeed, at best one that failed; `result` is what it came to.
    """

    culprit: str = ""
    result: str = SUCCESS

    @property
    def is_success(self) -> bool:
        return not self.culprit

    @property
    def is_failure(self) -> bool:
        return self.result == FAILURE


class _Job:
    """The moving parts of one job."""

    def __init__(self, needs: Sequence[str]) -> None:
        self.open_needs = len(set(needs))
        self.queued: deque[int] = deque()
        self.running: set[int] = set()
        self.results: list[str] = []
        self.max_parallel = 0
        self.is_fail_fast = True
        self.result = ""


class Scheduler:
    """Runs a graph of jobs over a number of slots. Not thread-safe: one thread drives it."""

    def __init__(self, needs: Mapping[str, Sequence[str]], *, slots: int) -> None:
        self._needs = needs
        self._dependents = dependents_of(needs)
        self._jobs = {name: _Job(wanted) for name, wanted in needs.items()}
        self._ancestry = dict.fromkeys(needs, Ancestry())
        self._due = deque(name for name, job in self._jobs.items() if not job.open_needs)
        self._expanded: deque[str] = deque()
        self._slots = slots
        self._unfinished = len(needs)
        self.is_cancelled = False

    @property
    def is_done(self) -> bool:
        return not self._unfinished

    def result(self, job: str) -> str:
        """Return the result of a finished job as `needs.<id>.result` shows it, else ''."""
        return self._jobs[job].result

    def ancestry(self, job: str) -> Ancestry:
        """Return what the ancestors of a due job came to (LANGUAGE 6.2.1)."""
        return self._ancestry[job]

    def take(self) -> tuple[JobDue | LegDue, ...]:
        """Return all that may start now, each once, in the order of the file."""
        actions: list[JobDue | LegDue] = [JobDue(name) for name in self._due]
        self._due.clear()
        for _ in range(len(self._expanded)):
            if not self._slots:
                break
            name = self._expanded.popleft()
            job = self._jobs[name]
            while job.queued and self._slots and _has_room(job):
                leg = job.queued.popleft()
                job.running.add(leg)
                self._slots -= 1
                actions.append(LegDue(name, leg))
            if job.queued:
                self._expanded.append(name)
        return tuple(actions)

    def expand(
        self, job: str, *, legs: int, max_parallel: int = 0, is_fail_fast: bool = True
    ) -> None:
        """Queue the legs of a due job; a job without a matrix has one."""
        state = self._jobs[job]
        state.queued.extend(range(legs))
        state.results = [""] * legs
        state.max_parallel, state.is_fail_fast = max_parallel, is_fail_fast
        self._expanded.append(job)

    def settle(self, job: str, result: str) -> None:
        """End a due job that has no legs to run: skipped, or failed before any could start."""
        self._end(job, result)

    def finish(
        self, job: str, leg: int, result: str, *, is_tolerated: bool = False
    ) -> LegsCancelled | None:
        """Record a leg's result; return the legs to cancel if it failed and the job is fail-fast.

        `is_tolerated` is the job's continue-on-error: its failure counts as success (6.2.3).
        """
        state = self._jobs[job]
        state.running.discard(leg)
        self._slots += 1
        state.results[leg] = SUCCESS if is_tolerated and result == FAILURE else result
        cancelled = None
        if state.results[leg] == FAILURE and state.is_fail_fast and (state.queued or state.running):
            cancelled = LegsCancelled(job, tuple(sorted(state.running)), self._drop(state))
        if not state.queued and not state.running:
            self._end(job, merge_results(state.results))
        return cancelled

    def cancel(self) -> tuple[LegsCancelled, ...]:
        """Drop all that is queued; jobs that become due later still say so, for `always()`."""
        self.is_cancelled = True
        dropped = []
        for name in self._expanded:
            state = self._jobs[name]
            if state.queued:
                dropped.append(LegsCancelled(name, tuple(sorted(state.running)), self._drop(state)))
            if not state.running and not state.result:
                self._end(name, merge_results(state.results))
        self._expanded.clear()
        return tuple(dropped)

    def _drop(self, state: _Job) -> tuple[int, ...]:
        dropped = tuple(state.queued)
        for leg in dropped:
            state.results[leg] = CANCELLED
        state.queued.clear()
        return dropped

    def _end(self, name: str, result: str) -> None:
        self._jobs[name].result = result
        self._unfinished -= 1
        is_own = result != SUCCESS
        passed_on = _fold(self._ancestry[name], Ancestry(name, result) if is_own else Ancestry())
        for dependent in self._dependents[name]:
            self._ancestry[dependent] = _fold(self._ancestry[dependent], passed_on)
            job = self._jobs[dependent]
            job.open_needs -= 1
            if not job.open_needs:
                self._due.append(dependent)


def merge_results(results: Sequence[str]) -> str:
    """Return the result of a job from its legs' (LANGUAGE 6.2.3)."""
    for worst in (FAILURE, CANCELLED, SUCCESS):
        if worst in results:
            return worst
    return SKIPPED


def _has_room(job: _Job) -> bool:
    return not job.max_parallel or len(job.running) < job.max_parallel


def _fold(one: Ancestry, other: Ancestry) -> Ancestry:
    if other.is_failure and not one.is_failure:
        return other
    return other if one.is_success else one
