"""How the script of a `run:` step is started: the shell forms of LANGUAGE 6.8."""

from __future__ import annotations

import posixpath

from runner.records import NamedTuple

BUILT_IN = {
    "": ("bash", "-e", "{0}"),
    "bash": ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "{0}"),
    "sh": ("sh", "-e", "{0}"),
    "python": ("python", "{0}"),
}
EXTENSIONS = {"": ".sh", "bash": ".sh", "sh": ".sh", "python": ".py"}
REFUSED = {
    "pwsh": "PowerShell is not available as WebAssembly",
    "powershell": "PowerShell is not available as WebAssembly",
    "cmd": "cmd runs on Windows only",
}
STANDARD_SHELL = "steps/sh"
# The standard steps whose names are not their programs'.
_STEPS = {
    "bash": STANDARD_SHELL,
    "dash": STANDARD_SHELL,
    "sh": STANDARD_SHELL,
    "python3": "steps/python",
}
INVALID = (
    "Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) "
    "or a format string containing '{0}'"
)


class ShellForm(NamedTuple):
    """`arguments` still hold `{0}`; the first is the program. `extension` of the script file."""

    arguments: tuple[str, ...]
    extension: str

    @property
    def program(self) -> str:
        return self.arguments[0]

    @property
    def plugin(self) -> str:
        """The `uses:` of the plugin that has this program, whatever folder it is said to be in."""
        name = posixpath.basename(self.program)
        return _STEPS.get(name, f"steps/{name}")

    def command(self, script: str) -> tuple[str, ...]:
        """Return the argument vector that runs the file `script` (a guest path)."""
        return tuple(argument.replace("{0}", script) for argument in self.arguments)


def parse_shell(shell: str) -> ShellForm:
    """Return the form that `shell:` names; '' is the default, which has no pipefail.

    Raises ValueError with the message of LANGUAGE 6.8, or why we have no such shell.
    """
    if shell in BUILT_IN:
        return ShellForm(BUILT_IN[shell], EXTENSIONS[shell])
    _check_supported(shell, shell)
    import shlex  # 1 ms; only for a form of the user's own

    try:
        words = tuple(shlex.split(shell))
    except ValueError as error:
        raise ValueError(INVALID) from error
    if len(words) < 2 or not any("{0}" in word for word in words[1:]):
        raise ValueError(INVALID)
    # `env` only looks for the program, which is what we do.
    is_env = posixpath.basename(words[0]) == "env" and len(words) > 2 and words[1][0] not in "-{"
    form = ShellForm(words[1:] if is_env else words, "")
    _check_supported(posixpath.basename(form.program), shell)
    return form


def _check_supported(program: str, shell: str) -> None:
    """Raise ValueError for a program that there will never be."""
    reason = REFUSED.get(program.lower().removesuffix(".exe"))
    if reason:
        raise ValueError(f"shell `{shell}` is not supported: {reason}; use bash, sh or python")
