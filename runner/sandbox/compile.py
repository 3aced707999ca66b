"""The child process that turns a module into machine code: hostile input, so jailed as guests are.

Descriptors: 3 the module, 4 the file for its code, 5 a pipe that says why there is none.
"""

from __future__ import annotations

import hashlib
import os
import sys

from runner.sandbox.component import compile_component
from runner.sandbox.engine import Engine
from runner.sandbox.jail import Jail
from runner.sandbox.library import COMPONENT
from runner.sandbox.stopped import Stopped

MODULE, CODE, REPORT = 3, 4, 5

_MEMORY = 4 << 30  # clang's 30 MB of WebAssembly take 1.4 GB
_CODE_SIZE = 2 << 30
_CPU_TIME = 1200.0
_WALL_TIME = 900.0


def main() -> None:
    """Compile; the arguments are the path of wasmtime's library and the module's digest."""
    library, digest = sys.argv[1:]
    os.closerange(REPORT + 1, 1 << 20)
    engine = Engine(library, threads=True)
    jail = Jail(os.getppid())
    jail.enter()
    jail.restrict(
        [], memory=_MEMORY, file_size=_CODE_SIZE, cpu_time=_CPU_TIME, wall_time=_WALL_TIME
    )
    os._exit(_compile(engine, digest))


def _compile(engine: Engine, digest: str) -> int:
    with open(MODULE, "rb") as file:
        wasm = file.read()
    if hashlib.sha256(wasm).hexdigest() != digest:
        return _refuse("it was changed while it was read")
    try:
        code = _build(engine, wasm)
    except Stopped as stopped:
        return _refuse(stopped.message)
    try:
        with open(CODE, "wb") as file:
            file.write(code)
    except OSError as error:
        return _refuse(f"its code cannot be kept: {error.strerror}")
    return 0


def _build(engine: Engine, wasm: bytes) -> bytes:
    if wasm.startswith(COMPONENT):
        return compile_component(engine.library, engine.handle, wasm)
    if not wasm.startswith(b"\0"):
        wasm = engine.assemble(wasm)  # of our own: the runner lets no other text come here
    return engine.serialize(engine.build(wasm))


def _refuse(reason: str) -> int:
    os.write(REPORT, reason.encode("utf-8", "replace")[:4096])
    return 1
