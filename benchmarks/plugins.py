"""`python -m benchmarks.plugins`: a plugin that does nothing, executed a thousand times.

Through our manager (a process of its own for each execution), Extism's Python SDK and plain
wasmtime (a fresh instance each, in this process), and `sh -c :`. All take turns, so that a busy
machine disturbs them alike.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

import wasmtime

from benchmarks.load import measure as measure_footprint
from runner import PluginManager

if TYPE_CHECKING:
    from collections.abc import Callable

EXECUTIONS = 1000
_WARMUP = 20
_COMMAND = '(module (memory (export "memory") 1) (func (export "_start")))'
_FUNCTION = '(module (memory (export "memory") 1) (func (export "run") (result i32) i32.const 0))'
_MANIFEST = """
id: benchmark/nothing
version: 1.0.0
entry_points: {main: {module: nothing.wasm}}
"""


class Sample(NamedTuple):
    """Seconds of each execution, and bytes by which as many more made this process grow."""

    seconds: list[float]
    growth: int


def measure_plugins(executions: int) -> dict[str, Sample]:
    """Execute by each contender in turn, then by each alone to see what grows."""
    with ExitStack() as stack:
        contenders = {
            "runner": _start_runner(stack),
            "extism": _start_extism(),
            "wasmtime": _start_wasmtime(),
            "sh -c": lambda: subprocess.run(["sh", "-c", ":"], check=True),
        }
        ready = {name: execute for name, execute in contenders.items() if execute}
        seconds: dict[str, list[float]] = {name: [] for name in ready}
        for turn in range(-_WARMUP, executions):
            for name, execute in ready.items():
                started = time.perf_counter()
                execute()
                if turn >= 0:
                    seconds[name].append(time.perf_counter() - started)
        return {
            name: Sample(seconds[name], _grow(execute, executions))
            for name, execute in ready.items()
        }


def print_samples(samples: dict[str, Sample], *, base: str) -> None:
    """Print medians, 95th percentiles, growth, and the ratio of `base` to the others."""
    count = len(samples[base].seconds)
    print(f"\na plugin that does nothing, {count} executions in one process")
    print(f"{'':10}{'median ms':>10}{'p95 ms':>10}{'growth KiB':>12}{f'{base} / it':>16}")
    ours = statistics.median(samples[base].seconds)
    for name, sample in samples.items():
        median = statistics.median(sample.seconds)
        late = sorted(sample.seconds)[round(0.95 * (count - 1))]
        growth = sample.growth / 1024
        print(
            f"{name:10}{median * 1e3:10.3f}{late * 1e3:10.3f}{growth:12.0f}{ours / median:15.2f}x"
        )


def _grow(execute: Callable[[], Any], executions: int) -> int:
    before = measure_footprint().memory
    for _ in range(executions):
        execute()
    return measure_footprint().memory - before


def _start_runner(stack: ExitStack) -> Callable[[], Any]:
    manager = stack.enter_context(PluginManager())
    plugin = manager.load(bytes(wasmtime.wat2wasm(_COMMAND)), _MANIFEST)

    def execute() -> None:
        assert manager.execute(plugin).is_success  # noqa: S101 - or the time means nothing

    return execute


def _start_extism() -> Callable[[], Any] | None:
    try:
        from extism.extism import CompiledPlugin, Plugin
    except ImportError:
        print("extism is not installed: left out", file=sys.stderr)
        return None
    compiled = CompiledPlugin(bytes(wasmtime.wat2wasm(_FUNCTION)), functions=[])
    return lambda: Plugin(compiled, functions=[]).call("run", b"")


def _start_wasmtime() -> Callable[[], Any]:
    engine = wasmtime.Engine()
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    module = wasmtime.Module(engine, _COMMAND)

    def execute() -> None:
        with wasmtime.Store(engine) as store:
            store.set_wasi(wasmtime.WasiConfig())
            start = linker.instantiate(store, module).exports(store)["_start"]
            assert isinstance(start, wasmtime.Func)  # noqa: S101 - for the type checker
            start(store)

    return execute


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--executions", type=int, default=EXECUTIONS)
    print_samples(measure_plugins(parser.parse_args().executions), base="runner")


if __name__ == "__main__":
    main()
