"""A whole run: the scheduler asked, legs started in threads, what they bring back handed on."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from runner.errors import Problem
from runner.events.model import JobFinished, Notice, RunFinished
from runner.execution.contexts import github_context, runner_context
from runner.execution.interrupts import interrupts_call
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
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.execution.legs import ExpandedJob
    from runner.execution.services import Services
    from runner.execution.workspaces import Workspaces
    from runner.plan.model import Plan


CANCELLED_RUN = "the run was cancelled"
ABANDONED = "the run was ended at once"


class _Finished(NamedTuple):
    job: str
    leg: int
    report: LegReport
    bug: BaseException | None = None


class Run:
    """Made for one `execute`. Everything but the legs' own work happens in the calling thread."""

    def __init__(self, plan: Plan, services: Services, workspaces: Workspaces) -> None:
        self._plan = plan
        self._services = services
        self._scheduler = Scheduler(plan.needs, slots=services.options.slots)
        self._legs = LegRun(services, plan, workspaces)
        self._needs: dict[str, dict[str, Any]] = {}
        self._expanded: dict[str, ExpandedJob] = {}
        self._running: dict[tuple[str, int], Cancellation] = {}
        # Its `put` is safe in a signal handler. None stands for an interrupt.
        self._inbox: SimpleQueue[_Finished | None] = SimpleQueue()
        self._bug: BaseException | None = None
        self._is_abandoned = False
        self._count = 0
        self.is_interrupted = False

    def execute(self) -> str:
        """Run all jobs and return the run's result: success, failure or cancelled.

        A first Ctrl-C (or SIGTERM) cancels the run: what runs is ended, steps and jobs that ask
        for it (`if: always()`) still run. A second one ends these too. All threads have ended when
        this returns.
        """
        started = time.monotonic()
        with interrupts_call(lambda: self._inbox.put(None)):
            while not self._scheduler.is_done:
                self._advance()
        with suppress(OSError):
            os.rmdir(self._services.folder.work)  # what is left in it could not be removed
        result = self._result()
        self._services.stream.emit(RunFinished(result, time.time(), time.monotonic() - started))
        if self._bug:
            raise self._bug
        return result

    def _advance(self) -> None:
        """Start what is due; if nothing is, wait for something to happen."""
        actions = self._scheduler.take()
        for action in actions:
            if isinstance(action, JobDue):
                self._begin_job(action.job)
            else:
                self._begin_leg(action.job, action.leg)
        if not actions or not self._inbox.empty():
            finished = self._inbox.get()
            if finished is None:
                self._interrupt()
            else:
                self._take_finished(finished)

    def _begin_job(self, job: str) -> None:
        """Evaluate the job's `if` and its matrix, once, before any leg (6.2.1)."""
        if self._is_abandoned:
            self._settle(job, CANCELLED, ABANDONED)
            return
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
        cancellation = self._running[job, leg] = Cancellation()
        self._count += 1
        threading.Thread(
            target=self._run_leg,
            args=(job, leg, identity, self._count, contexts, cancellation),
            name=identity.name,
        ).start()

    def _run_leg(
        self,
        job: str,
        leg: int,
        identity: LegIdentity,
        number: int,
        contexts: Mapping[str, Any],
        cancellation: Cancellation,
    ) -> None:
        try:
            report = self._legs.run(
                self._plan.jobs[job],
                identity,
                number=number,
                contexts=contexts,
                cancellation=cancellation,
            )
            finished = _Finished(job, leg, report)
        except BaseException as error:  # noqa: BLE001 - a bug of ours; raised in the main thread
            finished = _Finished(job, leg, LegReport(FAILURE), error)
        self._inbox.put(finished)

    def _take_finished(self, finished: _Finished) -> None:
        job, leg, report, bug = finished
        del self._running[job, leg]
        if bug:
            self._bug = self._bug or bug
            self._abandon()
        needs = self._needs.setdefault(job, {"result": "", "outputs": {}})
        needs["outputs"].update(report.outputs)
        cancelled = self._scheduler.finish(
            job, leg, report.result, is_tolerated=report.is_tolerated
        )
        if cancelled:
            self._end_legs(cancelled, "another leg of the matrix failed (fail-fast)")
        needs["result"] = self._scheduler.result(job)

    def _interrupt(self) -> None:
        if self.is_interrupted:
            self._abandon()
        else:
            self.is_interrupted = True
            self._cancel(CANCELLED_RUN, is_final=False)

    def _abandon(self) -> None:
        self._is_abandoned = True
        self._cancel(ABANDONED, is_final=True)

    def _cancel(self, reason: str, *, is_final: bool) -> None:
        for cancelled in self._scheduler.cancel():
            self._end_legs(cancelled, reason)
        for cancellation in tuple(self._running.values()):
            cancellation.request(reason, is_final=is_final)

    def _end_legs(self, cancelled: LegsCancelled, reason: str) -> None:
        job = cancelled.job
        expanded = self._expanded[job]
        for leg in cancelled.running:
            self._running[job, leg].request(reason)
        for leg in cancelled.dropped:
            values, name = expanded.legs[leg].values, expanded.names[leg]
            self._services.stream.emit(
                JobFinished(job, values, name, CANCELLED, reason, time.time(), 0.0)
            )
        needs = self._needs.setdefault(job, {"result": "", "outputs": {}})
        needs["result"] = self._scheduler.result(job)

    def _result(self) -> str:
        results = {self._scheduler.result(job) for job in self._plan.jobs}
        if self._scheduler.is_cancelled or CANCELLED in results:
            return CANCELLED
        return FAILURE if FAILURE in results else SUCCESS
