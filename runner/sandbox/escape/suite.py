"""Runs all attempts on this machine, each in a sandbox as real as a pipeline's, and judges them.

An attempt is judged by what happened, not by what the guest says: whether a secret came out, and
whether anything changed that it must not change.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
import time
from typing import TYPE_CHECKING

import wasmtime

from runner.abi import Directory, Invocation, PluginResult
from runner.sandbox.escape import (
    assembler,
    files,
    links,
    memory,
    modules,
    paths,
    prisoner,
    resources,
)
from runner.sandbox.escape.attempt import Outcome
from runner.sandbox.process import spawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.sandbox.escape.attempt import Attempt
    from runner.sandbox.sandbox import Sandbox

ATTEMPTS: tuple[Attempt, ...] = (
    *paths.ATTEMPTS,
    *links.ATTEMPTS,
    *files.ATTEMPTS,
    *memory.ATTEMPTS,
    *modules.ATTEMPTS,
    *resources.ATTEMPTS,
)
_JAIL = "jail"
_LONGEST_OUTPUT = 1 << 16


def run_suite(sandbox: Sandbox) -> Iterator[Outcome]:
    """Run every attempt and yield what came of it, those within WebAssembly first.

    Takes some seconds, the first time some more. Raises Unavailable when nothing can run at all.
    """
    with tempfile.TemporaryDirectory(prefix="runner-doctor-") as folder:
        tree = _Tree(folder)
        bodies = {f"attempt{n}": row.body for n, row in enumerate(ATTEMPTS) if row.body}
        shared = _store(folder, wasmtime.wat2wasm(assembler.module(bodies)))
        for number, attempt in enumerate(ATTEMPTS):
            invocation = _prepare(attempt, shared, number, tree)
            yield _try(attempt, invocation, sandbox, tree)
        yield from _try_jail(tree)


class _Tree:
    """The folders of one attempt after the other, and a secret that must not come out."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.secret = secrets.token_hex(16)
        self.outside = os.path.join(folder, "base", "outside")
        self.workspace = os.path.join(folder, "base", "ws")
        self.out = os.path.join(self.workspace, "out")
        os.makedirs(self.outside)
        os.makedirs(self.workspace)
        for path, text in (
            (f"{self.outside}/secret", self.secret),
            (f"{self.outside}/victim", "unharmed"),
            (f"{self.workspace}/kept", "kept"),
        ):
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
        os.symlink("secret", f"{self.outside}/link")
        self.fill()

    def fill(self) -> None:
        """Make the writable folder as it is at the beginning of every attempt."""
        if os.path.lexists(self.out):
            shutil.rmtree(self.out)
        os.mkdir(self.out)
        for target, name in (
            ("../../outside/secret", "planted"),
            ("../../outside", "door"),
            ("../../outside/victim", "victimlink"),
        ):
            os.symlink(target, os.path.join(self.out, name))
        with open(os.path.join(self.out, "mine"), "w", encoding="ascii") as file:
            file.write("mine")

    def look(self) -> dict[str, tuple[object, ...]]:
        """Return all that must not change, by path."""
        seen: dict[str, tuple[object, ...]] = {}
        for folder, folders, names in os.walk(os.path.join(self.folder, "base")):
            for name in (*folders, *names):
                path = os.path.join(folder, name)
                if path == self.out:
                    folders.remove(name)
                    continue
                status = os.lstat(path)
                size = status.st_size if name in names else 0
                when = status.st_mtime_ns if path != self.workspace else 0
                seen[path] = (status.st_mode, status.st_nlink, size, when)
        return seen


def _prepare(attempt: Attempt, shared: tuple[str, str], number: int, tree: _Tree) -> Invocation:
    if attempt.body:
        (path, digest), export = shared, f"attempt{number}"
    else:
        data = attempt.module
        wasm = bytes(wasmtime.wat2wasm(data)) if isinstance(data, str) else data
        (path, digest), export = _store(tree.folder, wasm), "_start"
    return Invocation(
        path,
        digest,
        ("attempt",),
        directories=(
            Directory("/workspace", tree.workspace),
            Directory("/workspace/out", tree.workspace, "out", writable=True),
        ),
        limits=attempt.limits,
        export=export,
        clock=attempt.clock,
        can_create_directories=attempt.can_create_directories,
    )


def _try(attempt: Attempt, invocation: Invocation, sandbox: Sandbox, tree: _Tree) -> Outcome:
    tree.fill()
    before, started = tree.look(), time.monotonic()
    output = bytearray()
    result = sandbox.run(
        invocation, lambda piece: output.extend(piece[: _LONGEST_OUTPUT - len(output)])
    )
    escape = _judge(attempt, result, bytes(output), tree)
    if not escape and tree.look() != before:
        escape = "it changed what it must not"
    return Outcome(attempt.group, attempt.name, escape, time.monotonic() - started)


def _judge(attempt: Attempt, result: PluginResult, output: bytes, tree: _Tree) -> str:
    """Return how it got out, or nothing."""
    if tree.secret.encode() in output or b"root:" in output:
        return "it read what it must not"
    if result.verdict not in attempt.ends:
        return f"it ended as {result.verdict} ({result.message}), not as {attempt.ends[0]}"
    if attempt.output is not None:
        return "" if output == attempt.output else f"it saw {output.hex()}"
    if b"+" in output and attempt.body:
        return f"a call was not refused ({output[:40]!r})"
    return ""


def _try_jail(tree: _Tree) -> Iterator[Outcome]:
    """Try what a guest could that had broken out of WebAssembly: the second wall alone."""
    names = tuple(prisoner.list_acts(0, ""))
    tree.fill()
    before, started = tree.look(), time.monotonic()
    done = _imprison(tree)
    seconds = (time.monotonic() - started) / len(names)
    is_changed = tree.look() != before
    for name in names:
        escape = "it was not refused" if name in done else ""
        if prisoner.END not in done:
            escape = "the jail could not be tried to its end"
        yield Outcome(_JAIL, name, escape or ("something changed" if is_changed else ""), seconds)


def _imprison(tree: _Tree) -> set[str]:
    reader, writer = os.pipe()
    flags = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
    folders = [os.open(tree.out, flags), os.open(tree.workspace, flags)]
    try:
        pid = spawn("runner.sandbox.escape.prisoner", [tree.outside], [writer, *folders])
    finally:
        for descriptor in (writer, *folders):
            os.close(descriptor)
    with open(reader, encoding="utf-8") as report:
        said = set(report.read().splitlines())
    os.waitpid(pid, 0)
    return said


def _store(folder: str, wasm: bytes | bytearray) -> tuple[str, str]:
    digest = hashlib.sha256(wasm).hexdigest()
    path = os.path.join(folder, f"{digest}.wasm")
    with open(path, "wb") as file:
        file.write(wasm)
    return path, digest
