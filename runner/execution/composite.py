"""A composite action at work: its steps in a scope of their own (LANGUAGE 6.9)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from runner.abi import Usage, Verdict
from runner.execution.actioninputs import read_inputs
from runner.execution.frame import Frame
from runner.execution.report import StepReport
from runner.execution.scheduler import CANCELLED, FAILURE, SKIPPED, SUCCESS
from runner.execution.stages import POST, has_stage
from runner.execution.step import StepRun
from runner.execution.telling import SubstepTeller
from runner.expressions import ExpressionError
from runner.plugins.manifest import MAIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from runner.execution.report import StepResult
    from runner.execution.scope import Scope
    from runner.execution.services import Services
    from runner.plan.model import Found, PlannedStep


class ActionRun:
    """One stage of one use of a composite action; made for a single `run`.

    All it says is part of step `index` of the job; `path` is its place.
    """

    def __init__(
        self,
        services: Services,
        outer: Frame,
        planned: PlannedStep,
        *,
        index: int,
        path: tuple[int, ...],
    ) -> None:
        self._services = services
        self._outer = outer
        self._planned = planned
        self._index = index
        self._path = path
        self._results: list[StepResult] = []

    def run(
        self,
        scope: Scope,
        *,
        env: Mapping[str, str],
        stage: str,
        wall_time: float,
        is_protected: bool,
    ) -> StepReport:
        """Run the steps that have something to do in `stage`; `scope` and `env` are the step's.

        Raises ExpressionError if an input's default cannot be evaluated.
        """
        found = self._planned.found
        assert found is not None, "a composite action was found somewhere"  # noqa: S101
        job = self._outer.job
        frame = Frame(
            job,
            path=self._path,
            found=found,
            inputs=self._read_inputs(scope, found, stage),
            env=dict(self._outer.env) | dict(env),
            is_protected=is_protected,
            deadline=self._deadline(wall_time),
            is_main=stage == MAIN,
        )
        env_before, paths_before = dict(job.env), job.paths
        self._run_steps(frame, stage)
        added = tuple(path for path in reversed(job.paths) if path not in paths_before)
        changed = {name: text for name, text in job.env.items() if env_before.get(name) != text}
        report = self._report(frame)._replace(env=changed, paths=added)
        if stage != MAIN:
            return report
        try:
            return report._replace(outputs=_read_outputs(frame, found))
        except ExpressionError as error:
            return report.errored(error)

    def _deadline(self, wall_time: float) -> float:
        """Return when the action must have ended, but for the time of the job: that is minded by
        the job itself, and once it is up there is some to clean up.
        """
        if wall_time > self._outer.job.clock.left:
            return self._outer.deadline
        return time.monotonic() + wall_time

    def _read_inputs(self, scope: Scope, found: Found, stage: str) -> dict[str, str]:
        action, step = found.action, self._planned.step
        assert action is not None, "a composite action has its file"  # noqa: S101
        job, leg, _ = self._outer.job.identity

        def warn(line: str) -> None:
            if stage == MAIN:
                self._services.stream.emit_output(job, leg, self._index, [f"warning: {line}"])

        return read_inputs(action, scope.strings(getattr(step, "inputs", None)), scope, warn)

    def _run_steps(self, frame: Frame, stage: str) -> None:
        for number, planned in self._steps(stage):
            frame.look_up()
            if not frame.left:
                frame.worsen(FAILURE)
                return
            path = (*self._path, number)
            shown = ".".join(str(part + 1) for part in path)
            teller = SubstepTeller(self._services.stream, frame.job.identity, self._index, shown)
            run = StepRun(self._services, frame, planned, teller, path=path, stage=stage)
            result = run.run()
            frame.conclude(run.id, result)
            self._results.append(result)
            if result.is_broken:
                return

    def _steps(self, stage: str) -> Iterator[tuple[int, PlannedStep]]:
        """Yield the steps of a stage with their numbers: late ones backwards, if they ran."""
        steps = list(enumerate(self._planned.inner))
        if stage == MAIN:
            yield from steps
            return
        begun = self._outer.job.begun
        for number, planned in reversed(steps) if stage == POST else steps:
            is_due = stage != POST or (*self._path, number) in begun
            if is_due and has_stage(planned, stage):
                yield number, planned

    def _report(self, frame: Frame) -> StepReport:
        """Make one report of those of all steps."""
        reports = [result.report for result in self._results]
        bad = [
            result.report for result in self._results if result.conclusion not in {SUCCESS, SKIPPED}
        ]
        worst = next((one for one in bad if one.outcome == frame.status), None)
        whole = worst or StepReport(SUCCESS)
        is_cut = any(one.verdict == Verdict.TIMED_OUT for one in reports)
        if not frame.left and (is_cut or frame.status == FAILURE) and frame.status != CANCELLED:
            whole = StepReport(FAILURE, "the time of the step was up", Verdict.TIMED_OUT)
            whole = whole._replace(is_errored=True)
        usage = Usage(
            wall_time=sum(one.usage.wall_time for one in reports),
            cpu_time=sum(one.usage.cpu_time for one in reports),
            peak_memory=max((one.usage.peak_memory for one in reports), default=0),
        )
        exit_codes = [one.exit_code for one in reports if one.exit_code is not None]
        return StepReport(
            CANCELLED if frame.status == CANCELLED else whole.outcome,
            whole.message,
            whole.verdict or (Verdict.EXITED if exit_codes else ""),
            whole.exit_code if worst else (0 if exit_codes else None),
            is_errored=whole.is_errored,
            usage=usage,
            changes=tuple(change for one in reports for change in one.changes),
            summary="\n".join(one.summary for one in reports if one.summary),
            denials=tuple(denial for one in reports for denial in one.denials),
        )


def _read_outputs(frame: Frame, found: Found) -> dict[str, str]:
    """Evaluate what the action declares, also after it failed; the rest stays within."""
    outputs = found.action.outputs if found.action else ()
    scope = frame.scope()
    return {one.name.value: scope.text_of(one.value) for one in outputs}
