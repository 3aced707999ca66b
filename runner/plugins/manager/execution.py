"""One execution of a plugin: its turn, its call, and what it left."""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, Protocol

from runner.abi import Verdict
from runner.errors import InvalidInput, Problem, RunnerError
from runner.expressions.values import to_text
from runner.plugins.invoke import Places, prepare
from runner.plugins.manager import answers
from runner.plugins.manager.changes import Changes
from runner.plugins.manager.config import narrow
from runner.plugins.manager.desks import DATA
from runner.plugins.manager.result import PluginResult
from runner.plugins.staging import Stage
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from runner import abi
    from runner.plugins.host import Host, Message
    from runner.plugins.invoke import Call
    from runner.plugins.manager.config import ExecutionContext, ManagerConfig
    from runner.plugins.manager.desks import Desk, Desks
    from runner.plugins.manager.registry import Lease, Loans


class Sandbox(Protocol):
    """What executions happen in; called from many threads at once."""

    def compile(self, module: str, digest: str) -> None:
        """Get a module ready to run; raises InvalidInput if it cannot be."""
        ...

    def run(
        self,
        invocation: abi.Invocation,
        on_output: Callable[[bytes], None],
        *,
        on_start: Callable[[Callable[[], None]], None] | None = None,
        on_call: Callable[[str, bytes], bytes] | None = None,
    ) -> abi.PluginResult:
        """Run one guest to its end; `on_start` gets a function that ends it, for any thread.

        `on_call` does what the guest asks of its host, in a thread of its own.
        """
        ...

    def close(self) -> None:
        """End all that runs."""
        ...


class Order(NamedTuple):
    """What is to be executed, for whom, and who listens to what it says."""

    context: ExecutionContext
    params: Mapping[str, Any]
    entry_point: str
    on_output: Callable[[bytes], None] | None = None
    on_message: Callable[[Message], Any] | None = None


class Execution:
    """`run` once, from one thread; `cancel` from any, and at any time.

    `loans` are the plugins that this one calls.
    """

    def __init__(
        self,
        lease: Lease,
        order: Order,
        *,
        config: ManagerConfig,
        sandbox: Sandbox,
        desks: Desks,
        loans: Loans,
        on_begin: Callable[[], None],
    ) -> None:
        self.id = order.context.execution_id or os.urandom(16).hex()
        self.lease = lease
        self.order = order
        self.loans = loans
        self._config = config
        self._sandbox = sandbox
        self._desks = desks
        self._on_begin = on_begin
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._kill: Callable[[], None] | None = None
        self._is_cancelled = False
        self._pieces: list[bytes] = []

    def cancel(self) -> None:
        """End it now; its result has the verdict `cancelled`, unless it has one already."""
        with self._lock:
            self._is_cancelled = True
            kill = self._kill
        if kill:
            kill()
        self._desks.wake()

    def run(self) -> PluginResult:
        """Wait for a turn, run the plugin and return its result.

        Raises InvalidInput for a wrong context or wrong parameters, Denied for what the plugin
        may not have, Unavailable, and what `on_output` raises.
        """
        timeout = self.order.context.timeout
        deadline = self._began + timeout if timeout else None
        desk = self._desks.take(deadline, is_wanted=lambda: not self._is_cancelled)
        if desk is None:
            return self._give_up()
        try:
            return self._run(desk, deadline)
        finally:
            with suppress(OSError):  # whoever works here next will see to it, or say why not
                desk.clear()
            self._desks.give(desk)

    def _give_up(self) -> PluginResult:
        if self._is_cancelled:
            return self._conclude(Verdict.CANCELLED, "cancelled")
        message = f"no turn within {self.order.context.timeout:g} s"
        return self._conclude(Verdict.TIMED_OUT, message)

    def _run(self, desk: Desk, deadline: float | None) -> PluginResult:
        desk.lay()
        call = self._prepare(desk, deadline)
        problems: list[Problem] = [*call.warnings]
        found: tuple[abi.FileChange, ...] = ()
        workspace = self._workspace(desk)
        writable = call.allowed.filesystem.write_paths
        with (
            Stage(call, workspace=workspace, scratch=desk.root) as staged,
            Changes(workspace, writable) as changes,
            self._open_host(call, desk) as host,
        ):
            self._on_begin()
            answer = self._sandbox.run(
                staged.invocation, self._hear, on_start=self._attach, on_call=host
            )
            answer = host.settle(answer) if host else answer
            try:
                answer = staged.settle(answer)
                found = changes.record()
            except RunnerError as error:  # it left more than can be looked at or taken over
                problems += error.problems
        left = answers.read(desk.commands, self.lease.loaded.plugin.manifest)
        problems += [*answers.explain(answer), *left.problems]
        return self._finish(answer, left, tuple(problems))._replace(changes=found)

    def _open_host(self, call: Call, desk: Desk) -> AbstractContextManager[Host | None]:
        if not call.invocation.host_calls:
            return nullcontext()
        from runner.plugins.host import Services, make_host  # only for plugins that call it

        services = Services(
            self._sandbox.run,
            self.loans.take,
            self._places(desk),
            desk.root,
            self.order.on_message,
            self._config.policy,
        )
        return make_host(self.lease.loaded.id, call, services)

    def _places(self, desk: Desk) -> Places:
        return Places(self._workspace(desk), desk.commands, desk.temporary, desk.empty)

    def _workspace(self, desk: Desk) -> str:
        return os.path.abspath(self.order.context.workspace or desk.workspace)

    def _prepare(self, desk: Desk, deadline: float | None) -> Call:
        context = self.order.context
        workspace = self._workspace(desk)
        if not os.path.isdir(workspace):
            message = f"the workspace `{context.workspace}` is not a folder"
            raise InvalidInput([Problem("workspace", message)])
        limits = narrow(self._config.limits, context.limits)
        if deadline is not None:
            remaining = max(deadline - time.monotonic(), 0.001)
            limits = narrow(limits, limits._replace(wall_time=remaining))
        return prepare(
            self.lease.loaded.plugin,
            _texts(self.order.params),
            places=self._places(desk),
            entry_point=self.order.entry_point,
            environment=self._environment(desk),
            offered=context.environment,
            grant=self._config.grant,
            policy=self._config.policy,
            limits=limits,
            clock=context.clock,
        )

    def _environment(self, desk: Desk) -> dict[str, str]:
        context = self.order.context
        known = {"RUNNER_EXECUTION_ID": self.id, "RUNNER_TENANT": context.tenant}
        if context.data:
            with open(os.path.join(desk.commands, DATA), "x", encoding="utf-8") as file:
                file.write(_json(context.data, "the context's data"))
            known["RUNNER_DATA"] = f"/runner/{DATA}"
        return known

    def _attach(self, kill: Callable[[], None]) -> None:
        with self._lock:
            self._kill = kill
            is_late = self._is_cancelled
        if is_late:
            kill()

    def _hear(self, piece: bytes) -> None:
        self._pieces.append(piece)
        if self.order.on_output:
            self.order.on_output(piece)

    def _finish(
        self, answer: abi.PluginResult, left: answers.Answers, problems: tuple[Problem, ...]
    ) -> PluginResult:
        lines = b"".join(self._pieces).decode("utf-8", "replace").split("\n")
        if not lines[-1]:
            lines.pop()
        return self._result(answer.verdict, problems)._replace(
            exit_code=answer.exit_code,
            value=left.value,
            outputs=left.outputs,
            lines=tuple(line.removesuffix("\r") for line in lines),
            usage=answer.usage,
        )

    def _conclude(self, verdict: str, message: str) -> PluginResult:
        return self._result(verdict, (answers.ending(verdict, message),))

    def _result(self, verdict: str, problems: tuple[Problem, ...]) -> PluginResult:
        loaded = self.lease.loaded
        return PluginResult(
            loaded.id,
            loaded.version,
            self.id,
            is_success=not any(problem.severity == "error" for problem in problems),
            verdict=verdict,
            errors=problems,
            duration=time.monotonic() - self._began,
        )


def _texts(params: Mapping[str, Any]) -> dict[str, str]:
    """Return what a pipeline would write in `with`: lists and mappings become JSON."""
    return {
        name: _json(value, f"parameter `{name}`")
        if isinstance(value, (list, tuple, dict))
        else to_text(value)
        for name, value in params.items()
    }


def _json(value: Any, what: str) -> str:
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        message = f"{what} is not JSON: {error}"
        raise InvalidInput([Problem("not-json", message)]) from error
