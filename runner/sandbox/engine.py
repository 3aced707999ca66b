"""wasmtime's compiler and linker, made ready for guests; for child processes only."""

from __future__ import annotations

import ctypes
import os

from runner.sandbox import capi

DEFAULT_STACK = 512 * 1024
LARGEST_STACK = 2 * 1024 * 1024 - 64 * 1024
"""Bytes of stack a guest may have: with 2 MiB and more wasmtime 50 aborts the process."""

_WASI = b"wasi_snapshot_preview1"
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
        self._on_exit = capi.Callback(self._exit)  # kept: the library does not own it
        self._shadow_exit()

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

    def _shadow_exit(self) -> None:
        kinds = (ctypes.c_void_p * 1)(self.library.wasm_valtype_new(capi.VALUE_I32))
        parameters, results = capi.PointerVector(), capi.PointerVector()
        self.library.wasm_valtype_vec_new(ctypes.byref(parameters), 1, kinds)
        self.library.wasm_valtype_vec_new(ctypes.byref(results), 0, None)
        kind = self.library.wasm_functype_new(ctypes.byref(parameters), ctypes.byref(results))
        name = b"proc_exit"
        define = self.library.wasmtime_linker_define_func
        failure = define(
            self._linker, _WASI, len(_WASI), name, len(name), kind, self._on_exit, None, None
        )
        self.check(failure, "crashed")

    def _exit(
        self,
        _environment: object,
        _caller: object,
        arguments: ctypes._Pointer[capi.Value],
        *_results: object,
    ) -> int:
        self.exit_code = arguments[0].i32 & 0xFFFFFFFF
        trap: int = self.library.wasmtime_trap_new(b"exit", 4)
        return trap


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
