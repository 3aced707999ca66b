"""A step that a plugin carries out: its call prepared, run, and what it left read back."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from runner.abi.guest import COMMANDS, RESULT_VARIABLE
from runner.abi.invocation import Limits
from runner.errors import Denied, InvalidInput, Problem, RunnerError
from runner.events.model import Change
from runner.execution.contexts import DEFAULT_PATH, default_environment
from runner.execution.files import parse_assignments, parse_paths, prepend_paths
from runner.execution.folders import open_step_folder
from runner.execution.output import OutputReader
from runner.execution.report import StepReport, errored, report_of
from runner.plan.planner import shell_of
from runner.plan.shells import parse_shell
from runner.plugins.invoke import Call, Places, prepare
from runner.plugins.manifest import MAIN, SHELL
from runner.workflow.steps import RunStep
from runner.workspace.paths import make_directories, open_beneath

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.execution.folders import StepFolder
    from runner.execution.scope import Scope
    from runner.execution.services import Services
    from runner.execution.state import JobState
    from runner.plan.model import Plan, PlannedStep
    from runner.plugins.resolve import Plugin

MAX_SUMMARY = 1024 * 1024


class GuestStep:
    """One plugin step of one leg; made for a single `run`."""

    def __init__(
        self, services: Services, plan: Plan, state: JobState, planned: PlannedStep, index: int
    ) -> None:
        self._services = services
        self._plan = plan
        self._state = state
        self._planned = planned
        self._folder: StepFolder = open_step_folder(state.folder)
        self._output = OutputReader(services, state.identity, index)

    def run(self, scope: Scope, env: Mapping[str, str], *, wall_time: float) -> StepReport:
        """Run the step; `env` is its own evaluated `env:`, `wall_time` in seconds, 0 for none.

        Raises ExpressionError if the script or an input cannot be evaluated.
        """
        try:
            call = self._prepare(scope, env, wall_time)
        except RunnerError as error:
            return errored("; ".join(str(problem) for problem in error.problems), verdict="denied")
        for warning in call.warnings:
            self._output.say(f"warning: {warning.message}")
        report = self._call(call)
        return self._collect(report)

    def _prepare(self, scope: Scope, env: Mapping[str, str], wall_time: float) -> Call:
        step = self._planned.step
        directory = self._working_directory(scope)
        if isinstance(step, RunStep):
            plugin, arguments = self._shell(step, scope)
            entry_point, given = SHELL, None
        else:
            plugin, arguments = self._plugin(), None
            self._folder.place_script("", "")
            entry_point, given = MAIN, scope.strings(step.inputs)
        call = prepare(
            plugin,
            given,
            places=Places(self._state.workspace, *self._folder, working_directory=directory),
            entry_point=entry_point,
            arguments=arguments,
            environment=self._environment(scope, env),
            offered=self._state.env | dict(env),
            limits=Limits(wall_time=wall_time, memory=0, output=0, file_size=0, stack=0),
        )
        self._make_folders(call.folders)
        for name in set(call.withheld) & set(env):
            self._output.say(f"warning: `{name}` is withheld: the plugin does not request it")
        return call

    def _make_folders(self, folders: tuple[str, ...]) -> None:
        """Make what the plugin may write to, never through a link that an earlier step planted."""
        root = os.open(self._state.workspace, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in folders:
                os.close(make_directories(root, folder))
        except OSError as error:
            message = f"`{error.filename}` cannot be made: {error.strerror}"
            raise Denied([Problem("step.folder", message)]) from error
        finally:
            os.close(root)

    def _plugin(self) -> Plugin:
        plugin = self._planned.plugin
        assert plugin is not None, "the planner gives every `uses:` step its plugin"  # noqa: S101
        return plugin

    def _shell(self, step: RunStep, scope: Scope) -> tuple[Plugin, tuple[str, ...]]:
        """Write the script and return what runs it."""
        written = shell_of(step, self._state.planned.job, self._plan.workflow)
        try:
            form = parse_shell(scope.text(written))
        except ValueError as error:
            where = step.shell.position if step.shell else step.position
            raise InvalidInput([Problem("shell.invalid", str(error), where)]) from error
        plugin = self._planned.plugin or self._services.resolve(form.plugin)
        name = f"script{form.extension}"
        self._folder.place_script(name, scope.text(step.script.value))
        program, *arguments = form.command(f"{COMMANDS}/{name}")
        return plugin, (program, *_shell_arguments(plugin), *arguments)

    def _working_directory(self, scope: Scope) -> str:
        step, job = self._planned.step, self._state.planned.job
        written = step.working_directory if isinstance(step, RunStep) else None
        defaults = job.defaults or self._plan.workflow.defaults
        if written is None and isinstance(step, RunStep) and defaults:
            written = defaults.working_directory
        path = os.path.normpath(scope.text_of(written) or ".")
        path = os.path.relpath(path, "/workspace") if path.startswith("/") else path
        try:
            os.close(open_beneath(self._state.workspace, path, flags=os.O_PATH | os.O_DIRECTORY))
        except OSError as error:
            message = f"working directory `{path}` cannot be entered: {error.strerror}"
            where = written.position if written else None
            raise Denied([Problem("step.working-directory", message, where)]) from error
        return "" if path == "." else path

    def _environment(self, scope: Scope, env: Mapping[str, str]) -> dict[str, str]:
        """Return what every step sees and cannot override, but for CI (6.4)."""
        github, runner = scope.contexts["github"], scope.contexts["runner"]
        path = ":".join((*self._state.paths, DEFAULT_PATH))
        is_ci = env.get("CI", self._state.env.get("CI", "true"))
        return default_environment(github, runner) | {"PATH": path, "CI": is_ci}

    def _call(self, call: Call) -> StepReport:
        cancellation = self._state.cancellation
        try:
            result = self._services.run_plugin(
                call.invocation, self._output.feed, on_start=cancellation.attach
            )
        finally:
            cancellation.attach(None)
            self._output.finish()
        return report_of(result)

    def _collect(self, report: StepReport) -> StepReport:
        """Read the command files, always, in the order path, env, summary, state, output (6.5)."""
        state, folder = self._state, self._folder
        state.paths = prepend_paths(state.paths, parse_paths(folder.read("GITHUB_PATH")))
        report = self._collect_env(report)
        summary = self._summary()
        outputs = parse_assignments(folder.read("GITHUB_OUTPUT"))
        if outputs.error:
            report = report.failed(_unprocessed("output", outputs.error))
        if self._output.failure:
            report = report.failed(self._output.failure)
        changes = tuple(Change(*change) for change in state.ledger.record())
        return report._replace(
            outputs=self._output.outputs | dict(outputs.entries),
            changes=changes,
            summary=summary,
            value=_value(folder.read(RESULT_VARIABLE)),
        )

    def _collect_env(self, report: StepReport) -> StepReport:
        assigned = parse_assignments(self._folder.read("GITHUB_ENV"))
        for name, value in assigned.entries:
            if name.upper() == "NODE_OPTIONS":
                self._output.say(
                    "error: Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command."
                )
            else:
                self._state.env[name] = value
        if assigned.error:
            return report.failed(_unprocessed("env", assigned.error))
        return report

    def _summary(self) -> str:
        text = self._folder.read("GITHUB_STEP_SUMMARY")
        size = len(text.encode())
        if size <= MAX_SUMMARY:
            return text
        self._output.say(
            "error: $GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of "
            f"1024k, got {size // 1024}k"
        )
        return ""


def _shell_arguments(plugin: Plugin) -> tuple[str, ...]:
    """Return what the plugin wants between its program's name and the shell form's arguments."""
    entry = plugin.manifest.entry_points.get(SHELL)
    return entry.arguments if entry else ()


def _unprocessed(kind: str, error: str) -> str:
    return f"Unable to process file command '{kind}' successfully. {error}"


def _value(text: str) -> Any:
    """Return the step's JSON value; None if it left none, or something else than JSON."""
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
