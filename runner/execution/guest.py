"""A step that a plugin carries out: its call prepared, run, and what it left read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.abi.guest import PLUGIN
from runner.abi.invocation import Limits
from runner.errors import Denied
from runner.execution.contexts import DEFAULT_PATH, default_environment
from runner.execution.effects import Effects
from runner.execution.folders import open_step_folder
from runner.execution.frame import action_context
from runner.execution.heads import call_head
from runner.execution.output import OutputReader
from runner.execution.report import report_of
from runner.execution.script import working_directory, write_script
from runner.plugins.invoke import FIXED_CLOCK, Call, Places, prepare
from runner.plugins.manifest import SHELL
from runner.workflow.steps import RunStep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.abi import Clock, Invocation, PluginResult
    from runner.execution.frame import Frame
    from runner.execution.report import StepReport
    from runner.execution.scope import Scope
    from runner.execution.services import Services
    from runner.plan.model import PlannedStep
    from runner.plugins.resolve import Plugin

ALLOW_UNSECURE = "ACTIONS_ALLOW_UNSECURE_COMMANDS"


class GuestStep:
    """A stage of one plugin step; made for a single `run`. `env` is its own evaluated `env:`,
    `path` its place in the job.
    """

    def __init__(
        self,
        services: Services,
        frame: Frame,
        planned: PlannedStep,
        *,
        index: int,
        env: Mapping[str, str],
        path: tuple[int, ...],
    ) -> None:
        job = frame.job
        self._services = services
        self._frame = frame
        self._job = job
        self._planned = planned
        self._path = path
        self._env = {**services.run.environment, **frame.environment(env)}
        self._own = env.keys()
        self._folder = open_step_folder(job.place.folder, job.commands)
        self._index = index
        self._value: Any = None  # what the plugin told as its result by a message
        is_unsecure = self._env.get(ALLOW_UNSECURE, "").lower() == "true"
        self._output = OutputReader(
            services, job.identity, index, is_unsecure=is_unsecure, matchers=job.matchers
        )

    def run(self, scope: Scope, *, stage: str, wall_time: float, is_protected: bool) -> StepReport:
        """Run the step; `wall_time` in seconds; a protected one outlives a cancellation.

        Raises ExpressionError if the script or an input cannot be evaluated, RunnerError if the
        step cannot be run or what it left cannot be read.
        """
        plugin, places, call = self._prepare(scope, stage, wall_time)
        for warning in call.warnings:
            self._output.say(f"warning: {warning.message}")
        for name in set(call.withheld) & self._own:
            self._output.say(f"warning: `{name}` is withheld: the plugin does not request it")
        return self._collect(self._call(plugin, places, call, is_protected=is_protected))

    def _prepare(self, scope: Scope, stage: str, wall_time: float) -> tuple[Plugin, Places, Call]:
        step, directory = self._planned.step, ""
        if isinstance(step, RunStep):
            directory = working_directory(step, scope, frame=self._frame)
            plugin, arguments = self._write_script(step, scope)
            entry_point, given = SHELL, None
        else:
            plugin, arguments = _given(self._planned.plugin), None
            self._folder.place_script("", "")
            entry_point, given = stage, self._read_inputs(scope)
            self._output.head(call_head(plugin.reference, given, self._env))
        places = Places(self._job.place.workspace, *self._folder, working_directory=directory)
        call = prepare(
            plugin,
            given,
            places=places,
            entry_point=entry_point,
            arguments=arguments,
            environment=self._environment(scope),
            offered=self._env,
            grant=self._planned.grant,
            limits=Limits(wall_time=wall_time, memory=0, output=0, file_size=0, stack=0),
            policy=self._services.policy,
            clock=self._clock(plugin),
        )
        self._folder.place_event(scope.contexts["github"]["event"])
        shown = (*call.invocation.directories, *self._frame.directories)
        call = call._replace(invocation=call.invocation._replace(directories=shown))
        return plugin, places, call

    def _clock(self, plugin: Plugin) -> Clock:
        """Return the time for a plugin that may not see the real one; to most it means nothing."""
        bounds = (plugin.manifest.permissions, self._planned.grant)
        sees_time = all(one.system.system_time for one in bounds if one is not None)
        is_plain = sees_time and self._services.policy is None
        return FIXED_CLOCK if is_plain else self._services.read_clock()

    def _read_inputs(self, scope: Scope) -> dict[str, str]:
        """Return the `with` of a plugin; that of an `action.yml` with its defaults filled in."""
        given = scope.strings(getattr(self._planned.step, "inputs", None))
        action = self._planned.action
        if action is None:
            return given
        from runner.execution.actioninputs import read_inputs

        return read_inputs(action, given, scope, lambda line: self._output.say(f"warning: {line}"))

    def _write_script(self, step: RunStep, scope: Scope) -> tuple[Plugin, tuple[str, ...]]:
        return write_script(
            step,
            self._planned,
            scope,
            frame=self._frame,
            services=self._services,
            folder=self._folder,
            env=self._env,
            announce=self._output.head,
        )

    def _environment(self, scope: Scope) -> dict[str, str]:
        """Return what the runner sets: PATH and CI from the step's, the rest its own (6.4)."""
        github, runner = scope.contexts["github"], scope.contexts["runner"]
        if self._planned.found:
            github = github | action_context(self._planned.found) | {"action_path": PLUGIN}
        path = ":".join((*self._job.paths, self._env.get("PATH", DEFAULT_PATH)))
        own = {"PATH": path, "CI": self._env.get("CI", "true")}
        saved = self._job.states.get(self._path, {})
        states = {f"STATE_{name}": text for name, text in saved.items()}
        return default_environment(github, runner) | own | states

    def _call(
        self, plugin: Plugin, places: Places, call: Call, *, is_protected: bool
    ) -> StepReport:
        cancellation = self._job.cancellation

        def run(
            invocation: Invocation, on_call: Callable[[str, bytes], bytes] | None = None
        ) -> PluginResult:
            return self._services.run_plugin(
                invocation,
                self._output.feed,
                on_start=lambda kill: cancellation.attach(kill, is_protected=is_protected),
                on_call=on_call,
            )

        def host(invocation: Invocation) -> PluginResult:
            if not invocation.host_calls:
                return run(invocation)
            from runner.execution.hosting import StepHost  # 3 ms; few plugins ask for anything

            step_host = StepHost(self._services, self._job, plugin, index=self._index)
            result = step_host.run(call, places, invocation, run)
            self._value = step_host.value
            return result

        try:
            result = self._stage(call, host)
        finally:
            cancellation.detach()
            self._output.finish()
        for note in result.notes:
            self._output.say(f"note: {note}")
        return report_of(result)

    def _stage(self, call: Call, run: Callable[[Invocation], PluginResult]) -> PluginResult:
        """Run the call, with room made for what it may read and write in the workspace."""
        allowed = call.allowed.filesystem
        if {*allowed.read_paths, *allowed.write_paths} <= {"."}:
            return run(call.invocation)
        from runner.plugins.staging import Stage  # 2 ms; a plain script works on the whole

        place = self._job.place
        with Stage(call, workspace=place.workspace, scratch=place.folder) as stage:
            return stage.settle(run(stage.invocation))

    def _collect(self, report: StepReport) -> StepReport:
        """Read back what the step asked for, also after it failed (6.3)."""
        output, effects = self._output, Effects(self._folder)
        for complaint in effects.complaints:
            output.complain(complaint)
        report = (
            report.failed(effects.failure)
            .failed(output.failure)
            ._replace(
                outputs=output.outputs | effects.outputs,
                summary=effects.summary,
                value=self._value if effects.value is None else effects.value,
                env=output.env | effects.env,
                paths=(*output.paths, *effects.paths),
            )
        )
        for failure in (effects.failure, output.failure):
            if failure and failure != report.message:  # it failed for another reason before
                output.complain(failure)
        if state := output.state | effects.state:
            self._job.states.setdefault(self._path, {}).update(state)
        try:
            return report._replace(changes=self._job.record_changes())
        except Denied as error:  # the step left more than can be looked at
            return report.errored(error)


def _given(plugin: Plugin | None) -> Plugin:
    assert plugin is not None, "the planner gives every `uses:` step its plugin"  # noqa: S101
    return plugin
