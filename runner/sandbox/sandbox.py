"""The sandbox's face: an Invocation in, a PluginResult out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.abi import Directory, PluginResult, Verdict
from runner.errors import Denied, InvalidInput, Problem, RunnerError
from runner.sandbox import library, shim
from runner.sandbox.account import Account
from runner.sandbox.cache import ModuleCache
from runner.sandbox.execution import Execution
from runner.sandbox.kill import Kill
from runner.sandbox.nursery import Nursery
from runner.sandbox.request import (
    COMPONENT_NOTES,
    build_job,
    check_component,
    complete,
    open_directory,
)
from runner.sandbox.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Self

    from runner.abi import Denial, Invocation

# By the kernel's Landlock ABI.
_NOTICES = {
    0: (
        Problem(
            "sandbox.no-landlock",
            "this kernel has no Landlock: files are guarded by WebAssembly alone",
            hint="Linux 5.13 or newer, with `landlock` among its security modules",
            severity="warning",
        ),
    ),
    1: (
        Problem(
            "sandbox.old-landlock",
            "this kernel's Landlock lets no step move a file to another folder",
            hint="Linux 5.19 or newer",
            severity="warning",
        ),
    ),
}
_CANCELLED = PluginResult(Verdict.CANCELLED, message="cancelled")


class Sandbox:
    """Runs WebAssembly in processes of its own. For any thread, many runs at once.

    `cache` is the absolute path of a folder for compiled modules; it is made, and must be ours
    alone. `on_compile` is told the path of a module before it is compiled, which takes seconds.
    `notices` says, after the first run, what this kernel cannot guard.
    """

    def __init__(self, *, cache: str, on_compile: Callable[[str], None] | None = None) -> None:
        path = library.find()
        self.notices: tuple[Problem, ...] = ()
        self._modules = ModuleCache(
            cache, library=path, on_compile=on_compile or (lambda _module: None)
        )
        self._empty = Directory("/", os.path.join(cache, "empty"), is_partial=True)
        os.makedirs(self._empty.root, mode=0o700, exist_ok=True)
        self._nursery = Nursery(path, self._open_shim)
        self._running: set[Kill] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the zygote and return at once: it gets ready while the caller does other things.

        Not needed, for `run` does it too. Raises Unavailable.
        """
        self._nursery.start()

    def run(
        self,
        invocation: Invocation,
        on_output: Callable[[bytes], None],
        *,
        on_start: Callable[[Callable[[], None]], None] | None = None,
        on_call: Callable[[str, bytes], bytes] | None = None,
    ) -> PluginResult:
        """Run one module to its end. Whatever the guest does is in the result, not raised.

        `on_output` gets stdout and stderr as they come, in order, in this thread; if it raises,
        the worker is killed and the exception goes on. `on_start` gets, before anything else, a
        function that ends this run (verdict `cancelled`) from any thread. A time limit counts
        from when the worker has its job; compiling is not part of it. Raises Unavailable when no
        worker can be had.

        `on_call` does what the guest asks of its host: (operation, request) to reply, one at a
        time, in a thread of its own. It is called for the invocation's `host_calls` only. What
        it raises reaches the guest as `{"error": {"code", "message"}}` if it is a RunnerError;
        the problems of a Denied become denials of the result (code: the permission, hint: the
        YAML that grants it); any other exception ends the run and goes on to the caller. It may
        still be at work when this returns, for no call holds up a deadline: to stop it is for
        whoever made it.
        """
        kill = Kill()
        self._running.add(kill)
        try:
            if on_start:
                on_start(kill)
            return self._run(invocation, on_output, on_call, kill)
        except InvalidInput as error:
            return _refuse(Verdict.INVALID_MODULE, error, kill)
        except Denied as error:
            return _refuse(Verdict.DENIED, error, kill)
        finally:
            self._running.discard(kill)

    def compile(self, module: str, digest: str) -> None:
        """Have a module in the cache, so that its first `run` does not wait for the compiler.

        Raises InvalidInput for what cannot run here.
        """
        os.close(self._modules.open(module, digest, kill=Kill()))

    def cancel(self) -> None:
        """End every run that has begun; may be called from any thread and a signal handler."""
        for kill in tuple(self._running):
            kill()

    def close(self) -> None:
        """End every run and the zygote. A later `run` starts anew."""
        self.cancel()
        self._nursery.close()

    def _run(
        self,
        invocation: Invocation,
        on_output: Callable[[bytes], None],
        on_call: Callable[[str, bytes], bytes] | None,
        kill: Kill,
    ) -> PluginResult:
        if invocation.max_threads > 1:
            message = (
                f"{invocation.max_threads} threads: guests have one, wasi-threads is not offered"
            )
            raise Denied([Problem("sandbox.threads", message)])
        directories = complete(invocation.directories, empty=self._empty)
        descriptors: list[int] = []
        try:
            code = self._modules.open(invocation.module, invocation.digest, kill=kill)
            descriptors.append(code)
            is_component = self._modules.is_component(invocation.digest)
            if is_component:
                check_component(invocation)
            job = build_job(invocation, directories, is_component=is_component)
            for directory in directories:
                descriptors.append(open_directory(directory))  # noqa: PERF401 - to be closed
            if kill.is_requested:
                return _CANCELLED
            known = None if is_component else code  # a zygote knows modules only
            worker = self._nursery.take(known)
            self.notices = _NOTICES.get(worker.landlock, ())
            execution = Execution(
                worker,
                invocation,
                on_output=on_output,
                on_call=on_call,
                explain=lambda payload: _explain(payload, invocation, directories),
                kill=kill,
            )
            account = Account(directories, descriptors[1:], invocation.limits)
            try:
                sighting = execution.run(
                    job, descriptors, on_sent=lambda: self._nursery.order(known)
                )
            finally:
                execution.close()
            result = judge(account.close(sighting), invocation.limits)
            return result._replace(notes=COMPONENT_NOTES) if is_component else result
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _open_shim(self) -> list[int]:
        return [self._modules.open_own(path, kill=Kill()) for path in shim.list_files()]


def _explain(
    payload: bytes, invocation: Invocation, directories: Sequence[Directory]
) -> Denial | None:
    from runner.sandbox.refusals import Refusals  # few guests are refused anything

    return Refusals(invocation, directories).explain(payload)


def _refuse(verdict: str, error: RunnerError, kill: Kill) -> PluginResult:
    if kill.is_requested:
        return _CANCELLED
    return PluginResult(verdict, message=str(error))
