"""Calls of reusable workflows: begun by a leg, ended when all their jobs are (LANGUAGE 6.9)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from runner.errors import Problem
from runner.events.model import JobFinished, Notice
from runner.execution.called import read_inputs, read_outputs, read_secrets
from runner.execution.job import LegReport
from runner.execution.legs import JobError
from runner.execution.outputs import keep_outputs
from runner.execution.scheduler import FAILURE
from runner.execution.scope import Scope
from runner.execution.workflowrun import WorkflowRun
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.execution.services import Services
    from runner.execution.state import LegIdentity
    from runner.plan.model import PlannedJob


MAX_CALLED_JOBS = 10_000  # in a run: a matrix of calls of matrices multiplies without end


class _Call(NamedTuple):
    workflow: WorkflowRun
    identity: LegIdentity
    started: float


class Calls:
    """The calls at work, by the legs that made them; used from the run's own thread."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._calls: dict[tuple[str, int], _Call] = {}
        self._jobs = 0

    def begin(
        self,
        planned: PlannedJob,
        caller: tuple[str, int],
        identity: LegIdentity,
        contexts: Mapping[str, Any],
        outer: WorkflowRun,
    ) -> WorkflowRun | LegReport:
        """Return the workflow that a leg of `outer` calls; or how the leg ended already."""
        call, plan = planned.job.call, planned.call
        assert call is not None, "only jobs that call get here"  # noqa: S101
        assert plan is not None, "a job that calls has a plan for it"  # noqa: S101
        interface = plan.workflow.call
        assert interface is not None, "what is called can be: the planner saw to it"  # noqa: S101
        scope = Scope(contexts, {})
        try:
            self._count_jobs(len(plan.jobs))
            inputs = read_inputs(call, interface, scope)
            secrets = read_secrets(call, interface, scope)
        except JobError as error:
            self._notify(Problem("job.call", str(error)), identity)
            report = LegReport(FAILURE, reason=str(error))
            self._tell(identity, report, time.monotonic(), calls=False)
            return report
        workflow = WorkflowRun(
            plan,
            self._services.run,
            inputs=inputs,
            secrets=secrets,
            caller=caller,
            identity=identity,
            outer=outer,
        )
        self._calls[caller] = _Call(workflow, identity, time.monotonic())
        return workflow

    def end(self, caller: tuple[str, int], result: str) -> LegReport:
        """Return what came of a call whose jobs came to `result`; outputs also if they failed."""
        workflow, identity, started = self._calls.pop(caller)
        interface = workflow.plan.workflow.call
        assert interface is not None, "it was called"  # noqa: S101
        report = LegReport(result)
        try:
            outputs = read_outputs(interface, workflow.output_contexts())
            kept = keep_outputs(
                outputs, self._services.masker, lambda problem: self._notify(problem, identity)
            )
            report = report._replace(outputs=kept)
        except JobError as error:
            self._notify(Problem("job.call", str(error)), identity)
            report = LegReport(FAILURE, reason=str(error))
        self._tell(identity, report, started, calls=True)
        return report

    def abandon(self, caller: tuple[str, int], result: str, reason: str) -> LegReport:
        """Return what came of a call none of whose jobs was begun."""
        _, identity, started = self._calls.pop(caller)
        report = LegReport(result, reason=reason)
        self._tell(identity, report, started, calls=False)
        return report

    def _count_jobs(self, added: int) -> None:
        if self._jobs + added > MAX_CALLED_JOBS:
            raise JobError(f"the workflows that a run calls are limited to {MAX_CALLED_JOBS} jobs")
        self._jobs += added

    def _tell(
        self, identity: LegIdentity, report: LegReport, started: float, *, calls: bool
    ) -> None:
        duration = time.monotonic() - started
        result, outputs, _, reason = report
        self._services.stream.emit(
            JobFinished(*identity, result, reason, time.time(), duration, outputs, calls)
        )

    def _notify(self, problem: Problem, identity: LegIdentity) -> None:
        self._services.stream.emit(Notice(problem, identity.job, identity.leg))
