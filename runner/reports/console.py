"""The run as a person watches it: compact, live, readable without colour.

build ▸ Compile          a step starts
build │ cc -o app        what it prints
build ✓ Compile  1.2s    how it ended
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.events.controls import strip_controls
from runner.events.model import (
    Annotation,
    ArtifactSaved,
    JobFinished,
    JobStarted,
    Leg,
    Notice,
    RunStarted,
    StepFinished,
    StepHead,
    StepOutput,
    StepStarted,
    TestFinished,
)
from runner.events.summary import Status, result_status, step_reason, step_status
from runner.reports import closing
from runner.reports.gutter import Gutter
from runner.reports.labels import count_label, duration_label, one_line, size_label
from runner.reports.style import choose_style

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from runner.events.model import Event
    from runner.events.summary import RunSummary
    from runner.reports.reporter import Setting


class Console:
    """A report: see `reports.reporter`. The run goes to `out`, notices go to `err`."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._style = choose_style(setting.out, setting.environment)
        self._gutter = Gutter(self._style)
        self._speaker: tuple[str, str, int] | None = None
        self._is_heard = True

    def handle(self, events: Sequence[Event]) -> None:
        if self._is_heard:
            self._try(lambda: self._tell_all(events))

    def finish(self, summary: RunSummary) -> None:
        shown = self._setting.shown or self._setting.folder
        lines = closing.lines(summary, self._style, folder=shown, speaker=self._speaker)
        if self._is_heard:
            self._try(lambda: self._write("\n".join(["", *lines, ""])))

    def _try(self, tell: Callable[[], None]) -> None:
        """Fall silent once whoever read us has gone, as in `runner run FILE | head`."""
        try:
            tell()
            self._setting.out.flush()
        except BrokenPipeError:
            self._is_heard = False

    def _tell_all(self, events: Sequence[Event]) -> None:
        event = events[0]
        if isinstance(event, StepOutput):
            text = "\n".join([output.line for output in events if isinstance(output, StepOutput)])
            self._speaker = event.job, repr(event.leg), event.step
            self._put(event.job, event.leg, self._style.marks.bar, self._style.clean(text))
        else:
            for single in events:
                self._tell(single)

    def _tell(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._start_run(event)
            case Notice():
                self._notify(event)
            case JobStarted():
                self._gutter.name(event.job, event.leg, event.name)
            case StepStarted():
                text = f"{self._style.paint(one_line(event.name), 'bold')}{self._plugin(event)}"
                self._put(event.job, event.leg, self._style.marks.start, text)
            case StepHead() if self._setting.environment.get("RUNNER_DEBUG") == "1":
                for line in map(strip_controls, event.lines):
                    shown = self._style.paint(line, "dim")
                    self._put(event.job, event.leg, self._style.marks.bar, shown)
            case Annotation(matcher=""):  # the line that a matcher read is shown already
                self._annotate(event)
            case TestFinished():
                self._test(event)
            case ArtifactSaved():
                size = f"{count_label(event.files, 'file')}, {size_label(event.size)}"
                text = self._style.paint(f"artifact {one_line(event.name)}: {size}", "dim")
                self._put(event.job, event.leg, self._style.marks.bar, text)
            case StepFinished():
                self._finish_step(event)
            case JobFinished():
                self._finish_job(event)

    def _start_run(self, run: RunStarted) -> None:
        self._gutter.prepare(run.jobs)
        name = self._style.paint(one_line(run.pipeline), "bold")
        self._write(f"{name}\n" if run.file == run.pipeline else f"{name}  {one_line(run.file)}\n")

    def _notify(self, notice: Notice) -> None:
        """Write to stderr, which may be another place than stdout is."""
        problem = notice.problem
        style = choose_style(self._setting.err, self._setting.environment)
        level = style.paint(f"{problem.severity}:", problem.severity)
        where = f"{problem.where}: " if problem.where else ""
        text = f"{level} {one_line(where + problem.message)}\n"
        if problem.hint:
            text += f"  hint: {one_line(problem.hint)}\n"
        self._setting.out.flush()
        self._setting.err.write(style.writable(text))
        self._setting.err.flush()

    def _plugin(self, step: StepStarted) -> str:
        plugin = one_line(step.plugin)
        return self._style.paint(f"  {plugin}", "dim") if plugin not in {"", step.name} else ""

    def _annotate(self, note: Annotation) -> None:
        level, text = note.level, strip_controls(note.text)
        text = text.replace(f"{level}:", self._style.paint(f"{level}:", level), 1)
        self._put(note.job, note.leg, self._style.marks.bar, text)

    def _test(self, test: TestFinished) -> None:
        if test.result in {Status.FAILED, Status.ERRORED}:
            text = closing.test_line(test, self._style)
            self._put(test.job, test.leg, self._style.marks.bar, text)

    def _finish_step(self, step: StepFinished) -> None:
        status = step_status(step)
        facts = []
        if status != Status.SKIPPED:
            facts.append(duration_label(step.duration))
        if reason := one_line(step_reason(step)):
            facts.append(reason if status == Status.PASSED else self._style.paint(reason, status))
        if step.changes:
            facts.append(f"{count_label(len(step.changes), 'file')} changed")
        text = f"{one_line(step.name)}  {f' {self._style.marks.dot} '.join(facts)}"
        self._put(step.job, step.leg, self._style.mark(status), text.rstrip())

    def _finish_job(self, job: JobFinished) -> None:
        """Say what no step of it has said."""
        self._gutter.name(job.job, job.leg, job.name)
        status, reason = result_status(job.result), one_line(job.reason)
        if status == Status.PASSED or (status == Status.FAILED and not reason):
            return
        text = f"job {status}{f': {reason}' if reason else ''}"
        mark = Status.ERRORED if status == Status.FAILED else status  # no step said no
        self._put(job.job, job.leg, self._style.mark(mark), text)

    def _put(self, job: str, leg: Leg, mark: str, text: str) -> None:
        self._write(self._gutter.lines(job, leg, mark, text))

    def _write(self, text: str) -> None:
        self._setting.out.write(self._style.writable(text))
