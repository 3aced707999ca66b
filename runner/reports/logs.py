"""A plain text file for each job, `logs/<job>[.<leg>].log`, as it happened."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from runner.events.controls import strip_controls
from runner.events.model import (
    Annotation,
    JobFinished,
    Leg,
    StepFinished,
    StepHead,
    StepOutput,
    StepStarted,
)
from runner.reports.folder import Folder, write_all
from runner.reports.labels import denial_label, duration_label, one_line, step_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.events.model import Event
    from runner.events.summary import RunSummary
    from runner.reports.reporter import Setting

_UNSAFE = r"[^A-Za-z0-9_.+-]+"
_LONGEST_NAME = 100


class Logs:
    """A report: see `reports.reporter`. Control sequences are left out of the files."""

    def __init__(self, setting: Setting) -> None:
        run = Folder(setting.folder)
        self._folder = run.enter("logs")
        run.close()
        self._files: dict[tuple[str, str], int] = {}
        self._names: set[str] = set()

    def handle(self, events: Sequence[Event]) -> None:
        event = events[0]
        match event:
            case StepOutput():
                lines = [output.line for output in events if isinstance(output, StepOutput)]
                text = "\n".join(lines)
            case StepHead():
                title, *lines = event.lines
                text = "\n".join([f"▸ {title}", *(f"  {line}".rstrip() for line in lines)])
            case Annotation(matcher=""):  # that of a matcher tells of a line that stands there
                text = event.text
            case StepStarted():
                label = step_label(event.step, one_line(event.name))
                text = f"==> {label} ({one_line(event.plugin)})"
            case StepFinished():
                text = _ending(event)
            case JobFinished():
                self._close(event)
                return
            case _:
                return
        data = f"{strip_controls(text)}\n".encode("utf-8", "replace")
        write_all(self._file(event.job, event.leg), data)

    def finish(self, summary: RunSummary) -> None:  # noqa: ARG002 - part of the protocol
        for file in self._files.values():
            os.close(file)
        self._files.clear()
        self._folder.close()

    def _close(self, job: JobFinished) -> None:
        """Let go of the file, for a matrix may have more legs than a process may have files."""
        file = self._files.pop((job.job, repr(job.leg)), None)
        if file is not None:
            os.close(file)

    def _file(self, job: str, leg: Leg) -> int:
        key = (job, repr(leg))
        if key not in self._files:
            self._files[key] = self._folder.create(self._name(job, leg))
        return self._files[key]

    def _name(self, job: str, leg: Leg) -> str:
        parts = [job, "-".join(map(str, leg.values()))] if leg else [job]
        stem = ".".join(re.sub(_UNSAFE, "_", part) for part in parts)[:_LONGEST_NAME].lstrip(".")
        name, number = f"{stem}.log", 1
        while name.casefold() in self._names:
            number += 1
            name = f"{stem}~{number}.log"
        self._names.add(name.casefold())
        return name


def _ending(step: StepFinished) -> str:
    if step.conclusion == "skipped":
        reason = f": {one_line(step.message)}" if step.message else ""
        return f"==> {step_label(step.step, one_line(step.name))} skipped{reason}\n"
    status = "" if step.exit_code is None else f", exit code {step.exit_code}"
    message = f": {one_line(step.message)}" if step.message else ""
    refused = "".join(f"{denial_label(denial)}\n" for denial in step.denials)
    return f"{refused}<== {step.conclusion}{status}, {duration_label(step.duration)}{message}\n"
