"""A step's output as it streams: lines to events, workflow commands to their effects (6.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.events.lines import LineSplitter
from runner.events.model import Annotation
from runner.execution.commands import Command, CommandReader, is_stop_token

if TYPE_CHECKING:
    from runner.execution.services import Services
    from runner.execution.state import LegIdentity

MAX_ANNOTATIONS = 10
LEVELS = frozenset({"error", "warning", "notice"})
_REFUSED = {
    "set-env": "the command `set-env` is disabled: write to $GITHUB_ENV",
    "add-path": "the command `add-path` is disabled: write to $GITHUB_PATH",
}


class OutputReader:
    """Takes the bytes of one step. `outputs` and `failure` say what its commands did."""

    def __init__(self, services: Services, identity: LegIdentity, step: int) -> None:
        self._services = services
        self._where = (identity.job, identity.leg, step)
        self._splitter = LineSplitter(services.masker)
        self._commands = CommandReader()
        self._annotations = dict.fromkeys(LEVELS, 0)
        self._is_echoing = False
        self._pending: list[str] = []
        self.outputs: dict[str, str] = {}
        self.failure = ""

    def feed(self, chunk: bytes) -> None:
        self._take(self._splitter.feed(chunk))

    def finish(self) -> None:
        """Take what stands after the last newline."""
        self._take(self._splitter.close())

    def say(self, line: str) -> None:
        """Put a line of the host's own into the step's log."""
        self._pending.append(line)
        self._flush()

    def _take(self, lines: list[str]) -> None:
        """Pass plain lines on in one go; what came before a command is told before its effect."""
        for line in lines:
            command = self._commands.read(line)
            if command is None:
                self._pending.append(line)
                continue
            self._flush()
            is_done = self._apply(command)
            if not is_done or (self._is_echoing and command.name != "add-mask"):
                self._pending.append(line)
        self._flush()

    def _flush(self) -> None:
        if self._pending:
            self._services.stream.emit_output(*self._where, self._pending)
            self._pending = []

    def _apply(self, command: Command) -> bool:
        """Do what `command` says; return False if its line is to be shown as it is."""
        if command.name in LEVELS:
            return self._annotate(command)
        if command.name in _REFUSED:
            self._fail(command, _REFUSED[command.name])
        elif command.name == "add-mask":
            self._mask(command)
        elif command.name == "set-output":
            self._set_output(command)
        elif command.name == "stop-commands":
            self._stop(command)
        elif command.name == "echo":
            self._is_echoing = command.data.strip().lower() == "on"
        elif command.name == "group":
            self.say(f"▸ {command.data}")
        return True

    def _annotate(self, command: Command) -> bool:
        """Record an annotation; its line stays visible. GitHub shows ten of a level a step."""
        self._annotations[command.name] += 1
        if self._annotations[command.name] > MAX_ANNOTATIONS:
            return False
        get = command.properties.get
        self._services.stream.emit(
            Annotation(
                *self._where,
                level=command.name,
                message=command.data,
                title=get("title", ""),
                file=get("file", ""),
                line=_integer(get("line", "")),
                column=_integer(get("col", "")),
                end_line=_integer(get("endline", "")),
                end_column=_integer(get("endcolumn", "")),
            )
        )
        return True

    def _mask(self, command: Command) -> None:
        if not command.data.strip():
            self.say("warning: can't add an empty mask")
            return
        self._services.masker.add(command.data)

    def _set_output(self, command: Command) -> None:
        name = command.properties.get("name", "")
        if name:
            self.outputs[name] = command.data
        else:
            self._fail(command, "the command `set-output` needs a name")

    def _stop(self, command: Command) -> None:
        if not is_stop_token(command.data):
            self._fail(command, "the command `stop-commands` needs a token of its own")
        elif len(command.data) > 6:
            self._services.masker.add(command.data)

    def _fail(self, command: Command, reason: str) -> None:
        self.failure = f"Unable to process command '::{command.name}' successfully. {reason}"


def _integer(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
