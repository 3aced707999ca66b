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
from runner.execution.admission import Admission, Owner
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
    from runner.execution.state import LegIdentity
    from runner.execution.workspaces import Workspaces
    from runner.plan.model import Plan


CANCELLED_RUN = "the run was cancelled"
ABANDONED = "the run was ended at once"
MAX_LEGS = 20_000
FAIL_FAST = "another leg of the matrix failed (fail-fast)"


class _Finished(NamedTuple):
    job: str
    leg: int
    report: LegReport
    bug: BaseException | None = None


class _Told(NamedTuple):
    """A claim to a concurrency group is running or cancelled now."""

    owner: Owner
    state: str


class Run:
    """Made for one `execute`. Everything but the legs' own work happens in the calling thread.

    Jobs are known by the scheduler's keys; `self._jobs` tells what is behind them.
    """

    def __init__(self, plan: Plan, services: Services, workspaces: Workspaces) -> None:
        run = services.run
        root = WorkflowRun(plan, run, inputs=run.inputs, secrets=run.secrets)
        self._plan = plan
        self._root = root
        self._services = services
        self._jobs = {root.key(name): JobRun(root, job) for name, job in plan.jobs.items()}
        self._scheduler = Scheduler(root.keyed_needs(), slots=services.options.slots)
        self._legs = LegRun(services, workspaces)
        self._calls: Calls | None = None
        self._running: dict[tuple[str, int], Cancellation] = {}
        self._entering: dict[tuple[str, int], WorkflowRun] = {}
        # Its `put` is safe in a signal handler. None stands for an interrupt.
        self._inbox: SimpleQueue[_Finished | _Told | None] = SimpleQueue()
        self._admission = Admission(
            services.source, lambda owner, state: self._inbox.put(_Told(owner, state))
        )
        self._bug: BaseException | None = None
        self._is_waiting = False
        self._fate: tuple[str, str] | None = None  # of all jobs that are still to begin, and why
        self._count = self._expected = self._outputs = 0
        self.is_interrupted = False

    def execute(self) -> str:
        """Run all jobs and return the run's result: success, failure or cancelled.

        A first Ctrl-C (or SIGTERM) cancels the run: what runs is ended, steps and jobs that ask
        for it (`if: always()`) still run. A second one ends these too. All threads have ended when
        this returns.
        """
        started = time.monotonic()
        with interrupts_call(lambda: self._inbox.put(None)):
            try:
                self._claim_turn()
                while not self._scheduler.is_done:
                    self._advance()
            finally:
                self._admission.close()
        with suppress(OSError):
            os.rmdir(self._services.folder.work)  # what is left in it could not be removed
        result = self._result()
        self._services.stream.emit(RunFinished(result, time.time(), time.monotonic() - started))
        if self._bug:
            raise self._bug
        return result

    def _claim_turn(self) -> None:
        """Find out whether other runs of the pipeline's concurrency group come first (3.4)."""
        try:
            self._is_waiting = self._admission.must_wait(self._root, Owner())
        except JobError as error:
            self._fate = FAILURE, str(error)
        if self._is_waiting:
            message = "waiting for another run of the same concurrency group"
            self._services.stream.emit(Notice(Problem("run.waiting", message, severity="warning")))

    def _advance(self) -> None:
        """Start what is due; if nothing is, wait for something to happen."""
        actions = () if self._is_waiting else self._scheduler.take()
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
            elif isinstance(finished, _Told):
                self._take_turn(finished.owner, is_cancelled=finished.state == CANCELLED)
            else:
                self._take_finished(finished)

    def _begin_job(self, key: str) -> None:
        """Evaluate the job's `if` and its matrix, once, before any leg (6.2.1)."""
        if self._fate:
            self._settle(key, *self._fate)
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
            self._count_legs(len(expanded.legs))
            self._jobs[key] = JobRun(workflow, planned, expanded)
            held = self._admission.find_waiting(key, self._jobs[key])
        except JobError as error:
            job, leg, _ = workflow.identify_job(planned)
            self._services.stream.emit(Notice(Problem("job.evaluation", str(error)), job, leg))
            self._settle(key, FAILURE, str(error))
            return
        self._scheduler.expand(
            key,
            legs=len(expanded.legs),
            max_parallel=expanded.max_parallel,
            is_fail_fast=expanded.is_fail_fast,
            takes_slot=planned.call is None,
            held=held,
        )

    def _count_legs(self, more: int) -> None:
        """Bound what matrices of calls of matrices multiply to. Raises JobError."""
        self._expected += more
        if self._expected > MAX_LEGS:
            raise JobError(f"a run is limited to {MAX_LEGS} jobs, all legs and calls counted")

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
            self._begin_call((key, leg), identity, contexts)
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

    def _begin_call(
        self, caller: tuple[str, int], identity: LegIdentity, contexts: Mapping[str, Any]
    ) -> None:
        """Begin the workflow that a leg calls, or wait until its concurrency group lets it."""
        workflow, planned, _ = self._jobs[caller[0]]
        calls = self._call_runner()
        called = calls.begin(planned, caller, identity, contexts, workflow)
        if isinstance(called, LegReport):
            self._take_finished(_Finished(*caller, called))
            return
        try:
            must_wait = self._admission.must_wait(called, Owner(*caller, is_call=True))
        except JobError as error:
            report = calls.abandon(caller, FAILURE, str(error))
            self._take_finished(_Finished(*caller, report))
            return
        self._entering[caller] = called
        if not must_wait:
            self._enter(caller)

    def _enter(self, caller: tuple[str, int]) -> None:
        called = self._entering.pop(caller)
        for name, job in called.plan.jobs.items():
            self._jobs[called.key(name)] = JobRun(called, job)
        self._scheduler.enter(*caller, called.keyed_needs())

    def _take_turn(self, owner: Owner, *, is_cancelled: bool) -> None:
        """Go on with what may run now, or end what a newer claim has replaced."""
        reason, caller = self._admission.why_cancelled(owner), (owner.key, owner.leg)
        if not owner.key:
            if is_cancelled:
                self._fate = (CANCELLED, reason) if self._is_waiting else self._fate
                self._cancel(reason, is_final=False)
            self._is_waiting = False
        elif owner.is_call and caller in self._entering:
            if is_cancelled:
                self._leave_call(caller, reason)
            else:
                self._enter(caller)
        elif not is_cancelled:
            self._scheduler.admit(*caller)
        elif not owner.is_call and self._scheduler.withdraw(*caller):
            self._end_legs(LegsCancelled(owner.key, (), (owner.leg,)), reason)
        else:
            self._end_with_calls(LegsCancelled(owner.key, (owner.leg,), ()), reason)

    def _leave_call(self, caller: tuple[str, int], reason: str) -> None:
        """Cancel a call that waits for its turn."""
        del self._entering[caller]
        report = self._call_runner().abandon(caller, CANCELLED, reason)
        self._take_finished(_Finished(*caller, report))

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
        for is_call in (True, False):
            self._admission.release(Owner(key, leg, is_call))
        if bug:
            self._bug = self._bug or bug
            self._abandon()
        needs = self._needs(key)
        needs["outputs"].update(self._bound(key, report.outputs))
        cancelled = self._scheduler.finish(
            key, leg, report.result, is_tolerated=report.is_tolerated
        )
        if cancelled:
            self._end_with_calls(cancelled, FAIL_FAST)
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
            message = "interrupted: `if: always()` still runs, another Ctrl-C ends that too"
            notice = Notice(Problem("run.interrupted", message, severity="warning"))
            self._services.stream.emit(notice)
            if self._is_waiting:
                self._fate = CANCELLED, CANCELLED_RUN
            self._is_waiting = False
            self._cancel(CANCELLED_RUN, is_final=False)

    def _abandon(self) -> None:
        self._fate = CANCELLED, ABANDONED
        self._is_waiting = False
        self._cancel(ABANDONED, is_final=True)

    def _cancel(self, reason: str, *, is_final: bool) -> None:
        for cancelled in self._scheduler.cancel():
            self._end_legs(cancelled, reason)
        for cancellation in tuple(self._running.values()):
            cancellation.request(reason, is_final=is_final)

    def _end_with_calls(self, cancelled: LegsCancelled, reason: str) -> None:
        """End legs, and all that those of them that call a workflow have begun."""
        self._end_legs(cancelled, reason)
        for leg in cancelled.running:
            for inner in self._scheduler.cancel((cancelled.job, leg)):
                self._end_legs(inner, reason)

    def _end_legs(self, cancelled: LegsCancelled, reason: str) -> None:
        key = cancelled.job
        workflow, planned, expanded = self._jobs[key]
        assert expanded is not None, "only a job with legs has some to end"  # noqa: S101
        for leg in cancelled.running:
            if (key, leg) in self._running:
                self._running[key, leg].request(reason)
            if (key, leg) in self._entering:
                self._leave_call((key, leg), reason)
        for leg in cancelled.dropped:
            self._admission.release(Owner(key, leg))
            identity = workflow.identify(planned.id, expanded, leg)
            self._services.stream.emit(JobFinished(*identity, CANCELLED, reason, time.time(), 0.0))
        self._needs(key)["result"] = self._scheduler.result(key)

    def _result(self) -> str:
        results = {self._scheduler.result(job) for job in self._plan.jobs}
        if self._scheduler.is_cancelled or CANCELLED in results:
            return CANCELLED
        return FAILURE if FAILURE in results else SUCCESS
