"""A step that a plugin carries out: its call prepared, run, and what it left read back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.abi.invocation import Limits
from runner.errors import Denied, Problem
from runner.events.model import Change
from runner.execution.contexts import DEFAULT_PATH, default_environment
from runner.execution.effects import Effects
from runner.execution.folders import open_step_folder
from runner.execution.output import OutputReader
from runner.execution.report import report_of
from runner.execution.script import working_directory, write_script
from runner.plugins.assignments import prepend_paths
from runner.plugins.invoke import Call, Places, prepare
from runner.plugins.manifest import MAIN, SHELL
from runner.workflow.steps import RunStep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.execution.report import StepReport
    from runner.execution.scope import Scope
    from runner.execution.services import Services
    from runner.execution.state import JobState
    from runner.plan.model import Plan, PlannedStep
    from runner.plugins.resolve import Plugin

ALLOW_UNSECURE = "ACTIONS_ALLOW_UNSECURE_COMMANDS"


class GuestStep:
    """One plugin step of one leg; made for a single `run`. `env` is its own evaluated `env:`."""

    def __init__(
        self,
        services: Services,
        plan: Plan,
        state: JobState,
        planned: PlannedStep,
        *,
        index: int,
        env: Mapping[str, str],
    ) -> None:
        self._services = services
        self._plan = plan
        self._state = state
        self._planned = planned
        self._env = state.env | dict(env)
        self._own = env.keys()
        self._folder = open_step_folder(state.folder)
        is_unsecure = self._env.get(ALLOW_UNSECURE, "").lower() == "true"
        self._output = OutputReader(services, state.identity, index, is_unsecure=is_unsecure)

    def run(self, scope: Scope, *, wall_time: float, is_protected: bool) -> StepReport:
        """Run the step; `wall_time` in seconds; a protected one outlives a cancellation.

        Raises ExpressionError if the script or an input cannot be evaluated, RunnerError if the
        step cannot be run or what it left cannot be read.
        """
        call = self._prepare(scope, wall_time)
        for warning in call.warnings:
            self._output.say(f"warning: {warning.message}")
        for name in set(call.withheld) & self._own:
            self._output.say(f"warning: `{name}` is withheld: the plugin does not request it")
        return self._collect(self._call(call, is_protected=is_protected))

    def _prepare(self, scope: Scope, wall_time: float) -> Call:
        step, directory = self._planned.step, ""
        if isinstance(step, RunStep):
            directory = working_directory(step, scope, plan=self._plan, state=self._state)
            plugin, arguments = self._write_script(step, scope)
            entry_point, given = SHELL, None
        else:
            plugin, arguments = _given(self._planned.plugin), None
            self._folder.place_script("", "")
            entry_point, given = MAIN, scope.strings(step.inputs)
        call = prepare(
            plugin,
            given,
            places=Places(self._state.workspace, *self._folder, working_directory=directory),
            entry_point=entry_point,
            arguments=arguments,
            environment=self._environment(scope),
            offered=self._env,
            grant=self._planned.grant,
            limits=Limits(wall_time=wall_time, memory=0, output=0, file_size=0, stack=0),
        )
        self._make_folders(call.folders)
        self._folder.place_event(scope.contexts["github"]["event"])
        return call

    def _write_script(self, step: RunStep, scope: Scope) -> tuple[Plugin, tuple[str, ...]]:
        return write_script(
            step,
            self._planned,
            scope,
            plan=self._plan,
            state=self._state,
            services=self._services,
            folder=self._folder,
        )

    def _make_folders(self, folders: tuple[str, ...]) -> None:
        """Make what the plugin may write to, never through a link that an earlier step planted."""
        if not folders:
            return
        from runner.workspace.paths import make_directories

        root = os.open(self._state.workspace, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for folder in folders:
                os.close(make_directories(root, folder))
        except OSError as error:
            message = f"`{error.filename}` cannot be made: {error.strerror}"
            raise Denied([Problem("step.folder", message)]) from error
        finally:
            os.close(root)

    def _environment(self, scope: Scope) -> dict[str, str]:
        """Return what the runner sets: PATH and CI from the step's, the rest its own (6.4)."""
        github, runner = scope.contexts["github"], scope.contexts["runner"]
        path = ":".join((*self._state.paths, self._env.get("PATH", DEFAULT_PATH)))
        own = {"PATH": path, "CI": self._env.get("CI", "true")}
        return default_environment(github, runner) | own

    def _call(self, call: Call, *, is_protected: bool) -> StepReport:
        cancellation = self._state.cancellation
        try:
            result = self._services.run_plugin(
                call.invocation,
                self._output.feed,
                on_start=lambda kill: cancellation.attach(kill, is_protected=is_protected),
            )
        finally:
            cancellation.detach()
            self._output.finish()
        return report_of(result)

    def _collect(self, report: StepReport) -> StepReport:
        """Apply what the step asked for, also after it failed (6.3)."""
        state, output, effects = self._state, self._output, Effects(self._folder)
        state.paths = prepend_paths(state.paths, (*output.paths, *effects.paths))
        state.env |= output.env | effects.env
        for complaint in effects.complaints:
            output.complain(complaint)
        report = (
            report.failed(effects.failure)
            .failed(output.failure)
            ._replace(
                outputs=output.outputs | effects.outputs,
                summary=effects.summary,
                value=effects.value,
            )
        )
        try:
            changes = state.ledger.record()
        except Denied as error:  # the step left more than can be looked at
            return report.errored(error)
        return report._replace(changes=tuple(Change(*change) for change in changes))


def _given(plugin: Plugin | None) -> Plugin:
    assert plugin is not None, "the planner gives every `uses:` step its plugin"  # noqa: S101
    return plugin
