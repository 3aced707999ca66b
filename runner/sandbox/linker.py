"""wasmtime's linker: what the imports of a module are to be."""

from __future__ import annotations

import ctypes

from runner.sandbox import capi
from runner.sandbox.stopped import Stopped, check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

WASI = b"wasi_snapshot_preview1"
_WORD = 0xFFFFFFFF


class Linker:
    """Names and what they stand for, WASI to begin with; the last definition of a name counts."""

    def __init__(self, library: ctypes.CDLL, engine: ctypes.c_void_p) -> None:
        self._library = library
        self._callbacks: list[object] = []  # kept: the library does not own them
        self._handle = library.wasmtime_linker_new(engine)
        library.wasmtime_linker_allow_shadowing(self._handle, True)
        check(library, library.wasmtime_linker_define_wasi(self._handle), "crashed")

    def define(
        self,
        module: bytes,
        name: bytes,
        function: Callable[..., int | None],
        *,
        parameters: int,
        results: tuple[int, ...] = (capi.VALUE_I32,),
    ) -> None:
        """Let `module`.`name` be `function`, which returns its result, if it has one.

        All its `parameters` are 32-bit integers, taken as unsigned after the caller's pointer. A
        Stopped it raises becomes a trap.
        """

        def enter(
            _: object, caller: int, values: ctypes._Pointer[ctypes.c_uint64], _count: int
        ) -> int:
            words = range(0, capi.VALUE_WORDS * parameters, capi.VALUE_WORDS)
            try:
                result = function(caller, *[values[word] & _WORD for word in words])
            except Stopped as stopped:
                text = stopped.message.encode()
                trap: int = self._library.wasmtime_trap_new(text, len(text))
                return trap
            if result is not None:
                values[0] = result & _WORD if results == (capi.VALUE_I32,) else result
            return 0

        callback = capi.Callback(enter)
        self._callbacks.append(callback)
        kind = self._function_type((capi.VALUE_I32,) * parameters, results)
        define = self._library.wasmtime_linker_define_func_unchecked
        names = (module, len(module), name, len(name))
        failure = define(self._handle, *names, kind, callback, None, None)
        check(self._library, failure, "crashed")

    def define_item(self, context: int, module: bytes, name: bytes, item: capi.Extern) -> None:
        """Let `module`.`name` be an export of something that lives in the store of `context`."""
        define = self._library.wasmtime_linker_define
        names = (module, len(module), name, len(name))
        failure = define(self._handle, context, *names, ctypes.byref(item))
        check(self._library, failure, "crashed")

    def define_instance(self, context: int, module: bytes, instance: capi.Item) -> None:
        """Let all exports of `instance` be importable from `module`."""
        define = self._library.wasmtime_linker_define_instance
        failure = define(self._handle, context, module, len(module), ctypes.byref(instance))
        check(self._library, failure, "crashed")

    def instantiate(
        self, context: int, module: ctypes.c_void_p
    ) -> tuple[capi.Item, ctypes.c_void_p]:
        """Return an instance, and a trap or null; raises Stopped for an import that is missing."""
        instance, trap = capi.Item(), ctypes.c_void_p()
        instantiate = self._library.wasmtime_linker_instantiate
        pointers = (ctypes.byref(instance), ctypes.byref(trap))
        check(
            self._library, instantiate(self._handle, context, module, *pointers), "invalid_module"
        )
        return instance, trap

    def _function_type(self, *kinds: tuple[int, ...]) -> ctypes.c_void_p:
        vectors = [capi.PointerVector(), capi.PointerVector()]
        for vector, row in zip(vectors, kinds, strict=True):
            values = (ctypes.c_void_p * len(row))(*map(self._library.wasm_valtype_new, row))
            self._library.wasm_valtype_vec_new(ctypes.byref(vector), len(row), values)
        kind: ctypes.c_void_p = self._library.wasm_functype_new(*map(ctypes.byref, vectors))
        return kind
