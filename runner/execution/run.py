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
from runner.execution.cancellation import Cancellation
from runner.execution.interrupts import interrupts_call
from runner.execution.job import LegReport, LegRun
from runner.execution.legs import JobError, JobScope, expand_job
from runner.execution.outputs import MAX_RUN_OUTPUTS
from runner.execution.scheduler import (
    CANCELLED,
    FAILURE,
    SKIPPED,
    SUCCESS,
    CallDone,
    JobDue,
    LegsCancelled,
    Scheduler,
)
from runner.execution.workflowrun import JobRun, WorkflowRun
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.execution.calls import Calls
    from runner.execution.services import Services
    from runner.execution.workspaces import Workspaces
    from runner.plan.model import Plan


CANCELLED_RUN = "the run was cancelled"
ABANDONED = "the run was ended at once"
FAIL_FAST = "another leg of the matrix failed (fail-fast)"


class _Finished(NamedTuple):
    job: str
    leg: int
    report: LegReport
    bug: BaseException | None = None


class Run:
    """Made for one `execute`. Everything but the legs' own work happens in the calling thread.

    Jobs are known by the scheduler's keys; `self._jobs` tells what is behind them.
    """

    def __init__(self, plan: Plan, services: Services, workspaces: Workspaces) -> None:
        run = services.run
        root = WorkflowRun(plan, run, inputs=run.inputs, secrets=run.secrets)
        self._plan = plan
        self._services = services
        self._jobs = {root.key(name): JobRun(root, job) for name, job in plan.jobs.items()}
        self._scheduler = Scheduler(root.keyed_needs(), slots=services.options.slots)
        self._legs = LegRun(services, workspaces)
        self._calls: Calls | None = None
        self._running: dict[tuple[str, int], Cancellation] = {}
        # Its `put` is safe in a signal handler. None stands for an interrupt.
        self._inbox: SimpleQueue[_Finished | None] = SimpleQueue()
        self._bug: BaseException | None = None
        self._is_abandoned = False
        self._count = self._outputs = 0
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
            elif isinstance(action, CallDone):
                self._end_call(action)
            else:
                self._begin_leg(action.job, action.leg)
        if not actions or not self._inbox.empty():
            finished = self._inbox.get()
            if finished is None:
                self._interrupt()
            else:
                self._take_finished(finished)

    def _begin_job(self, key: str) -> None:
        """Evaluate the job's `if` and its matrix, once, before any leg (6.2.1)."""
        if self._is_abandoned:
            self._settle(key, CANCELLED, ABANDONED)
            return
        workflow, planned, _ = self._jobs[key]
        is_cancelled = self._scheduler.is_cancelled_for(key)
        scope = JobScope(
            planned.job,
            workflow.contexts(planned),
            self._scheduler.ancestry(key),
            is_run_cancelled=is_cancelled,
        )
        try:
            reason = scope.why_skipped()
            if reason:
                self._settle(key, CANCELLED if is_cancelled else SKIPPED, reason)
                return
            expanded = expand_job(planned, scope)
        except JobError as error:
            job, leg, _ = workflow.identify_job(planned)
            self._services.stream.emit(Notice(Problem("job.evaluation", str(error)), job, leg))
            self._settle(key, FAILURE, str(error))
            return
        self._jobs[key] = JobRun(workflow, planned, expanded)
        self._scheduler.expand(
            key,
            legs=len(expanded.legs),
            max_parallel=expanded.max_parallel,
            is_fail_fast=expanded.is_fail_fast,
            takes_slot=planned.call is None,
        )

    def _settle(self, key: str, result: str, reason: str) -> None:
        """End a job that has no legs."""
        workflow, planned, _ = self._jobs[key]
        workflow.needs[planned.id] = {"result": result, "outputs": {}}
        identity = workflow.identify_job(planned)
        self._services.stream.emit(JobFinished(*identity, result, reason, time.time(), 0.0))
        self._scheduler.settle(key, result)

    def _begin_leg(self, key: str, leg: int) -> None:
        workflow, planned, expanded = self._jobs[key]
        assert expanded is not None, "a job has its legs before they are due"  # noqa: S101
        identity = workflow.identify(planned.id, expanded, leg)
        contexts = workflow.leg_contexts(expanded, leg)
        if planned.call:
            called = self._call_runner().begin(planned, (key, leg), identity, contexts)
            if isinstance(called, LegReport):
                self._take_finished(_Finished(key, leg, called))
            else:
                plan = called.plan
                self._jobs |= {
                    called.key(name): JobRun(called, job) for name, job in plan.jobs.items()
                }
                self._scheduler.enter(key, leg, called.keyed_needs())
            return
        cancellation = self._running[key, leg] = Cancellation()
        self._count += 1

        def work(number: int = self._count) -> None:
            try:
                report = self._legs.run(
                    planned,
                    identity,
                    plan=workflow.plan,
                    number=number,
                    contexts=contexts,
                    cancellation=cancellation,
                )
                finished = _Finished(key, leg, report)
            except BaseException as error:  # noqa: BLE001 - a bug of ours; raised in the main thread
                finished = _Finished(key, leg, LegReport(FAILURE), error)
            self._inbox.put(finished)

        threading.Thread(target=work, name=identity.name).start()

    def _call_runner(self) -> Calls:
        if self._calls is None:
            from runner.execution.calls import Calls  # 2 ms; few pipelines call another

            self._calls = Calls(self._services)
        return self._calls

    def _end_call(self, done: CallDone) -> None:
        report = self._call_runner().end((done.job, done.leg), done.result)
        self._take_finished(_Finished(done.job, done.leg, report))

    def _take_finished(self, finished: _Finished) -> None:
        key, leg, report, bug = finished
        self._running.pop((key, leg), None)
        if bug:
            self._bug = self._bug or bug
            self._abandon()
        needs = self._needs(key)
        needs["outputs"].update(self._bound(key, report.outputs))
        cancelled = self._scheduler.finish(
            key, leg, report.result, is_tolerated=report.is_tolerated
        )
        if cancelled:
            self._end_legs(cancelled, FAIL_FAST)
        needs["result"] = self._scheduler.result(key)

    def _bound(self, key: str, outputs: Mapping[str, str]) -> Mapping[str, str]:
        """Return the outputs as long as those of the run are not too many (6.2.5)."""
        self._outputs += sum(map(len, outputs.values()))
        if self._outputs <= MAX_RUN_OUTPUTS:
            return outputs
        workflow, planned, _ = self._jobs[key]
        job, leg, _ = workflow.identify_job(planned)
        message = "outputs of a run are limited to 50 MB: these are dropped"
        problem = Problem("job.outputs-too-large", message, severity="warning")
        self._services.stream.emit(Notice(problem, job, leg))
        return {}

    def _needs(self, key: str) -> dict[str, Any]:
        workflow, planned, _ = self._jobs[key]
        return workflow.needs.setdefault(planned.id, {"result": "", "outputs": {}})

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
        key = cancelled.job
        workflow, planned, expanded = self._jobs[key]
        assert expanded is not None, "only a job with legs has some to end"  # noqa: S101
        for leg in cancelled.running:
            if (key, leg) in self._running:
                self._running[key, leg].request(reason)
            for inner in self._scheduler.cancel((key, leg)):
                self._end_legs(inner, reason)
        for leg in cancelled.dropped:
            identity = workflow.identify(planned.id, expanded, leg)
            self._services.stream.emit(JobFinished(*identity, CANCELLED, reason, time.time(), 0.0))
        self._needs(key)["result"] = self._scheduler.result(key)

    def _result(self) -> str:
        results = {self._scheduler.result(job) for job in self._plan.jobs}
        if self._scheduler.is_cancelled or CANCELLED in results:
            return CANCELLED
        return FAILURE if FAILURE in results else SUCCESS
