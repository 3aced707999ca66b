"""A step's output as it streams: lines to events, workflow commands to their effects (6.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.events.lines import LineSplitter
from runner.events.model import Annotation
from runner.execution.commands import Command, CommandReader, is_stop_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.execution.services import Services
    from runner.execution.state import LegIdentity

MAX_ANNOTATIONS = 10
MAX_LINES = 1_000_000
LEVELS = ("error", "warning", "notice")
# A guest may print any number of commands; what they make us keep has an end.
MAX_MASKS = 1_000
MAX_MASKED = 256 * 1024  # characters
MAX_ASSIGNED = 8 * 1024 * 1024  # characters


class OutputReader:
    """Takes the bytes of one step. `outputs`, `state`, `env`, `paths` and `failure` say what its
    commands did; `is_unsecure` allows those that GitHub took out of use (`set-env`, `add-path`).
    """

    def __init__(
        self, services: Services, identity: LegIdentity, step: int, *, is_unsecure: bool = False
    ) -> None:
        self._services = services
        self._where = (identity.job, identity.leg, step)
        self._is_unsecure = is_unsecure
        self._splitter = LineSplitter(services.masker)
        self._commands = CommandReader()
        self._annotations = dict.fromkeys(LEVELS, 0)
        self._masks = self._masked = self._assigned = 0
        self._is_echoing = False
        self._lines = 0
        self._pending: list[str] = []
        self.outputs: dict[str, str] = {}
        self.state: dict[str, str] = {}
        self.env: dict[str, str] = {}
        self.paths: list[str] = []
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

    def complain(self, message: str) -> None:
        """Make an error annotation of the host's own."""
        self._services.stream.emit(Annotation(*self._where, level="error", message=message))

    def _take(self, lines: list[str]) -> None:
        """Pass plain lines on in one go; what came before a command is told before its effect."""
        lines = self._within_cap(lines)
        for line in lines:
            command = self._commands.read(line)
            if command is None:
                self._pending.append(line)
                continue
            self._flush()
            is_hidden = self._apply(command)
            if not is_hidden or (self._is_echoing and command.name != "add-mask"):
                self._pending.append(line)
        self._flush()

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
            self._services.stream.emit_output(*self._where, self._pending)
            self._pending = []

    def _apply(self, command: Command) -> bool:
        """Do what `command` says; return False if its line is to be shown as it is."""
        if command.name in LEVELS:
            return self._annotate(command)
        effects: dict[str, Callable[[Command], str]] = {
            "add-mask": self._mask,
            "add-path": self._add_path,
            "echo": self._echo,
            "group": self._group,
            "save-state": self._save_state,
            "set-env": self._set_env,
            "set-output": self._set_output,
            "stop-commands": self._stop,
        }
        effect = effects.get(command.name)
        error = effect(command) if effect else ""
        if error and not self.failure:
            line = f"::{command.name}::{command.data[:100]}"
            self.failure = f"Unable to process command '{line}' successfully. {error}"
        return True

    def _annotate(self, command: Command) -> bool:
        """Record an annotation; GitHub has ten of a level a step, the others stay plain lines."""
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

    # Each of these does what a command says and returns '', or why it cannot be done.

    def _mask(self, command: Command) -> str:
        if not command.data.strip():
            self.say("warning: can't add an empty mask")
            return ""
        self._masks += 1
        self._masked += len(command.data)
        if self._masks > MAX_MASKS or self._masked > MAX_MASKED:
            return f"a step may add {MAX_MASKS} masks of {MAX_MASKED // 1024} KiB in all"
        self._services.masker.add(command.data)
        return ""

    def _set_output(self, command: Command) -> str:
        return self._assign(self.outputs, command)

    def _save_state(self, command: Command) -> str:
        return self._assign(self.state, command)

    def _set_env(self, command: Command) -> str:
        if not self._is_unsecure:
            return "the command `set-env` is disabled: write to $GITHUB_ENV"
        return self._assign(self.env, command)

    def _add_path(self, command: Command) -> str:
        if not self._is_unsecure:
            return "the command `add-path` is disabled: write to $GITHUB_PATH"
        self._assigned += len(command.data)
        if self._assigned <= MAX_ASSIGNED:
            self.paths.append(command.data)
        return ""

    def _assign(self, target: dict[str, str], command: Command) -> str:
        name = command.properties.get("name", "")
        if not name:
            return f"the command `{command.name}` needs a name"
        self._assigned += len(name) + len(command.data)
        if self._assigned > MAX_ASSIGNED:
            return f"a step may set {MAX_ASSIGNED // 2**20} MiB in all"
        target[name] = command.data
        return ""

    def _stop(self, command: Command) -> str:
        if not is_stop_token(command.data):
            return "the command `stop-commands` needs a token of its own"
        if len(command.data) > 6:
            self._masks += 1
            if self._masks <= MAX_MASKS:
                self._services.masker.add(command.data[:MAX_MASKED])
        return ""

    def _echo(self, command: Command) -> str:
        wanted = command.data.strip().lower()
        if wanted not in {"on", "off"}:
            return "the command `echo` is either on or off"
        self._is_echoing = wanted == "on"
        return ""

    def _group(self, command: Command) -> str:
        self.say(f"▸ {command.data}")
        return ""


def _integer(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
