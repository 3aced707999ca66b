"""`python -m benchmarks.load`: a plugin manager under many threads that change what others use.

Each version of a plugin says which it is, and one of two modules carries it out, so that a result
of another version or of another version's module is seen. Prints what was done and what grew;
exits with 1 if a result was lost or wrong, or if anything was left behind.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import sys
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import wasmtime

from runner import EventKind, InvalidInput, ManagerConfig, ManagerEvent, PluginManager, Verdict

if TYPE_CHECKING:
    from runner import PluginResult

THREADS = 8
ORDERED = ("load/one", "load/two", "load/three", "load/four")
FREE = "load/free"  # changed by several threads at once, so in no order that could be known

# Prints a letter and its arguments, each with a NUL behind it.
_MODULE = """(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 2047) "{letter}")
  (func (export "_start")
    (drop (call $sizes (i32.const 16) (i32.const 20)))
    (drop (call $get (i32.const 1024) (i32.const 2048)))
    (i32.store (i32.const 0) (i32.const 2047))
    (i32.store (i32.const 4) (i32.add (i32.const 1) (i32.load (i32.const 20))))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"""
_LETTERS = "ab"


class Footprint(NamedTuple):
    """What this process holds; `memory` and `children_memory` are resident bytes."""

    memory: int
    descriptors: int
    threads: int
    children: int
    children_memory: int


class Report(NamedTuple):
    """`faults` are lost or wrong results and what was left behind, a line each.

    `early` and `late` are taken after a fifth of the time and at its end, `before` and `after`
    outside the manager's life.
    """

    counts: Counter[str]
    faults: list[str]
    seconds: float
    before: Footprint
    early: Footprint
    late: Footprint
    after: Footprint


class Load:
    """Threads that execute, reload, unload and load, and what they saw."""

    def __init__(self, manager: PluginManager, events: Counter[str]) -> None:
        self._manager = manager
        self._events = events
        self._modules = [
            bytes(wasmtime.wat2wasm(_MODULE.replace("{letter}", one))) for one in _LETTERS
        ]
        self._locks = {name: threading.Lock() for name in ORDERED}
        self._issued = dict.fromkeys((*ORDERED, FREE), 0)
        self._reached = dict.fromkeys(ORDERED, 0)
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        for name in (*ORDERED, FREE):
            self._load(name)

    def run(self, seconds: float) -> None:
        """Work for `seconds` and return when all threads are done."""
        end = time.monotonic() + seconds
        threads = [
            threading.Thread(target=self._work, args=(random.Random(seed), end))  # noqa: S311
            for seed in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def check(self) -> None:
        """Compare what was asked for with what was told by events."""
        asked = self.counts["executions"] + self.counts["cancelled"]
        if self._events[EventKind.FINISHED] != asked:
            told = self._events[EventKind.FINISHED]
            self.faults.append(f"{asked} results were returned and {told} told")
        for plugin in self._manager.list():
            if self._manager.status(plugin.id).running:
                self.faults.append(f"{plugin.id} is said to be running")

    def _work(self, chance: random.Random, end: float) -> None:
        while time.monotonic() < end:
            try:
                self._act(chance)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                self._fail(f"{type(error).__name__}: {error}")
                return

    def _act(self, chance: random.Random) -> None:
        name, dice = chance.choice((*ORDERED, FREE)), chance.random()
        if dice < 0.85:
            self._execute(name)
        elif name == FREE:
            self._change_freely(chance, dice)
        else:
            with self._locks[name]:
                if dice < 0.95:
                    self._reload(name)
                else:
                    self._manager.unload(name, is_forced=chance.random() < 0.5)
                    self._count("unloads")
                    self._load(name)

    def _execute(self, name: str) -> None:
        floor = self._reached.get(name, 0)
        try:
            result = self._manager.execute(name)
        except InvalidInput as error:
            if error.problems[0].code != "plugin-unknown":
                raise
            self._count("absent")
            return
        if result.verdict == Verdict.CANCELLED:
            self._count("cancelled")
            return
        self._count("executions")
        self._judge(name, result, floor)

    def _judge(self, name: str, result: PluginResult, floor: int) -> None:
        number = int(result.version.split(".")[1])
        letter = _LETTERS[number % 2]
        if result.lines != (f"{letter}plugin\0{result.version}\0",):
            self._fail(f"{name} {result.version} said {result.lines}: {result.errors}")
        if not floor <= number <= self._issued[name]:
            self._fail(f"{name} {result.version} ran after {floor}")

    def _change_freely(self, chance: random.Random, dice: float) -> None:
        try:
            if dice < 0.95:
                self._reload(FREE)
            elif chance.random() < 0.5:
                self._manager.unload(FREE, is_forced=True)
                self._count("unloads")
            else:
                self._load(FREE)
        except InvalidInput as error:
            if error.problems[0].code not in {"plugin-unknown", "plugin-loaded"}:
                raise
            self._count("absent")

    def _reload(self, name: str) -> None:
        wasm, manifest, number = self._next(name)
        self._manager.reload(name, wasm, manifest)
        self._reach(name, number)
        self._count("reloads")

    def _load(self, name: str) -> None:
        wasm, manifest, number = self._next(name)
        self._manager.load(wasm, manifest)
        self._reach(name, number)
        self._count("loads")

    def _next(self, name: str) -> tuple[bytes, str, int]:
        with self._lock:
            self._issued[name] += 1
            number = self._issued[name]
        version = f"1.{number}.0"
        entry = {"module": "plugin.wasm", "arguments": [version]}
        data = {"id": name, "version": version, "entry_points": {"main": entry}}
        return self._modules[number % 2], json.dumps(data, indent=1), number

    def _reach(self, name: str, number: int) -> None:
        if name in self._reached:
            self._reached[name] = number

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def _fail(self, fault: str) -> None:
        with self._lock:
            self.faults.append(fault)


def hammer(seconds: float, *, cache: str = "") -> Report:
    """Load a new manager for `seconds` with `THREADS` threads, close it, and tell."""
    events: Counter[str] = Counter()
    lock = threading.Lock()

    def observe(event: ManagerEvent) -> None:
        with lock:
            events[event.kind] += 1

    before = measure()
    with PluginManager(ManagerConfig(concurrency=4, on_event=observe), cache=cache) as manager:
        load = Load(manager, events)
        load.run(seconds / 5)
        early = measure()
        load.run(seconds * 4 / 5)
        late = measure()
        load.check()
    after = measure()
    for name in ("descriptors", "threads", "children"):
        if getattr(after, name) > getattr(before, name):
            load.faults.append(f"{name}: {getattr(before, name)} grew to {getattr(after, name)}")
    return Report(load.counts, load.faults, seconds, before, early, late, after)


def measure() -> Footprint:
    """Return what this process holds now, garbage aside."""
    gc.collect()
    children: list[str] = []
    for task in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{task}/children", encoding="ascii") as file:
            children += file.read().split()
    return Footprint(
        _resident("self"),
        len(os.listdir("/proc/self/fd")),
        threading.active_count(),
        len(children),
        sum(map(_resident, children)),
    )


def _resident(process: str) -> int:
    with open(f"/proc/{process}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Load a manager and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    report = hammer(parser.parse_args().seconds)
    print(f"{THREADS} threads, {report.seconds:g} s: {dict(report.counts)}")
    for name in ("before", "early", "late", "after"):
        print(f"{name:8}{getattr(report, name)}")
    for name in ("memory", "children_memory"):
        growth = getattr(report.late, name) - getattr(report.early, name)
        print(f"{name} between early and late: {growth / 1024:+.0f} KiB")
    print("\n".join(report.faults) or "no result lost, no wrong version, nothing left behind")
    sys.exit(1 if report.faults else 0)


if __name__ == "__main__":
    main()
