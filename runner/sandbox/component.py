"""Components (WASI 0.2 commands), run by the part of wasmtime's C library that modules never touch.

Its functions are declared when the first component comes, in the one worker that runs it.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_bool, c_char_p, c_int, c_size_t, c_uint8, c_uint64, c_void_p

from runner.sandbox import capi
from runner.sandbox.stopped import Stopped, check, take

_RUN, _NEWEST = b"wasi:cli/run@0.2.%d", 40
_RESULT = 19
_TRAP = "wasm trap: "


class Function(ctypes.Structure):
    """`wasmtime_component_func_t`; `wasmtime_component_instance_t` is smaller."""

    _fields_ = [("_private", c_uint64 * 4)]


class Value(ctypes.Structure):
    """`wasmtime_component_val_t`, of which only a `result` is read here."""

    _fields_ = [
        ("kind", c_uint8),
        ("_padding", c_uint8 * 7),
        ("is_ok", c_bool),
        ("_rest", c_uint8 * 23),
    ]

    kind: int
    is_ok: bool


_SIGNATURES: dict[str, tuple[object, tuple[object, ...]]] = {
    "wasmtime_component_deserialize_file": (c_void_p, (c_void_p, c_char_p, POINTER(c_void_p))),
    "wasmtime_component_func_call": (
        c_void_p,
        (POINTER(Function), c_void_p, c_void_p, c_size_t, POINTER(Value), c_size_t),
    ),
    "wasmtime_component_get_export_index": (c_void_p, (c_void_p, c_void_p, c_char_p, c_size_t)),
    "wasmtime_component_instance_get_func": (
        c_bool,
        (POINTER(Function), c_void_p, c_void_p, POINTER(Function)),
    ),
    "wasmtime_component_linker_add_wasip2": (c_void_p, (c_void_p,)),
    "wasmtime_component_linker_instantiate": (
        c_void_p,
        (c_void_p, c_void_p, c_void_p, POINTER(Function)),
    ),
    "wasmtime_component_linker_new": (c_void_p, (c_void_p,)),
    "wasmtime_component_new": (c_void_p, (c_void_p, c_char_p, c_size_t, POINTER(c_void_p))),
    "wasmtime_component_serialize": (c_void_p, (c_void_p, POINTER(capi.ByteVector))),
    "wasmtime_error_exit_status": (c_bool, (c_void_p, POINTER(c_int))),
}


def compile_component(library: ctypes.CDLL, engine: ctypes.c_void_p, wasm: bytes) -> bytes:
    """Return the machine code of a component; raises Stopped."""
    capi.declare(library, _SIGNATURES)
    component, code = c_void_p(), capi.ByteVector()
    failure = library.wasmtime_component_new(engine, wasm, len(wasm), ctypes.byref(component))
    check(library, failure, "invalid_module")
    check(library, library.wasmtime_component_serialize(component, ctypes.byref(code)), "crashed")
    return take(library, code)


class Component:
    """Compiled code, mapped; `path` is of a file that is our own. Raises Stopped."""

    def __init__(self, library: ctypes.CDLL, engine: ctypes.c_void_p, path: bytes) -> None:
        capi.declare(library, _SIGNATURES)
        self._library = library
        self._engine = engine
        self._code = c_void_p()
        load = library.wasmtime_component_deserialize_file
        check(library, load(engine, path, ctypes.byref(self._code)), "crashed")

    def run(self, context: int) -> int:
        """Run it to its end in the store of `context`, which has its WASI; raises Stopped.

        Returns 0 or 1: WASI 0.2 knows no other exit codes.
        """
        library = self._library
        export = self._find_run()
        linker = library.wasmtime_component_linker_new(self._engine)
        check(library, library.wasmtime_component_linker_add_wasip2(linker), "crashed")
        instance, function, value = Function(), Function(), Value()
        instantiate = library.wasmtime_component_linker_instantiate
        check(
            library,
            instantiate(linker, context, self._code, ctypes.byref(instance)),
            "invalid_module",
        )
        get = library.wasmtime_component_instance_get_func
        if not get(ctypes.byref(instance), context, export, ctypes.byref(function)):
            raise Stopped("invalid_module", "component's `run` is no function")
        call = library.wasmtime_component_func_call
        failure = call(ctypes.byref(function), context, None, 0, ctypes.byref(value), 1)
        if failure is None:
            return 0 if value.kind == _RESULT and value.is_ok else 1
        return self._judge(failure)

    def _find_run(self) -> int:
        """Return the index of the export that a command has, of whatever version 0.2.x."""
        find = self._library.wasmtime_component_get_export_index
        for version in range(_NEWEST, -1, -1):
            name = _RUN % version
            instance = find(self._code, None, name, len(name))
            if instance:
                index: int = find(self._code, instance, b"run", 3)
                return index
        message = "component is no command: it does not export `wasi:cli/run@0.2`"
        raise Stopped("invalid_module", message)

    def _judge(self, failure: int) -> int:
        """Return the exit code in an error, or raise Stopped."""
        status = c_int()
        if self._library.wasmtime_error_exit_status(failure, ctypes.byref(status)):
            return status.value
        try:
            check(self._library, failure, "trapped")
        except Stopped as stopped:
            last = stopped.message.split("\n")[-1].strip()
            cause = last.partition(_TRAP)[2] or last
            raise Stopped("trapped", cause) from None
        return 1
