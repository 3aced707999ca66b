"""The executions under way: begun, counted, observed and ended."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from runner.plugins.manager.config import ExecutionContext
from runner.plugins.manager.desks import Desks
from runner.plugins.manager.events import EventKind, ManagerEvent
from runner.plugins.manager.execution import Execution, Order
from runner.plugins.manager.registry import Loans

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from runner.plugins.manager.config import ManagerConfig
    from runner.plugins.manager.events import Announcer
    from runner.plugins.manager.execution import Sandbox
    from runner.plugins.manager.registry import Entry, Registry
    from runner.plugins.manager.result import PluginResult

CLEANUP = "cleanup"


class Executions:
    """Begins executions and knows those under way; for any thread. At most `limit` run at once."""

    def __init__(
        self,
        registry: Registry,
        sandbox: Sandbox,
        announcer: Announcer,
        *,
        config: ManagerConfig,
        root: str,
        limit: int,
    ) -> None:
        self._registry = registry
        self._sandbox = sandbox
        self._announcer = announcer
        self._config = config
        self._limit = limit
        self._desks = Desks(root, limit=limit)
        self._lock = threading.Lock()
        self._ended = threading.Condition(self._lock)
        self._is_closed = False
        self._running: set[Execution] = set()
        self._pool: ThreadPoolExecutor | None = None

    def begin(self, plugin: str | Entry, order: Order) -> Execution:
        """Settle which version it will have; `run` or `run_async` must follow."""
        lease = self._registry.begin(plugin)
        execution = Execution(
            lease,
            order,
            config=self._config,
            sandbox=self._sandbox,
            desks=self._desks,
            loans=Loans(self._registry),
            on_begin=lambda: self._tell(EventKind.STARTED, execution),
        )
        with self._lock:
            self._running.add(execution)
            is_late = self._is_closed or (lease.entry.is_cancelled and isinstance(plugin, str))
        if is_late:
            execution.cancel()
        return execution

    def run(self, execution: Execution) -> PluginResult:
        """Run it to its end in this thread; raises as `Execution.run` does."""
        result = None
        try:
            result = execution.run()
            return result
        finally:
            self._registry.count(execution.lease, result)
            if result:
                self._tell(EventKind.FINISHED, execution, result)
            execution.loans.close()
            self._registry.end(execution.lease)
            with self._ended:
                self._running.discard(execution)
                self._ended.notify_all()

    async def run_async(self, execution: Execution) -> PluginResult:
        """Run it in a thread of the pool; end it if this task is cancelled."""
        import asyncio  # 40 ms; only for programs that use it

        future = asyncio.get_running_loop().run_in_executor(self._threads(), self.run, execution)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            execution.cancel()
            await asyncio.wait([future])
            if not future.cancelled():
                future.exception()  # or asyncio complains that nobody looked
            raise

    def cancel(self, entry: Entry) -> None:
        """End the executions of a plugin."""
        with self._lock:
            entry.is_cancelled = True
            wanted = [one for one in self._running if one.lease.entry is entry]
        for execution in wanted:
            execution.cancel()

    def clean_up(self, entry: Entry) -> PluginResult | None:
        """Run the entry point `cleanup` of a removed plugin, if it has one."""
        loaded = entry.current
        if loaded is None or CLEANUP not in loaded.plugin.manifest.entry_points:
            return None
        return self.run(self.begin(entry, Order(ExecutionContext(), {}, CLEANUP)))

    def close(self) -> None:
        """End what is still under way, and let nothing begin any more."""
        with self._lock:
            self._is_closed = True
            wanted = tuple(self._running)
        for execution in wanted:
            execution.cancel()
        with self._ended:
            self._ended.wait_for(lambda: not self._running)
        if self._pool:
            self._pool.shutdown()

    def _threads(self) -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor  # as above

        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._limit, "runner-plugin")
            return self._pool

    def _tell(self, kind: str, execution: Execution, result: PluginResult | None = None) -> None:
        self._announcer.tell(
            ManagerEvent(
                kind,
                execution.lease.loaded.id,
                execution.lease.loaded.version,
                execution.id,
                execution.order.context.tenant,
                result,
            )
        )
