"""wasmtime's compiler and linker, made ready for guests; for child processes only."""

from __future__ import annotations

import ctypes
import os

from runner.sandbox import capi
from runner.sandbox.between import Between
from runner.sandbox.hostcalls import HostCalls
from runner.sandbox.linker import WASI, Linker
from runner.sandbox.stopped import Stopped, check, take
from runner.sandbox.watch import Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_STACK = 512 * 1024
LARGEST_STACK = 2 * 1024 * 1024 - 64 * 1024
"""Bytes of stack a guest may have: with 2 MiB and more wasmtime 50 aborts the process."""

_RUNNER = b"runner"


class Engine:
    """An engine, and what guests are linked to: WASI and the calls to the host.

    Starts no thread, but to compile if it may: a process can fork after this.
    """

    def __init__(self, path: str, *, stack: int = DEFAULT_STACK, threads: bool = False) -> None:
        self.path = path
        self.stack = stack
        self.library = capi.load(path)
        config = self.library.wasm_config_new()
        self.library.wasmtime_config_max_wasm_stack_set(config, stack)
        self.library.wasmtime_config_parallel_compilation_set(config, threads)
        self.handle = self.library.wasm_engine_new_with_config(config)
        self.exit_code: int | None = None
        self.descriptors: set[int] = set()  # that must stay open
        self.host = HostCalls(self.library)
        self.watch = Watch(self.library)
        self.guests = Linker(self.library, self.handle)
        self.guests.define(WASI, b"proc_exit", self._exit, parameters=1, results=())
        self.guests.define(_RUNNER, b"call", self.host.call, parameters=4)
        self.guests.define(_RUNNER, b"reply", self.host.reply, parameters=2)
        self.guests.define(b"wasi", b"thread-spawn", self.watch.refuse_thread, parameters=1)
        self.codes: Sequence[int] = ()  # of the shim
        self._between: Between | None = None
        self._loaded: dict[tuple[int, int], ctypes.c_void_p] = {}

    @property
    def between(self) -> Between:
        """What is to stand between a guest and WASI, once `stand_between` was called."""
        if self._between is None:
            raise Stopped("crashed", "nothing stands between the guest and the system")
        return self._between

    def stand_between(self, codes: Sequence[int]) -> None:
        """Have the shim, whose compiled parts are open as `codes`; raises Stopped."""
        self.codes = codes
        self.descriptors |= set(codes)
        modules = [self.load(code) for code in codes]
        self._between = Between(self.library, self.handle, modules, self.watch)

    def build(self, wasm: bytes) -> ctypes.c_void_p:
        """Compile `wasm` into a module; raises Stopped."""
        module = ctypes.c_void_p()
        pointer = ctypes.byref(module)
        failure = self.library.wasmtime_module_new(self.handle, wasm, len(wasm), pointer)
        self.check(failure, "invalid_module")
        return module

    def assemble(self, text: bytes) -> bytes:
        """Return the module that WebAssembly text stands for; raises Stopped."""
        wasm = capi.ByteVector()
        failure = self.library.wasmtime_wat2wasm(text, len(text), ctypes.byref(wasm))
        self.check(failure, "invalid_module")
        return self.take(wasm)

    def serialize(self, module: ctypes.c_void_p) -> bytes:
        """Return the machine code of `module` as `load` takes it; raises Stopped."""
        code = capi.ByteVector()
        self.check(self.library.wasmtime_module_serialize(module, ctypes.byref(code)), "crashed")
        return self.take(code)

    def load(self, code: int) -> ctypes.c_void_p:
        """Map compiled code; it must be our own, for it is run as it is.

        `code` is a descriptor. Raises Stopped.
        """
        status = os.fstat(code)
        name = status.st_dev, status.st_ino
        if name not in self._loaded:
            module = ctypes.c_void_p()
            load = self.library.wasmtime_module_deserialize_file
            path = b"/proc/self/fd/%d" % code
            self.check(load(self.handle, path, ctypes.byref(module)), "crashed")
            self.descriptors |= _aliases(code, status)
            self._loaded[name] = module
        return self._loaded[name]

    def check(self, failure: int | None, verdict: str) -> None:
        """Raise Stopped if a function of the library returned an error."""
        check(self.library, failure, verdict)

    def take(self, vector: capi.ByteVector) -> bytes:
        """Return the bytes of a vector of the library's and free it."""
        return take(self.library, vector)

    def _exit(self, _caller: int, code: int) -> None:
        self.exit_code = code
        raise Stopped("exited", "exit")


def _aliases(code: int, status: os.stat_result) -> set[int]:
    """Return the descriptors by which wasmtime keeps the file `code` open."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            other = os.fstat(int(name))
        except OSError:
            continue  # the one of the listing itself
        if os.path.samestat(other, status):
            found.add(int(name))
    return found - {code}
