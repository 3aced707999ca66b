"""A whole run: the scheduler asked, legs started in threads, what they bring back handed on."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from runner.errors import Problem
from runner.events.model import JobFinished, Notice, RunFinished
from runner.execution.contexts import github_context, runner_context
from runner.execution.job import LegReport, LegRun
from runner.execution.legs import JobError, JobScope, expand_job
from runner.execution.scheduler import (
    CANCELLED,
    FAILURE,
    SKIPPED,
    SUCCESS,
    JobDue,
    LegsCancelled,
    Scheduler,
)
from runner.execution.state import Cancellation, LegIdentity
from runner.execution.workspaces import Workspaces
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.execution.legs import ExpandedJob
    from runner.execution.services import Services
    from runner.plan.model import Plan


class _Finished(NamedTuple):
    job: str
    leg: int
    report: LegReport


class Run:
    """Made for one `execute`. Everything but the legs' own work happens in the calling thread."""

    def __init__(self, plan: Plan, services: Services) -> None:
        self._plan = plan
        self._services = services
        self._scheduler = Scheduler(plan.needs, slots=services.options.slots)
        workspaces = Workspaces(services.source, is_in_place=services.options.is_in_place)
        self._legs = LegRun(services, plan, workspaces)
        self._needs: dict[str, dict[str, Any]] = {}
        self._expanded: dict[str, ExpandedJob] = {}
        self._running: dict[tuple[str, int], Cancellation] = {}
        self._finished: deque[_Finished | BaseException] = deque()
        self._wake = threading.Condition()
        self._count = 0
        self.is_interrupted = False

    def execute(self) -> str:
        """Run all jobs and return the run's result: success, failure or cancelled.

        A first KeyboardInterrupt cancels the run: what runs is ended, steps and jobs that ask for
        it (`if: always()`) still run. A second one is raised.
        """
        started = time.monotonic()
        while not self._scheduler.is_done:
            try:
                self._advance()
            except KeyboardInterrupt:
                if self.is_interrupted:
                    raise
                self.is_interrupted = True
                self._cancel()
        result = self._result()
        self._services.stream.emit(RunFinished(result, time.time(), time.monotonic() - started))
        return result

    def _advance(self) -> None:
        actions = self._scheduler.take()
        for action in actions:
            if isinstance(action, JobDue):
                self._begin_job(action.job)
            else:
                self._begin_leg(action.job, action.leg)
        if not actions:
            self._take_finished()

    def _begin_job(self, job: str) -> None:
        """Evaluate the job's `if` and its matrix, once, before any leg (6.2.1)."""
        scope = self._job_scope(job)
        try:
            reason = scope.why_skipped()
            if reason:
                result = CANCELLED if self._scheduler.is_cancelled else SKIPPED
                self._settle(job, result, reason)
                return
            expanded = expand_job(self._plan.jobs[job], scope)
        except JobError as error:
            self._services.stream.emit(Notice(Problem("job.evaluation", str(error)), job))
            self._settle(job, FAILURE, str(error))
            return
        self._expanded[job] = expanded
        self._scheduler.expand(
            job,
            legs=len(expanded.legs),
            max_parallel=expanded.max_parallel,
            is_fail_fast=expanded.is_fail_fast,
        )

    def _job_scope(self, job: str) -> JobScope:
        planned, run = self._plan.jobs[job], self._services.run
        contexts = {
            "github": github_context(run, job=job),
            "inputs": dict(run.inputs),
            "vars": dict(run.variables),
            "needs": {need: self._needs[need] for need in planned.needs},
        }
        ancestry = self._scheduler.ancestry(job)
        return JobScope(
            planned.job, contexts, ancestry, is_run_cancelled=self._scheduler.is_cancelled
        )

    def _settle(self, job: str, result: str, reason: str) -> None:
        self._needs[job] = {"result": result, "outputs": {}}
        name = self._plan.jobs[job].job.name
        shown = name.value if name and not name.is_template else job
        self._services.stream.emit(JobFinished(job, None, shown, result, reason, time.time(), 0.0))
        self._scheduler.settle(job, result)

    def _begin_leg(self, job: str, leg: int) -> None:
        expanded = self._expanded[job]
        identity = LegIdentity(job, expanded.legs[leg].values, expanded.names[leg])
        contexts = expanded.contexts(leg) | {
            "secrets": dict(self._services.run.secrets),
            "runner": runner_context(),
        }
        cancellation = Cancellation()
        self._running[job, leg] = cancellation
        self._count += 1
        thread = threading.Thread(
            target=self._run_leg,
            args=(job, leg, identity, self._count, contexts, cancellation),
            name=identity.name,
        )
        thread.start()

    def _run_leg(
        self,
        job: str,
        leg: int,
        identity: LegIdentity,
        number: int,
        contexts: Mapping[str, Any],
        cancellation: Cancellation,
    ) -> None:
        finished: _Finished | BaseException
        try:
            report = self._legs.run(
                self._plan.jobs[job],
                identity,
                number=number,
                contexts=contexts,
                cancellation=cancellation,
            )
            finished = _Finished(job, leg, report)
        except BaseException as error:  # noqa: BLE001 - a bug of ours; raised again in the main thread
            finished = error
        with self._wake:
            self._finished.append(finished)
            self._wake.notify()

    def _take_finished(self) -> None:
        with self._wake:
            while not self._finished:
                self._wake.wait()
            finished = self._finished.popleft()
        if isinstance(finished, BaseException):
            self._cancel()
            raise finished
        job, leg, report = finished
        del self._running[job, leg]
        needs = self._needs.setdefault(job, {"result": "", "outputs": {}})
        needs["outputs"].update({name: value for name, value in report.outputs.items() if value})
        cancelled = self._scheduler.finish(
            job, leg, report.result, is_tolerated=report.is_tolerated
        )
        if cancelled:
            self._end_legs(cancelled, "another leg of the matrix failed (fail-fast)")
        needs["result"] = self._scheduler.result(job)

    def _cancel(self) -> None:
        for cancelled in self._scheduler.cancel():
            self._end_legs(cancelled, "the run was cancelled")
        for cancellation in tuple(self._running.values()):
            cancellation.request()

    def _end_legs(self, cancelled: LegsCancelled, reason: str) -> None:
        job = cancelled.job
        expanded = self._expanded[job]
        for leg in cancelled.running:
            self._running[job, leg].request()
        for leg in cancelled.dropped:
            values, name = expanded.legs[leg].values, expanded.names[leg]
            self._services.stream.emit(
                JobFinished(job, values, name, CANCELLED, reason, time.time(), 0.0)
            )
        self._needs.setdefault(job, {"outputs": {}})["result"] = self._scheduler.result(job)

    def _result(self) -> str:
        results = {self._scheduler.result(job) for job in self._plan.jobs}
        if self._scheduler.is_cancelled or CANCELLED in results:
            return CANCELLED
        return FAILURE if FAILURE in results else SUCCESS
