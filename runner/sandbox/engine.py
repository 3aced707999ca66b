"""wasmtime's compiler and linker, made ready for guests; for child processes only."""

from __future__ import annotations

import ctypes
import os

from runner.sandbox import capi
from runner.sandbox.hostcalls import HostCalls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from ctypes import c_uint64

DEFAULT_STACK = 512 * 1024
LARGEST_STACK = 2 * 1024 * 1024 - 64 * 1024
"""Bytes of stack a guest may have: with 2 MiB and more wasmtime 50 aborts the process."""

_WASI, _RUNNER = b"wasi_snapshot_preview1", b"runner"
_WORD = 0xFFFFFFFF
_PREVIEW_0 = "wasi_unstable::"


class Stopped(Exception):
    """A guest's end other than by exit code; `verdict` is one of abi.Verdict."""

    def __init__(self, verdict: str, message: str) -> None:
        super().__init__(message)
        self.verdict = verdict
        self.message = message


class Engine:
    """An engine and a linker with WASI.

    Starts no thread, but to compile if it may: a process can fork after this, and its children
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
        self._linked: dict[tuple[int, int], ctypes.c_void_p] = {}
        self._linker = self.library.wasmtime_linker_new(self.handle)
        self.library.wasmtime_linker_allow_shadowing(self._linker, True)
        self.check(self.library.wasmtime_linker_define_wasi(self._linker), "crashed")
        self._callbacks: list[object] = []  # kept: the library does not own them
        self.define(_WASI, b"proc_exit", self._exit, parameters=1)
        self.host = HostCalls(self.library)
        self.define(_RUNNER, b"call", self.host.call, parameters=4)
        self.define(_RUNNER, b"reply", self.host.reply, parameters=2)

    def build(self, wasm: bytes) -> ctypes.c_void_p:
        """Compile `wasm` into a module; raises Stopped."""
        module = ctypes.c_void_p()
        pointer = ctypes.byref(module)
        failure = self.library.wasmtime_module_new(self.handle, wasm, len(wasm), pointer)
        self.check(failure, "invalid_module")
        return module

    def serialize(self, module: ctypes.c_void_p) -> bytes:
        """Return the machine code of `module` as `load` takes it; raises Stopped."""
        code = capi.ByteVector()
        self.check(self.library.wasmtime_module_serialize(module, ctypes.byref(code)), "crashed")
        return self.take(code)

    def load(self, code: int) -> ctypes.c_void_p:
        """Map compiled code and link it; it must be our own, for it is run as it is.

        `code` is a descriptor. Raises Stopped.
        """
        status = os.fstat(code)
        name = status.st_dev, status.st_ino
        if name not in self._linked:
            module = ctypes.c_void_p()
            load = self.library.wasmtime_module_deserialize_file
            path = b"/proc/self/fd/%d" % code
            self.check(load(self.handle, path, ctypes.byref(module)), "crashed")
            self.descriptors |= _aliases(code, status)
            self._linked[name] = self.link(module)
        return self._linked[name]

    def link(self, module: ctypes.c_void_p) -> ctypes.c_void_p:
        """Find every import of `module`; raises Stopped, naming the one that is missing."""
        linked = ctypes.c_void_p()
        link = self.library.wasmtime_linker_instantiate_pre
        self.check(link(self._linker, module, ctypes.byref(linked)), "invalid_module")
        return linked

    def check(self, failure: int | None, verdict: str) -> None:
        """Raise Stopped if a function of the library returned an error."""
        if failure is None:
            return
        text = capi.ByteVector()
        self.library.wasmtime_error_message(failure, ctypes.byref(text))
        message = self.take(text).decode("utf-8", "replace").strip()
        if _PREVIEW_0 in message:
            message += "; it was built for WASI preview 0, only preview 1 is supported"
        raise Stopped(verdict, message)

    def take(self, vector: capi.ByteVector) -> bytes:
        """Return the bytes of a vector of the library's and free it."""
        data = ctypes.string_at(vector.data, vector.size) if vector.data else b""
        self.library.wasm_byte_vec_delete(ctypes.byref(vector))
        return data

    def define(
        self, module: bytes, name: bytes, function: Callable[..., int | None], *, parameters: int
    ) -> None:
        """Link the import `module`.`name` to `function`, whatever else was linked to it.

        All its `parameters` are 32-bit integers, taken as unsigned after the caller's pointer. It
        returns one, or None if the import has no result. A Stopped it raises becomes a trap.
        """

        def enter(_: object, caller: int, values: ctypes._Pointer[c_uint64], _count: int) -> int:
            words = range(0, capi.VALUE_WORDS * parameters, capi.VALUE_WORDS)
            try:
                result = function(caller, *[values[word] & _WORD for word in words])
            except Stopped as stopped:
                text = stopped.message.encode()
                trap: int = self.library.wasmtime_trap_new(text, len(text))
                return trap
            if result is not None:
                values[0] = result & _WORD
            return 0

        callback = capi.Callback(enter)
        self._callbacks.append(callback)
        kind = self._function_type(parameters, 0 if name == b"proc_exit" else 1)
        define = self.library.wasmtime_linker_define_func_unchecked
        failure = define(
            self._linker, module, len(module), name, len(name), kind, callback, None, None
        )
        self.check(failure, "crashed")

    def _function_type(self, parameters: int, results: int) -> ctypes.c_void_p:
        vectors = [capi.PointerVector(), capi.PointerVector()]
        for vector, count in zip(vectors, (parameters, results), strict=True):
            kinds = [self.library.wasm_valtype_new(capi.VALUE_I32) for _ in range(count)]
            pointers = (ctypes.c_void_p * count)(*kinds)
            self.library.wasm_valtype_vec_new(ctypes.byref(vector), count, pointers)
        kind: ctypes.c_void_p = self.library.wasm_functype_new(*map(ctypes.byref, vectors))
        return kind

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
