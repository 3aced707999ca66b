"""What the workflow commands of one step ask for, and how much of it a step may have (6.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.execution.commands import is_stop_token
from runner.execution.effects import REFUSED_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.events.masking import Masker
    from runner.execution.commands import Command

# A guest may print any number of commands; what they make us keep has an end.
MAX_MASKS = 1_000
MAX_MASKED = 256 * 1024  # characters
MAX_ASSIGNED = 8 * 1024 * 1024  # characters
MAX_QUOTED = 200

_REPLACED = {
    "set-env": "$GITHUB_ENV",
    "add-path": "$GITHUB_PATH",
    "set-output": "$GITHUB_OUTPUT",
    "save-state": "$GITHUB_STATE",
}


class Requests:
    """Takes the commands of one step; `outputs`, `state`, `env`, `paths` and `failure` tell.

    `tell` makes an annotation of the host's own: its level and message. `is_unsecure` allows the
    commands that GitHub took out of use.
    """

    def __init__(
        self,
        masker: Masker,
        tell: Callable[[str, str], None],
        *,
        is_unsecure: bool,
        is_echoing: bool,
    ) -> None:
        self._masker = masker
        self._tell = tell
        self._is_unsecure = is_unsecure
        self._masks: set[str] = set()
        self._masked = self._assigned = 0
        self._deprecated: set[str] = set()
        self.is_echoing = is_echoing
        self.outputs: dict[str, str] = {}
        self.state: dict[str, str] = {}
        self.env: dict[str, str] = {}
        self.paths: list[str] = []
        self.failure = ""

    def apply(self, command: Command, line: str) -> None:
        """Do what `command`, which stood in `line`, asks for; what has no effect here is none."""
        effects: dict[str, Callable[[Command], str]] = {
            "add-mask": self._mask,
            "add-path": self._add_path,
            "echo": self._echo,
            "save-state": self._save_state,
            "set-env": self._set_env,
            "set-output": self._set_output,
            "stop-commands": self._stop,
        }
        effect = effects.get(command.name)
        if effect and (error := effect(command)):
            self.fail(command, line, error)

    def fail(self, command: Command, line: str, error: str) -> None:
        """Let the step fail, as `command` cannot be done."""
        # What should have become a mask is shown nowhere.
        quoted = command.name if command.name == "add-mask" else line.strip()[:MAX_QUOTED]
        self.failure = self.failure or f"Unable to process command '{quoted}' successfully. {error}"

    # Each of these does what a command says and returns '', or why it cannot be done.

    def _mask(self, command: Command) -> str:
        if not command.data.strip():
            message = "Can't add secret mask for empty string in ##[add-mask] command."
            self._tell("warning", message)
            return ""
        if not self._register(command.data):
            return f"a step may add {MAX_MASKS} masks of {MAX_MASKED // 1024} KiB in all"
        return ""

    def _set_output(self, command: Command) -> str:
        self._deprecate(command)
        return self._assign(self.outputs, command)

    def _save_state(self, command: Command) -> str:
        self._deprecate(command)
        return self._assign(self.state, command)

    def _set_env(self, command: Command) -> str:
        name = command.properties.get("name", "")
        if not self._is_unsecure:
            return _disabled(command)
        if name.upper() in REFUSED_VARIABLES:
            message = f"Can't update {name} environment variable using ::set-env:: command."
            self._tell("error", message)
            return ""
        if "=" in name or "\0" in name + command.data:
            return "this is no environment variable: there is a `=` in its name, or a NUL"
        return self._assign(self.env, command)

    def _add_path(self, command: Command) -> str:
        if not self._is_unsecure:
            return _disabled(command)
        if not command.data or "\0" in command.data:
            return "this is no directory"
        self._assigned += len(command.data)
        if self._assigned > MAX_ASSIGNED:
            return _too_much()
        self.paths.append(command.data)
        return ""

    def _assign(self, target: dict[str, str], command: Command) -> str:
        name = command.properties.get("name", "")
        if not name:
            return f"Required field 'name' is missing in ##[{command.name}] command."
        self._assigned += len(name) + len(command.data)
        if self._assigned > MAX_ASSIGNED:
            return _too_much()
        target[name] = command.data
        return ""

    def _stop(self, command: Command) -> str:
        if not is_stop_token(command.data):
            return "the command `stop-commands` needs a token of its own"
        if len(command.data) > 6:
            self._register(command.data)
        return ""

    def _echo(self, command: Command) -> str:
        wanted = command.data.strip().lower()
        if wanted not in {"on", "off"}:
            return "Invalid echo command value. Possible values can be: 'on', 'off'."
        self.is_echoing = wanted == "on"
        return ""

    def _register(self, secret: str) -> bool:
        """Mask `secret` from now on; False if the step has had all the masks it may have."""
        if secret in self._masks:
            return True
        self._masked += len(secret)
        if len(self._masks) == MAX_MASKS or self._masked > MAX_MASKED:
            return False
        self._masks.add(secret)
        self._masker.add(secret)
        return True

    def _deprecate(self, command: Command) -> None:
        """Say once a step that there is a better way."""
        if command.name not in self._deprecated:
            self._deprecated.add(command.name)
            better = f"write to {_REPLACED[command.name]}"
            self._tell("warning", f"The `{command.name}` command is deprecated: {better}")


def _disabled(command: Command) -> str:
    return f"the command `{command.name}` is disabled: write to {_REPLACED[command.name]}"


def _too_much() -> str:
    return f"a step may set {MAX_ASSIGNED // 2**20} MiB in all"
