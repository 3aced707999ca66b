"""A real sandbox and guests for it; one cache of compiled modules per session."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, NamedTuple

import pytest
import wasmtime

from runner.abi import Directory, Invocation, Limits, PluginResult
from runner.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Outcome(NamedTuple):
    result: PluginResult
    output: bytes


class Guests:
    """Turns WebAssembly text into invocations, and runs them in one sandbox."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self._folder = folder
        self.sandbox = sandbox

    def write(self, data: bytes) -> Invocation:
        """Store a module under its digest."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._folder / f"{digest}.wasm"
        if not path.exists():
            path.write_bytes(data)
        return Invocation(str(path), digest, ("guest",))

    def build(
        self,
        text: str,
        *directories: Directory,
        arguments: tuple[str, ...] = ("guest",),
        environment: tuple[tuple[str, str], ...] = (),
        limits: Limits | None = None,
    ) -> Invocation:
        invocation = self.write(bytes(wasmtime.wat2wasm(text)))
        return invocation._replace(
            arguments=arguments,
            environment=environment,
            directories=directories,
            limits=limits or Limits(wall_time=20.0),
        )

    def run(self, invocation: Invocation) -> Outcome:
        pieces: list[bytes] = []
        result = self.sandbox.run(invocation, pieces.append)
        return Outcome(result, b"".join(pieces))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("sandbox") / "cache")


@pytest.fixture(scope="session")
def shared(cache: str) -> Iterator[Sandbox]:
    with Sandbox(cache=cache) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def guests(shared: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Guests:
    return Guests(tmp_path_factory.mktemp("guests"), shared)


@pytest.fixture
def own_guests(tmp_path: Path) -> Iterator[Guests]:
    """Guests in a sandbox, with a cache, that a test may break."""
    with Sandbox(cache=str(tmp_path / "cache")) as sandbox:
        yield Guests(tmp_path, sandbox)


@pytest.fixture
def children() -> Callable[[int], set[int]]:
    return _children


def _children(parent: int) -> set[int]:
    """Return the living children of a process and of its children."""
    found = set()
    for name in os.listdir("/proc"):
        if name.isdigit() and _parent(int(name)) == parent:
            found |= {int(name)} | _children(int(name))
    return found


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            state, parent = file.read().rpartition(")")[2].split()[:2]
    except OSError:
        return 0
    return 0 if state == "Z" else int(parent)
