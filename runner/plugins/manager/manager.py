"""Plugins in any program: load, validate, execute, reload, unload, list, status."""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from typing import TYPE_CHECKING, Any

from runner.errors import InvalidInput, Problem, RunnerError
from runner.plugins.invoke import check_module
from runner.plugins.manager import admission, compatibility, loading
from runner.plugins.manager.config import DEFAULT, ExecutionContext
from runner.plugins.manager.discovery import Discovery, ScanReport, Watch
from runner.plugins.manager.events import Announcer, EventKind, ManagerEvent
from runner.plugins.manager.execution import Order
from runner.plugins.manager.executions import Executions
from runner.plugins.manager.registry import Registry
from runner.plugins.manifest import MAIN
from runner.workspace.clone import discard_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType
    from typing import Self

    from runner.plugins.host import Message
    from runner.plugins.manager.config import ManagerConfig
    from runner.plugins.manager.execution import Sandbox
    from runner.plugins.manager.loading import Description, Loaded, Wasm
    from runner.plugins.manager.result import PluginResult, PluginStatus
    from runner.plugins.manager.validation import ValidationReport
    from runner.plugins.manifest import Manifest

_NOBODY = ExecutionContext()


class Manager:
    """Keeps plugins and executes them, each execution in a sandbox of its own.

    All methods are for any thread. What a plugin does is in results; RunnerError is raised for
    what the caller can mend, with every problem. `sandbox` is closed with the manager; `cache`
    keeps modules that are fetched. `problems` are those of the discovery folders.
    """

    def __init__(self, sandbox: Sandbox, *, cache: str, config: ManagerConfig = DEFAULT) -> None:
        self._sandbox = sandbox
        self._cache = cache
        self._config = config
        self._announcer = Announcer(config.on_event)
        self._registry = Registry()
        self._root = tempfile.mkdtemp(prefix="runner-plugins-")
        weakref.finalize(self, discard_tree, self._root)  # for who forgets to close
        limit = config.concurrency or os.cpu_count() or 1
        self._executions = Executions(
            self._registry,
            sandbox,
            self._announcer,
            config=config,
            root=os.path.join(self._root, "executions"),
            limit=limit,
        )
        self._lock = threading.Lock()
        self._is_closed = False
        self._discovery = Discovery(config.folders, place=self._place, unload=self.unload)
        self.problems: tuple[Problem, ...] = ()
        self.scan()
        self._watch = Watch(self.scan, config.interval) if config.is_hot_reload else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def load(self, wasm: Wasm, manifest: Description) -> str:
        """Make a plugin ready to be executed and return its id.

        `wasm` is a module, as bytes or the path of a file, or None for where the manifest says.
        `manifest` is a path (of a `step.yml` or of its folder), a text with at least one line
        break, or a Manifest. Without `wasm` the manifest's folder is the plugin, and is shown to
        it as `/plugin`; else it has no files. Everything is copied, so later changes of the
        originals change nothing. Compiles, which takes seconds the first time a machine sees the
        module.

        Raises InvalidInput for what is wrong, also if a plugin of this id is loaded, and Denied
        if it requests more than the configuration grants.
        """
        loaded = self._admit(wasm, manifest)
        return self._add(loaded)

    def validate(self, wasm: Wasm, manifest: Description) -> ValidationReport:
        """Tell what is wrong or doubtful with a plugin, and load nothing.

        Takes what `load` takes. All validators look at the module's bytes, which takes a second
        for ten megabytes. If a plugin with this id is loaded, what the new one requests besides
        is among the findings.
        """
        from runner.plugins.manager import validation  # 10 ms; few programs validate

        known = {loaded.id: loaded.plugin.manifest.permissions for loaded in self._registry.list()}
        return validation.report(
            wasm, manifest, config=self._config, known=known, cache=self._cache
        )

    def reload(self, plugin: str, wasm: Wasm, manifest: Description) -> None:
        """Put a new version in the place of `plugin`; running executions finish on the old one.

        Raises InvalidInput, and leaves all as it was, if callers of the old version would be let
        down: for another id, kind or major version, for inputs, outputs or entry points that are
        gone or narrower, and for permissions that it did not request before.
        """
        before = self._registry.current(plugin)
        after = self._admit(wasm, manifest)
        self._exchange(before, after)

    def unload(self, plugin: str, *, is_forced: bool = False) -> PluginResult | None:
        """Forget `plugin` at once; return when its executions have ended and it has cleaned up.

        If `is_forced` they are ended, with the verdict `cancelled`. The result is that of the
        entry point `cleanup`, None if there is none. Raises InvalidInput for an unknown id.
        """
        entry = self._registry.remove(plugin)
        try:
            if is_forced:
                self._executions.cancel(entry)
            self._registry.await_idle(entry)
            return self._executions.clean_up(entry)
        finally:
            loaded = self._registry.retire(entry)
            self._announcer.tell(ManagerEvent(EventKind.UNLOADED, loaded.id, loaded.version))

    def execute(
        self,
        plugin: str,
        context: ExecutionContext = _NOBODY,
        params: Mapping[str, Any] = {},
        *,
        entry_point: str = MAIN,
        on_output: Callable[[bytes], None] | None = None,
        on_message: Callable[[Message], Any] | None = None,
    ) -> PluginResult:
        """Run an entry point of `plugin` with its inputs `params`, and return when it has ended.

        Waits while as many executions as the configuration allows are running. `on_output` gets
        the output as it comes, in this thread; what it raises ends the execution and goes on.
        `on_message` gets what a plugin with `host_communication` says, in a thread of its own, and
        returns the JSON value that is the answer.

        Raises InvalidInput for an unknown plugin or entry point and for wrong inputs, Denied for
        a request that only the inputs made too wide, Unavailable if no sandbox can be had.
        """
        order = Order(context, params, entry_point, on_output, on_message)
        execution = self._executions.begin(plugin, order)
        return self._executions.run(execution)

    async def execute_async(
        self,
        plugin: str,
        context: ExecutionContext = _NOBODY,
        params: Mapping[str, Any] = {},
        *,
        entry_point: str = MAIN,
        on_output: Callable[[bytes], None] | None = None,
        on_message: Callable[[Message], Any] | None = None,
    ) -> PluginResult:
        """As `execute`, which runs in a thread; `on_output` and `on_message` are called there.

        If the task is cancelled the plugin is ended, and the cancellation goes on when it is.
        """
        order = Order(context, params, entry_point, on_output, on_message)
        execution = self._executions.begin(plugin, order)
        return await self._executions.run_async(execution)

    def list(self) -> tuple[Manifest, ...]:
        """Return the manifests of the loaded versions, sorted by id."""
        return tuple(loaded.plugin.manifest for loaded in self._registry.list())

    def status(self, plugin: str) -> PluginStatus:
        """Return what is known of `plugin`; raises InvalidInput for an unknown id."""
        return self._registry.status(plugin)

    def scan(self) -> ScanReport:
        """Look at the discovery folders now: load, reload and unload as they say.

        Raises nothing: what is wrong is in the report and in `problems`, and the version that was
        loaded stays. Plugins of kinds that the configuration does not name are passed over.
        """
        report = self._discovery.scan()
        self.problems = report.problems
        return report

    def close(self) -> None:
        """End all executions, unload all plugins, which clean up, and close the sandbox."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        if self._watch:
            self._watch.stop()
        for loaded in self._registry.list():
            try:
                self.unload(loaded.id, is_forced=True)
            except RunnerError as error:
                self._refuse(loaded.id, error)
        self._executions.close()
        self._sandbox.close()
        discard_tree(self._root)

    def _admit(self, wasm: Wasm, manifest: Description) -> Loaded:
        """Read, check, copy and compile; the copy is the caller's to place or to discard."""
        self._check_open()
        source = loading.read_source(wasm, manifest)
        admission.check(source.manifest, self._config)
        loaded = loading.store(source, root=self._root, cache=self._cache)
        try:
            for module in set(loaded.plugin.modules.values()):
                check_module(source.manifest, module, self._config.policy)
                self._sandbox.compile(module.path, module.digest)
        except BaseException:
            discard_tree(loaded.folder)
            raise
        return loaded

    def _add(self, loaded: Loaded) -> str:
        try:
            with self._lock:
                self._check_open()
                self._registry.add(loaded)
        except BaseException:
            discard_tree(loaded.folder)
            raise
        self._announcer.tell(ManagerEvent(EventKind.LOADED, loaded.id, loaded.version))
        return loaded.id

    def _check_open(self) -> None:
        if self._is_closed:
            raise InvalidInput([Problem("manager-closed", "the manager is closed")])

    def _exchange(self, before: Loaded, after: Loaded) -> None:
        try:
            compatibility.check(before.plugin.manifest, after.plugin.manifest)
            while not self._registry.replace(before, after):
                # Another thread was quicker: hold it against that version.
                before = self._registry.current(before.id)
                compatibility.check(before.plugin.manifest, after.plugin.manifest)
        except BaseException:
            discard_tree(after.folder)
            raise
        self._announcer.tell(ManagerEvent(EventKind.RELOADED, after.id, after.version))

    def _place(self, folder: str, known: str) -> str:
        """Load the plugin in `folder`, in the place of `known` if that is the same one."""
        try:
            loaded = self._admit(None, folder)
            if known == loaded.id and self._registry.has(known):
                self._exchange(self._registry.current(known), loaded)
            else:
                if known and self._registry.has(known):
                    self.unload(known)
                self._add(loaded)
        except RunnerError as error:
            self._refuse(folder, error)
            raise
        return loaded.id

    def _refuse(self, plugin: str, error: RunnerError) -> None:
        self._announcer.tell(ManagerEvent(EventKind.REFUSED, plugin, problems=error.problems))
