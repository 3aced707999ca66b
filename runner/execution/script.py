"""The script of a `run:` step: which shell runs it, and where (LANGUAGE 6.8)."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from runner.abi.guest import COMMANDS, WORKSPACE
from runner.errors import Denied, InvalidInput, Problem
from runner.execution.heads import script_head
from runner.plan.shells import parse_shell
from runner.plan.steps import shell_of
from runner.plugins.manifest import SHELL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.execution.folders import StepFolder
    from runner.execution.frame import Frame
    from runner.execution.scope import Scope
    from runner.execution.services import Services
    from runner.plan.model import PlannedStep
    from runner.plugins.resolve import Plugin
    from runner.workflow.steps import RunStep

_REASONS = {
    errno.EXDEV: "it leads out of the workspace",
    errno.ELOOP: "there is a link on the way",
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "it is not a folder",
}


def write_script(
    step: RunStep,
    planned: PlannedStep,
    scope: Scope,
    *,
    frame: Frame,
    services: Services,
    folder: StepFolder,
    env: Mapping[str, str] | None = None,
    announce: Callable[[tuple[str, ...]], None] | None = None,
) -> tuple[Plugin, tuple[str, ...]]:
    """Write the evaluated script into `folder`; return the plugin that runs it and its argv.

    `announce` gets the head of the step's log, in which `env` is listed.
    """
    written = shell_of(step, frame.defaults)
    try:
        form = parse_shell(scope.text(written))
    except ValueError as error:
        where = step.shell.position if step.shell else step.position
        raise InvalidInput([Problem("shell.invalid", str(error), where)]) from error
    plugin = planned.plugin or services.resolve(form.plugin)
    name = f"script{form.extension}"
    script = scope.text(step.script.value)
    folder.place_script(name, script)
    if announce:
        announce(script_head(script, " ".join(form.arguments), env or {}))
    program, *arguments = form.command(f"{COMMANDS}/{name}")
    entry = plugin.manifest.entry_points.get(SHELL)
    # The plugin may want something between its program's name and the form's arguments.
    return plugin, (program, *(entry.arguments if entry else ()), *arguments)


def working_directory(step: RunStep, scope: Scope, *, frame: Frame) -> str:
    """Return where the script runs, relative to the workspace, '' for the workspace itself.

    Raises Denied if there is no such folder within the workspace.
    """
    defaults = frame.defaults
    written = step.working_directory or (defaults.working_directory if defaults else None)
    path = os.path.normpath(scope.text_of(written) or ".")
    path = os.path.relpath(path, WORKSPACE) if path.startswith("/") else path
    if path == ".":
        return ""
    try:
        _check_folder(frame.job.place.workspace, path)
    except (OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else 0
        reason = _REASONS.get(number or 0, str(error))
        message = f"working directory `{path}` cannot be entered: {reason}"
        where = written.position if written else None
        raise Denied([Problem("step.working-directory", message, where)]) from error
    return path


def _check_folder(workspace: str, path: str) -> None:
    from runner.workspace.paths import open_beneath

    os.close(open_beneath(workspace, path, flags=os.O_PATH | os.O_DIRECTORY))
