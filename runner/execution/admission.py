"""What of a run has to wait for its turn: the run, legs, calls, by their concurrency groups."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.errors import Problem, Unavailable
from runner.execution.scope import Scope
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from runner.documents.nodes import Node
    from runner.execution.concurrency import Groups
    from runner.execution.workflowrun import JobRun, WorkflowRun


class Owner(NamedTuple):
    """Whose claim it is: a leg's, by its job's key and number; or, with `is_call`, that of the
    workflow which the leg calls. The run's own has no key.
    """

    key: str = ""
    leg: int = 0
    is_call: bool = False


class Admission:
    """The claims of one run, made in its thread; `tell` hears from any when one changes."""

    def __init__(self, source: str, tell: Callable[[Owner, str], None]) -> None:
        self._home = os.path.join(source, ".runner", "concurrency")
        self._tell = tell
        self._groups: Groups | None = None

    def must_wait(self, workflow: WorkflowRun, owner: Owner) -> bool:
        """Claim the group of a whole workflow; return whether it has to wait. Raises JobError."""
        scope = Scope(workflow.contexts_of_workflow(), {})
        return self._claim(workflow.plan.workflow.concurrency, scope, owner, workflow)

    def find_waiting(self, key: str, job: JobRun) -> tuple[int, ...]:
        """Claim the groups of all legs of a job; return those that have to wait.

        Raises JobError.
        """
        workflow, planned, expanded = job
        node = planned.job.concurrency
        if node is None or expanded is None:
            return ()
        return tuple(
            leg
            for leg in range(len(expanded.legs))
            if self._claim(node, Scope(expanded.contexts(leg), {}), Owner(key, leg), workflow)
        )

    def why_cancelled(self, owner: Owner) -> str:
        """Return what to say of a claim that a newer one replaced."""
        demand = self._groups.demand(owner) if self._groups else None
        return demand.why_cancelled if demand else ""

    def release(self, owner: Owner) -> None:
        """Let the next one of the group go, if `owner` has a claim."""
        if self._groups:
            self._groups.release(owner)

    def close(self) -> None:
        """Release all that is left."""
        if self._groups:
            self._groups.close()

    def _claim(self, node: Node | None, scope: Scope, owner: Owner, workflow: WorkflowRun) -> bool:
        if node is None:
            return False
        from runner.execution.concurrency import PENDING, Groups, read_demand  # 4 ms; few have one

        demand = read_demand(node, scope)
        if self._groups is None:
            self._groups = Groups(self._home, self._tell)
        try:
            return self._groups.claim(owner, demand, within=_around(workflow, owner)) == PENDING
        except OSError as error:
            message = f"cannot use the concurrency group `{demand.group}`: {error.strerror}"
            raise Unavailable([Problem("run.concurrency", message)]) from error


def _around(workflow: WorkflowRun, owner: Owner) -> Iterator[Owner]:
    """Yield whose end `owner` must not wait for: the workflows around it, and what calls them."""
    if owner.is_call:
        yield owner._replace(is_call=False)
    current: WorkflowRun | None = workflow
    while current is not None and current.caller is not None:
        key, leg = current.caller
        yield Owner(key, leg, is_call=True)
        yield Owner(key, leg)
        current = current.outer
    if owner.key:
        yield Owner()
