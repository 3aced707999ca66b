"""What functions do, counted for Prometheus."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from runner import EventKind

if TYPE_CHECKING:
    from runner import ManagerEvent, PluginResult

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Takes a manager's events; for any thread.

    A start is cold if it is the first of a version since that was loaded, else warm.
    """

    MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        names = ["function"]
        self._calls = Counter(
            "function_calls", "Calls by their verdict.", [*names, "verdict"], registry=own
        )
        self._starts = Counter(
            "function_starts", "Cold and warm starts.", [*names, "start"], registry=own
        )
        self._running = Gauge("function_running", "Calls under way.", names, registry=own)
        self._cpu = Counter(
            "function_cpu_seconds", "Processor time in the sandbox.", names, registry=own
        )
        self._memory = Gauge(
            "function_peak_memory_bytes", "The most that a call used.", names, registry=own
        )
        self._duration = Histogram(
            "function_duration_seconds",
            "From the call to its result.",
            names,
            registry=own,
            buckets=_BUCKETS,
        )
        self._lock = threading.Lock()
        self._versions: set[tuple[str, str]] = set()
        self._executions: set[str] = set()
        self._peaks: dict[str, int] = {}

    def observe(self, event: ManagerEvent) -> None:
        """Count what happened."""
        with self._lock:
            if event.kind == EventKind.STARTED:
                self._start(event)
            elif event.result:
                self._finish(event, event.result)
            elif event.kind in {EventKind.RELOADED, EventKind.UNLOADED}:
                self._versions = {one for one in self._versions if one[0] != event.plugin}

    def _start(self, event: ManagerEvent) -> None:
        version = event.plugin, event.version
        start = "warm" if version in self._versions else "cold"
        self._versions.add(version)
        self._executions.add(event.execution_id)
        self._starts.labels(event.plugin, start).inc()
        self._running.labels(event.plugin).inc()

    def _finish(self, event: ManagerEvent, result: PluginResult) -> None:
        name = event.plugin
        if event.execution_id in self._executions:  # else it never got its turn
            self._executions.remove(event.execution_id)
            self._running.labels(name).dec()
        verdict = "failed" if result.exit_code else result.verdict
        self._calls.labels(name, verdict).inc()
        self._cpu.labels(name).inc(result.usage.cpu_time)
        self._duration.labels(name).observe(result.duration)
        self._peaks[name] = max(self._peaks.get(name, 0), result.usage.peak_memory)
        self._memory.labels(name).set(self._peaks[name])

    def render(self) -> bytes:
        """Return all counts in Prometheus' text format."""
        return generate_latest(self._registry)
