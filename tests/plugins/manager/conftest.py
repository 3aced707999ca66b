"""Managers with the real sandbox, and plugins for them."""

from __future__ import annotations

import functools
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import wasmtime

from runner import ManagerConfig, PluginManager
from runner.resources import locate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    MakeManager = Callable[..., PluginManager]


@pytest.fixture(scope="session")
def modules(cache: Path) -> str:
    """Where compiled modules are kept; whoever sets the variable spares half a minute."""
    return os.environ.get("WASI_RUNNER_CACHE") or str(cache)


@pytest.fixture
def make_manager(modules: str) -> Iterator[MakeManager]:
    """Make managers, by the fields of their configuration; they are closed after the test."""
    made: list[PluginManager] = []

    def make(**fields: Any) -> PluginManager:
        made.append(PluginManager(ManagerConfig(**fields), cache=modules))
        return made[-1]

    yield make
    for manager in made:
        manager.close()


@pytest.fixture
def manager(make_manager: MakeManager) -> PluginManager:
    return make_manager(concurrency=4)


def describe(version: str = "1.0.0", *, name: str = "test/plugin", **fields: Any) -> str:
    """Return a manifest as text; JSON is YAML."""
    entry_points = {"main": {"module": "plugin.wasm"}, **fields.pop("entry_points", {})}
    data = {"id": name, "version": version, "entry_points": entry_points, **fields}
    return json.dumps(data, indent=1)


def run_script(script: str, **fields: Any) -> str:
    """Return the manifest of a plugin whose module is `shell()`, and which runs `script`."""
    main = {"module": "sh.wasm", "arguments": ["-e", "-c", script]}
    entry_points = {"main": main, **fields.pop("entry_points", {})}
    return describe(entry_points=entry_points, **fields)


@functools.cache
def shell() -> bytes:
    """Return the standard shell: a guest that does what a text says."""
    with open(locate("steps", "sh", "sh.wasm"), "rb") as file:
        return file.read()


def compiled(text: str) -> bytes:
    """Return the module that WebAssembly text means."""
    return bytes(wasmtime.wat2wasm(text))
