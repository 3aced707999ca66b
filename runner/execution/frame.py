"""The steps of a job, or of one use of a composite action: what they share (LANGUAGE 6.9)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from runner.abi import Directory
from runner.abi.guest import WORKSPACE
from runner.execution.contexts import add_command_files
from runner.execution.hashing import hash_files
from runner.execution.scheduler import CANCELLED, FAILURE, SKIPPED, SUCCESS
from runner.execution.scope import Scope, status_functions
from runner.execution.state import worse
from runner.expressions import Function

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.execution.report import StepResult
    from runner.execution.state import JobState
    from runner.plan.model import Found
    from runner.workflow.model import Defaults

ACTION = "/action"  # where a guest sees the folder of an action of another repository
_SHARED = ("strategy", "matrix", "runner")


class Frame:
    """Made once for a job, and for each use of a composite action.

    `path` is the place of the steps in the job: () for its own, (2,) for those of the action that
    is its third step. `found` and `inputs` are set for an action. `env` is the `env:` of the steps
    that use the actions around. `is_protected` holds if not even a cancellation ends the steps.
    `deadline` is when the step that uses the action must have ended (`time.monotonic`). Only the
    main stage of an action (`is_main`) has a status of its own.
    """

    def __init__(
        self,
        job: JobState,
        *,
        path: tuple[int, ...] = (),
        found: Found | None = None,
        inputs: Mapping[str, str] | None = None,
        env: Mapping[str, str] = {},
        is_protected: bool = False,
        deadline: float = float("inf"),
        is_main: bool = True,
    ) -> None:
        self.job = job
        self.path = path
        self.env = env
        self.steps: dict[str, dict[str, Any]] = {}
        self.is_protected = is_protected
        self.deadline = deadline
        self._found = found
        self._is_main = is_main
        self._status = SUCCESS
        self._was_cancelled = job.status == CANCELLED
        self._contexts = self._make_contexts(inputs)

    @property
    def is_composite(self) -> bool:
        return self._found is not None

    @property
    def defaults(self) -> Defaults | None:
        """What `run:` steps fall back to; nothing in an action (6.2.6)."""
        if self.is_composite:
            return None
        return self.job.planned.job.defaults or self.job.plan.workflow.defaults

    @property
    def status(self) -> str:
        """How it went so far: the job's own, or the action's (`github.action_status`)."""
        return self._status if self.is_composite else self.job.status

    @property
    def left(self) -> float:
        """Return the seconds that the action has left."""
        return max(self.deadline - time.monotonic(), 0.0)

    @property
    def directories(self) -> tuple[Directory, ...]:
        """What its steps see beside their own folders: that of an action from elsewhere."""
        return directories_of(self._found) if self._found else ()

    def fork(self, name: str) -> Frame:
        """Return a frame for a step of a job that runs beside the others (3.7)."""
        fork = Frame(self.job.fork(name))
        fork.steps = dict(self.steps)
        return fork

    def look_up(self) -> None:
        """Take note of a cancellation that came while the steps run; see JobState."""
        self.job.look_up()
        is_new = self.job.status == CANCELLED and not self._was_cancelled
        if is_new and not self.is_protected:
            self._status = CANCELLED

    def worsen(self, result: str) -> None:
        if self.is_composite:
            self._status = worse(self._status, result)
        else:
            self.job.worsen(result)

    def conclude(self, name: str, result: StepResult) -> None:
        """Publish what came of a step, and count it."""
        self.publish(name, result)
        if result.conclusion != SKIPPED:
            self.worsen(result.conclusion)

    def publish(self, name: str, result: StepResult) -> None:
        """Let the steps after see what came of one; `name` is its id, '' if it has none."""
        report = result.report
        self.job.apply(report.env, report.paths)
        if name:
            self.steps[name] = {
                "outputs": report.outputs,
                "outcome": report.outcome,
                "conclusion": result.conclusion,
            }

    def scope(
        self, *, action: str = "", env: Mapping[str, str] | None = None, status: str = ""
    ) -> Scope:
        """Return what the expressions of a step see; `env` is the step's own, evaluated.

        With `status` the job and the action look as if they had that one.
        """
        whole = status or self.job.status
        own = status or self.status if self._is_main else whole
        github = self._contexts["github"] | {"action": action}
        if self.is_composite:
            github["action_status"] = own
        contexts = self._contexts | {
            "github": github,
            "env": self.environment(env),
            "steps": self.steps,
            "job": self.job.contexts["job"] | {"status": whole},
        }
        functions = status_functions(
            is_success=lambda: own == SUCCESS,
            is_failure=lambda: own == FAILURE,
            is_cancelled=lambda: whole == CANCELLED,
        )
        workspace = self.job.place.workspace
        functions["hashFiles"] = Function(lambda *given: hash_files(workspace, given), 1, 255)
        return Scope(contexts, functions)

    def environment(self, own: Mapping[str, str] | None) -> dict[str, str]:
        """Return the variables of a step whose own are `own`, without the runner's (6.4)."""
        return {**self.job.env, **self.env, **(own or {})}

    def _make_contexts(self, inputs: Mapping[str, str] | None) -> dict[str, Any]:
        contexts = self.job.contexts
        github = add_command_files(contexts["github"])
        if self._found is None:
            return {**contexts, "github": github}
        shared = {name: contexts[name] for name in _SHARED}
        github |= action_context(self._found)
        return {**shared, "github": github, "inputs": dict(inputs or {})}


def action_context(found: Found) -> dict[str, str]:
    """Return what `github` holds of an action: where it lies, and where it is from."""
    path = ACTION if found.origin.slug else f"{WORKSPACE}/{found.path}".rstrip("/")
    return {
        "action_path": path,
        "action_ref": found.origin.ref,
        "action_repository": found.origin.slug,
    }


def directories_of(found: Found) -> tuple[Directory, ...]:
    """Return the folder of an action of another repository; others lie in the workspace."""
    if not found.origin.slug:
        return ()
    return (Directory(ACTION, found.origin.folder, found.path),)
