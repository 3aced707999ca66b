"""When: which job or matrix leg may go next. No threads, no clocks, no WebAssembly.

The caller tells what happened (`expand`, `settle`, `finish`, `cancel`, ...) and asks what may
happen now (`take`). Every call costs no more than the jobs and legs it moves, whatever the graph's
shape: what a job must know of its ancestors is folded into it as they finish, never searched for.

The jobs of a called workflow are a group of their own, entered when the calling leg starts. A job
is known by a key that is unique in the run.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from runner.plan.graph import dependents_of
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SUCCESS, FAILURE, CANCELLED, SKIPPED = "success", "failure", "cancelled", "skipped"


class JobDue(NamedTuple):
    """All needs of `job` are finished: evaluate its `if`, then `expand` or `settle` it."""

    job: str


class LegDue(NamedTuple):
    """Start leg number `leg` of `job`; a slot is taken until it is finished.

    A leg that calls a workflow takes none: `enter` the jobs of the workflow.
    """

    job: str
    leg: int


class CallDone(NamedTuple):
    """All jobs that a leg called are finished, and came to `result`: `finish` the leg."""

    job: str
    leg: int
    result: str


class LegsCancelled(NamedTuple):
    """End the running legs of `job`; its queued ones were dropped."""

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


class _Group:
    """The jobs of one workflow; `caller` is the leg that called it, None for the first one."""

    def __init__(self, caller: tuple[str, int] | None, jobs: tuple[str, ...]) -> None:
        self.caller = caller
        self.jobs = jobs
        self.unfinished = len(jobs)
        self.is_cancelled = False
        self.called: list[_Group] = []


class _Job:
    """The moving parts of one job. `held` legs wait for the caller's `admit`."""

    def __init__(self, group: _Group, needs: Sequence[str]) -> None:
        self.group = group
        self.dependents: Sequence[str] = ()
        self.ancestry = Ancestry()
        self.open_needs = len(set(needs))
        self.queued: deque[int] = deque()
        self.held: set[int] = set()
        self.running: set[int] = set()
        self.results: list[str] = []
        self.max_parallel = 0
        self.is_fail_fast = True
        self.takes_slot = True
        self.result = ""

    @property
    def has_legs(self) -> bool:
        return bool(self.queued or self.held or self.running)


class Scheduler:
    """Runs a graph of jobs over a number of slots. Not thread-safe: one thread drives it."""

    def __init__(self, needs: Mapping[str, Sequence[str]], *, slots: int) -> None:
        self._jobs: dict[str, _Job] = {}
        self._due: deque[str] = deque()
        self._expanded: deque[str] = deque()
        self._calling: deque[str] = deque()
        self._done: deque[CallDone] = deque()
        self._slots = slots
        self._called: dict[tuple[str, int], _Group] = {}
        self._root = self._add_group(needs, None)

    @property
    def is_done(self) -> bool:
        return not self._root.unfinished

    @property
    def is_cancelled(self) -> bool:
        return self._root.is_cancelled

    def is_cancelled_for(self, job: str) -> bool:
        """Whether the run, or the call that `job` belongs to, was cancelled."""
        return self._jobs[job].group.is_cancelled

    def result(self, job: str) -> str:
        """Return the result of a finished job as `needs.<id>.result` shows it, else ''."""
        return self._jobs[job].result

    def ancestry(self, job: str) -> Ancestry:
        """Return what the ancestors of a due job came to (LANGUAGE 6.2.1)."""
        return self._jobs[job].ancestry

    def take(self) -> tuple[JobDue | LegDue | CallDone, ...]:
        """Return all that may start now, each once, in the order of the file."""
        actions: list[JobDue | LegDue | CallDone] = list(self._done)
        actions += [JobDue(name) for name in self._due]
        self._done.clear()
        self._due.clear()
        for waiting in (self._calling, self._expanded):
            for _ in range(len(waiting)):
                if waiting is self._expanded and not self._slots:
                    break
                name = waiting.popleft()
                actions += self._start_legs(name)
                if self._jobs[name].queued:
                    waiting.append(name)
        return tuple(actions)

    def expand(
        self,
        job: str,
        *,
        legs: int,
        max_parallel: int = 0,
        is_fail_fast: bool = True,
        takes_slot: bool = True,
        held: Sequence[int] = (),
    ) -> None:
        """Queue the legs of a due job; a job without a matrix has one.

        Those `held` do not start before they are admitted. Legs that call a workflow take no slot.
        """
        state = self._jobs[job]
        state.held = set(held)
        state.queued.extend(leg for leg in range(legs) if leg not in state.held)
        state.results = [""] * legs
        state.max_parallel, state.is_fail_fast = max_parallel, is_fail_fast
        state.takes_slot = takes_slot
        (self._expanded if takes_slot else self._calling).append(job)

    def admit(self, job: str, leg: int) -> None:
        """Let a held leg start; one that was dropped meanwhile stays so."""
        state = self._jobs[job]
        if leg in state.held:
            state.held.discard(leg)
            if not state.queued:
                (self._expanded if state.takes_slot else self._calling).append(job)
            state.queued.append(leg)

    def withdraw(self, job: str, leg: int) -> bool:
        """Cancel a leg that has not started; return whether it had not."""
        state = self._jobs[job]
        if leg in state.held:
            state.held.discard(leg)
        elif leg in state.queued:
            state.queued.remove(leg)
        else:
            return False
        state.results[leg] = CANCELLED
        self._end_if_finished(job)
        return True

    def enter(self, job: str, leg: int, needs: Mapping[str, Sequence[str]]) -> None:
        """Begin the jobs that a running leg calls; CallDone tells when all are finished."""
        group = self._add_group(needs, (job, leg))
        group.is_cancelled = self._jobs[job].group.is_cancelled
        self._jobs[job].group.called.append(group)
        self._called[job, leg] = group

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
        self._slots += state.takes_slot
        state.results[leg] = SUCCESS if is_tolerated and result == FAILURE else result
        cancelled = None
        if state.results[leg] == FAILURE and state.is_fail_fast and state.has_legs:
            cancelled = LegsCancelled(job, tuple(sorted(state.running)), _drop(state))
        self._end_if_finished(job)
        return cancelled

    def cancel(self, call: tuple[str, int] | None = None) -> tuple[LegsCancelled, ...]:
        """Drop all that is queued, or all that one leg called; return what is to be ended.

        Jobs that become due later still say so, for `always()`.
        """
        cancelled = []
        for group in _within(self._called.get(call) if call else self._root):
            group.is_cancelled = True
            for name in group.jobs:
                state = self._jobs[name]
                if state.has_legs and not state.result:
                    running = tuple(sorted(state.running))
                    cancelled.append(LegsCancelled(name, running, _drop(state)))
                    self._end_if_finished(name)
        return tuple(cancelled)

    def _add_group(
        self, needs: Mapping[str, Sequence[str]], caller: tuple[str, int] | None
    ) -> _Group:
        group = _Group(caller, tuple(needs))
        for name, dependents in dependents_of(needs).items():
            job = self._jobs[name] = _Job(group, needs[name])
            job.dependents = dependents
            if not job.open_needs:
                self._due.append(name)
        return group

    def _start_legs(self, name: str) -> Iterator[LegDue]:
        job = self._jobs[name]
        while job.queued and (self._slots or not job.takes_slot) and _has_room(job):
            leg = job.queued.popleft()
            job.running.add(leg)
            self._slots -= job.takes_slot
            yield LegDue(name, leg)

    def _end_if_finished(self, name: str) -> None:
        state = self._jobs[name]
        if not state.has_legs and not state.result:
            self._end(name, merge_results(state.results))

    def _end(self, name: str, result: str) -> None:
        job = self._jobs[name]
        job.result = result
        is_own = result != SUCCESS
        passed_on = _fold(job.ancestry, Ancestry(name, result) if is_own else Ancestry())
        for dependent in job.dependents:
            other = self._jobs[dependent]
            other.ancestry = _fold(other.ancestry, passed_on)
            other.open_needs -= 1
            if not other.open_needs:
                self._due.append(dependent)
        group = job.group
        group.unfinished -= 1
        if not group.unfinished and group.caller:
            results = [self._jobs[inner].result for inner in group.jobs]
            self._done.append(CallDone(*group.caller, merge_results(results)))


def merge_results(results: Sequence[str]) -> str:
    """Return the result of a job from its legs' (LANGUAGE 6.2.3)."""
    for worst in (FAILURE, CANCELLED, SUCCESS):
        if worst in results:
            return worst
    return SKIPPED


def _drop(state: _Job) -> tuple[int, ...]:
    dropped = (*state.queued, *sorted(state.held))
    for leg in dropped:
        state.results[leg] = CANCELLED
    state.queued.clear()
    state.held.clear()
    return dropped


def _within(group: _Group | None) -> Iterator[_Group]:
    if group:
        yield group
        for called in group.called:
            yield from _within(called)


def _has_room(job: _Job) -> bool:
    return not job.max_parallel or len(job.running) < job.max_parallel


def _fold(one: Ancestry, other: Ancestry) -> Ancestry:
    if other.is_failure and not one.is_failure:
        return other
    return other if one.is_success else one
