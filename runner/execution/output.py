"""A step's output as it streams: lines to events, workflow commands to their effects (6.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.abi.guest import WORKSPACE
from runner.events.lines import LineSplitter
from runner.events.model import Annotation, StepHead
from runner.execution.commands import Command, CommandReader
from runner.execution.requests import Requests

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.execution.matchers import ProblemFinder
    from runner.execution.services import Services
    from runner.execution.state import LegIdentity, MatcherBox

MAX_ANNOTATIONS = 10
MAX_LINES = 1_000_000
LEVELS = ("error", "warning", "notice")
# Commands that `::echo::on` does not show: they show themselves, or must not be seen.
_NEVER_ECHOED = frozenset({*LEVELS, "add-mask", "debug", "group", "endgroup"})


class OutputReader:
    """Takes the bytes of one step. `outputs`, `state`, `env`, `paths` and `failure` say what its
    commands did; `is_unsecure` allows those that GitHub took out of use (`set-env`, `add-path`).
    `matchers` are the problem matchers of the job.
    """

    def __init__(
        self,
        services: Services,
        identity: LegIdentity,
        step: int,
        *,
        is_unsecure: bool = False,
        matchers: MatcherBox | None = None,
    ) -> None:
        self._stream = services.stream
        self._is_debug = services.run.is_debug
        self._where = (identity.job, identity.leg, step)
        self._splitter = LineSplitter(services.masker)
        self._commands = CommandReader()
        self._requests = Requests(
            services.masker, self._tell, is_unsecure=is_unsecure, is_echoing=self._is_debug
        )
        self._matchers = matchers
        self._finder: ProblemFinder | None = None
        self._is_finding = matchers is not None
        self._annotations = dict.fromkeys(LEVELS, 0)
        self._lines = 0
        self._pending: list[str] = []
        self.outputs = self._requests.outputs
        self.state = self._requests.state
        self.env = self._requests.env
        self.paths = self._requests.paths

    @property
    def failure(self) -> str:
        return self._requests.failure

    def head(self, lines: Sequence[str]) -> None:
        """Tell what the step is about to do, before all of its output (6.8)."""
        self._stream.emit(StepHead(*self._where, tuple(lines)))

    def feed(self, chunk: bytes) -> None:
        self._take(self._splitter.feed(chunk))

    def finish(self) -> None:
        """Take what stands after the last newline."""
        self._take(self._splitter.close())

    def say(self, line: str) -> None:
        """Put a text of the host's own into the step's log."""
        self._pending += line.replace("\r", "\n").split("\n")
        self._flush()

    def complain(self, message: str) -> None:
        """Make an error annotation of the host's own."""
        self._tell("error", message)

    def _take(self, lines: list[str]) -> None:
        """Pass plain lines on in one go; what came before a command is told before its effect."""
        finder = self._active_finder()
        for line in self._within_cap(lines):
            command = self._commands.read(line)
            if command is None:
                self._pending.append(line)
                if finder:
                    self._match(finder, line)
                continue
            self._flush()
            is_shown = self._requests.is_echoing and command.name not in _NEVER_ECHOED
            self._apply(command, line)
            if is_shown:
                self._pending.append(line)
            finder = self._active_finder()
        self._flush()

    def _active_finder(self) -> ProblemFinder | None:
        """Return what finds problems, if anything can: asked once for many lines."""
        if self._finder is None and self._is_finding and self._matchers and self._matchers.opened:
            from runner.execution.matchers import ProblemFinder  # loaded: a step has added one

            self._finder = ProblemFinder(self._matchers.opened)
        return self._finder if self._finder and self._finder.is_active else None

    def _within_cap(self, lines: list[str]) -> list[str]:
        """Leave out what is beyond MAX_LINES: an empty line, one byte, takes 85 in the journal."""
        left = MAX_LINES - self._lines
        self._lines += len(lines)
        if len(lines) <= left:
            return lines
        told = [f"warning: the step's log ends here, after {MAX_LINES} lines"] if left >= 0 else []
        self._lines = MAX_LINES + 1
        return lines[: max(left, 0)] + told

    def _flush(self) -> None:
        if self._pending:
            self._stream.emit_output(*self._where, self._pending)
            self._pending = []

    def _apply(self, command: Command, line: str) -> None:
        if command.name in LEVELS:
            self._annotate(_annotation(command, self._where))
        elif command.name == "debug":
            if self._is_debug:
                self.say("\n".join(f"debug: {line}" for line in command.data.split("\n")))
        elif command.name == "group":
            self.say(f"▸ {command.data}")
        elif command.name in {"add-matcher", "remove-matcher"}:
            self._change_matchers(command, line)
        else:
            self._requests.apply(command, line)

    def _tell(self, level: str, message: str) -> None:
        self._annotate(Annotation(*self._where, level, message))

    def _annotate(self, note: Annotation) -> None:
        """Record an annotation; GitHub has ten of a level a step, the others stay plain lines."""
        self._annotations[note.level] += 1
        if self._annotations[note.level] <= MAX_ANNOTATIONS:
            self._flush()
            self._stream.emit(note)
        elif not note.matcher:
            self.say(note.text)

    def _match(self, finder: ProblemFinder, line: str) -> None:
        """See whether `line`, which is shown, completes a problem that a matcher knows."""
        if note := finder.find(line, self._where):
            self._annotate(note)
        if self._is_finding and finder.is_spent:
            self._is_finding, self._finder = False, None
            self._tell("warning", "problem matchers took too long: they find no more in this step")

    def _change_matchers(self, command: Command, line: str) -> None:
        if self._matchers is None:
            self._tell("warning", "problem matchers are not supported here")
            return
        matchers = self._matchers.open()
        change = matchers.add if command.name == "add-matcher" else matchers.remove
        try:
            warnings = change(command)
        except ValueError as error:
            self._requests.fail(command, line, str(error))
            return
        for warning in warnings:
            self._tell("warning", warning)


def _annotation(command: Command, where: tuple[str, dict[str, object] | None, int]) -> Annotation:
    get = command.properties.get
    return Annotation(
        *where,
        level=command.name,
        message=command.data,
        title=get("title", ""),
        file=get("file", "").strip().removeprefix(f"{WORKSPACE}/"),
        line=_integer(get("line", "")),
        column=_integer(get("col", "")),
        end_line=_integer(get("endline", "")),
        end_column=_integer(get("endcolumn", "")),
    )


def _integer(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
