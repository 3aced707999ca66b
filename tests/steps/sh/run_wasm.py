"""Run scripts in `sh.wasm`, one request line after the other; a process of its own.

    python run_wasm.py MODULE CACHE

Guests can take the process down with them, so pytest never runs one itself. A request and its
answer are a line of JSON each: argv, environment, folders and output files in, exit code out.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from wasmtime import (
    Engine,
    FuncType,
    Linker,
    Module,
    Store,
    ValType,
    WasiConfig,
    WasmtimeError,
)

if TYPE_CHECKING:
    from wasmtime import InstancePre


class _ExitError(Exception):
    """A guest's `proc_exit`, with its code: wasmtime loses those from 126 on."""


def _main(path: str, cache: str) -> None:
    engine = Engine()
    module = _load(engine, path, cache)
    linker = Linker(engine)
    linker.define_wasi()
    linker.allow_shadowing = True
    exit_type = FuncType([ValType.i32()], [])
    linker.define_func("wasi_snapshot_preview1", "proc_exit", exit_type, _exit)
    ready = linker.instantiate_pre(module)
    for line in sys.stdin:
        answer = _run(engine, ready, json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _exit(code: int) -> None:
    raise _ExitError(code)


def _load(engine: Engine, path: str, cache: str) -> Module:
    """Compile once per module, be there several of this process."""
    with open(path, "rb") as file:
        data = file.read()
    compiled = os.path.join(cache, hashlib.sha256(data).hexdigest() + ".cwasm")
    with open(os.path.join(cache, "lock"), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(compiled):
            with open(compiled + ".new", "wb") as file:
                file.write(Module(engine, data).serialize())
            os.rename(compiled + ".new", compiled)
    return Module.deserialize_file(engine, compiled)


def _run(engine: Engine, ready: InstancePre, request: dict[str, Any]) -> dict[str, Any]:
    wasi = WasiConfig()
    wasi.argv = request["argv"]
    wasi.env = list(request["env"].items())
    wasi.stdout_file = request["stdout"]
    wasi.stderr_file = request["stderr"]
    for guest, host in request["folders"].items():
        wasi.preopen_dir(host, guest)
    store = Store(engine)
    store.set_wasi(wasi)
    code, trap = 0, ""
    try:
        ready.instantiate(store).exports(store)["_start"](store)  # type: ignore[operator]
    except _ExitError as error:
        code = int(error.args[0])
    except WasmtimeError as error:
        code, trap = -1, str(error)
    finally:
        store.close()
    return {"code": code, "trap": trap}


if __name__ == "__main__":
    _main(*sys.argv[1:])
