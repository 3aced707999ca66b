"""How a step is told of: as a step of its job, or as a part of the step that uses its action."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from runner.events.model import StepFinished, StepStarted, SubstepFinished

if TYPE_CHECKING:
    from runner.events.stream import Stream
    from runner.execution.report import StepResult
    from runner.execution.state import LegIdentity


class Teller(Protocol):
    """Tells of one step; `index` is the number, in its job, of the step it belongs to."""

    index: int

    def begin(self, step: str, name: str, plugin: str) -> None:
        """Say that the step `step` (its id, '' for none) begins."""

    def end(self, step: str, name: str, result: StepResult, duration: float) -> None:
        """Say what came of it, also of one that was skipped and never began."""


class StepTeller:
    """Tells of a step of a job."""

    def __init__(self, stream: Stream, identity: LegIdentity, index: int) -> None:
        self.index = index
        self._stream = stream
        self._where = (identity.job, identity.leg, index)

    def begin(self, step: str, name: str, plugin: str) -> None:
        self._stream.emit(StepStarted(*self._where, step, name, plugin, time.time()))

    def end(self, step: str, name: str, result: StepResult, duration: float) -> None:
        report, conclusion, _ = result
        self._stream.emit(
            StepFinished(
                *self._where,
                step,
                name,
                report.outcome,
                conclusion,
                report.verdict,
                report.exit_code,
                report.message,
                report.is_errored,
                time.time(),
                duration,
                report.usage.cpu_time,
                report.usage.peak_memory,
                report.changes,
                report.outputs,
                report.summary,
                report.denials,
            )
        )


class SubstepTeller:
    """Tells of a step of an action, in the log of the step that uses it; `path` is `2.1`, say."""

    def __init__(self, stream: Stream, identity: LegIdentity, index: int, path: str) -> None:
        self.index = index
        self._stream = stream
        self._where = (identity.job, identity.leg, index)
        self._path = path

    def begin(self, step: str, name: str, plugin: str) -> None:
        del step, plugin
        self._stream.emit_output(*self._where, [f"▸ {name}"])

    def end(self, step: str, name: str, result: StepResult, duration: float) -> None:
        report, conclusion, _ = result
        if report.message and conclusion != report.outcome:
            self._stream.emit_output(*self._where, [f"{report.message} (continue-on-error)"])
        self._stream.emit(
            SubstepFinished(
                *self._where,
                self._path,
                step,
                name,
                report.outcome,
                conclusion,
                report.verdict,
                report.exit_code,
                report.message,
                report.is_errored,
                time.time(),
                duration,
            )
        )
