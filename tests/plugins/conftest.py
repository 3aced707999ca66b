"""The real sandbox, and the shell step as a guest that may do what a test allows it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from runner import permissions
from runner.plugins.invoke import Call, Places, prepare
from runner.plugins.resolve import Plugin, resolve
from runner.plugins.staging import Stage
from runner.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from runner.abi import PluginResult


class Done(NamedTuple):
    result: PluginResult
    output: str


class Shell:
    """Runs scripts in `workspace`, through staging, as the plugin system's users do."""

    def __init__(self, sandbox: Sandbox, plugin: Plugin, folder: Path) -> None:
        self._sandbox = sandbox
        self.plugin = plugin
        self.workspace = folder / "workspace"
        self.scratch = folder / "scratch"
        for name in ("workspace", "scratch", "commands", "tmp", "empty"):
            (folder / name).mkdir()
        self._places = Places(
            *(str(folder / name) for name in ("workspace", "commands", "tmp", "empty"))
        )

    def write(self, **files: str) -> None:
        """Write files; `__` in a name is a slash, `_` a dot."""
        for name, text in files.items():
            path = self.workspace / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def parse(self, **requested: Any) -> permissions.Permissions:
        allowed, faults = permissions.parse(requested)
        assert faults == []
        return allowed

    def prepare(self, script: str, **requested: Any) -> Call:
        """Return the call of a script with the permissions of these groups."""
        manifest = self.plugin.manifest._replace(permissions=self.parse(**requested))
        return prepare(
            self.plugin._replace(manifest=manifest), {"script": script}, places=self._places
        )

    def run(
        self,
        script: str,
        *,
        on_call: Callable[[str, bytes], bytes] | None = None,
        **requested: Any,
    ) -> Done:
        """Run a script that stops at the first failure."""
        pieces: list[bytes] = []
        call = self.prepare(script, **requested)
        with Stage(call, workspace=str(self.workspace), scratch=str(self.scratch)) as stage:
            result = self._sandbox.run(stage.invocation, pieces.append, on_call=on_call)
            result = stage.settle(result)
        assert os.listdir(self.scratch) == []
        return Done(result, b"".join(pieces).decode())


@pytest.fixture(scope="session")
def compiled(cache: Path) -> str:
    """Where fetched and compiled modules are kept."""
    return os.environ.get("WASI_RUNNER_CACHE") or str(cache)


@pytest.fixture(scope="session")
def sandbox(compiled: str) -> Iterator[Sandbox]:
    with Sandbox(cache=os.path.join(compiled, "compiled")) as made:
        yield made


@pytest.fixture
def shell(sandbox: Sandbox, compiled: str, tmp_path: Path) -> Shell:
    return Shell(sandbox, resolve("steps/sh", base=str(tmp_path), cache=compiled), tmp_path)
