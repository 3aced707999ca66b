"""The few functions of wasmtime's C library that a guest needs, bound by hand.

`import wasmtime` declares two thousand of them and costs 41 ms of start-up; these cost 2 ms. The
declarations are the ones of wasmtime-py 50.0.1 (`_bindings.py`), the version that is pinned;
opaque pointers are `c_void_p`.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_bool, c_char_p, c_int64, c_size_t, c_uint8, c_uint64, c_void_p

EXTERN_FUNCTION = 0
EXTERN_MEMORY = 3
VALUE_I32, VALUE_I64 = 0, 1


class ByteVector(ctypes.Structure):
    """`wasm_byte_vec_t`: bytes owned by the library until `wasm_byte_vec_delete`."""

    _fields_ = [("size", c_size_t), ("data", c_void_p)]

    size: int
    data: int | None


class PointerVector(ctypes.Structure):
    """`wasm_frame_vec_t`, `wasm_valtype_vec_t` and their kin."""

    _fields_ = [("size", c_size_t), ("data", POINTER(c_void_p))]

    size: int
    data: ctypes.Array[c_void_p]


class Item(ctypes.Structure):
    """`wasmtime_func_t`, `wasmtime_memory_t` or another thing that lives in a store."""

    _fields_ = [("store", c_uint64), ("_private", c_uint64 * 2)]


class Extern(ctypes.Structure):
    """`wasmtime_extern_t`: an export, of the kind `EXTERN_...`."""

    _fields_ = [("kind", c_uint8), ("item", Item)]

    kind: int
    item: Item


Callback = ctypes.CFUNCTYPE(c_size_t, c_void_p, c_void_p, POINTER(c_uint64), c_size_t)
"""`wasmtime_func_unchecked_callback_t`: a trap or null from (environment, caller, values, count).

The values are parameters on the way in and results on the way out, `VALUE_WORDS` words each.
"""
VALUE_WORDS = 2

_SIGNATURES: dict[str, tuple[object, tuple[object, ...]]] = {
    "wasm_byte_vec_delete": (None, (POINTER(ByteVector),)),
    "wasm_config_new": (c_void_p, ()),
    "wasm_engine_new_with_config": (c_void_p, (c_void_p,)),
    "wasm_frame_vec_delete": (None, (POINTER(PointerVector),)),
    "wasm_functype_new": (c_void_p, (POINTER(PointerVector), POINTER(PointerVector))),
    "wasm_trap_message": (None, (c_void_p, POINTER(ByteVector))),
    "wasm_trap_trace": (None, (c_void_p, POINTER(PointerVector))),
    "wasm_valtype_new": (c_void_p, (c_uint8,)),
    "wasm_valtype_vec_new": (None, (POINTER(PointerVector), c_size_t, POINTER(c_void_p))),
    "wasmtime_caller_export_get": (
        c_bool,
        (c_void_p, c_char_p, c_size_t, POINTER(Extern)),
    ),
    "wasmtime_caller_context": (c_void_p, (c_void_p,)),
    "wasmtime_config_parallel_compilation_set": (None, (c_void_p, c_bool)),
    "wasmtime_config_max_wasm_stack_set": (None, (c_void_p, c_size_t)),
    "wasmtime_context_set_wasi": (c_void_p, (c_void_p, c_void_p)),
    "wasmtime_error_message": (None, (c_void_p, POINTER(ByteVector))),
    "wasmtime_frame_func_name": (POINTER(ByteVector), (c_void_p,)),
    "wasmtime_func_call": (
        c_void_p,
        (c_void_p, POINTER(Item), c_void_p, c_size_t, c_void_p, c_size_t, POINTER(c_void_p)),
    ),
    "wasmtime_func_call_unchecked": (
        c_void_p,
        (c_void_p, POINTER(Item), POINTER(c_uint64), c_size_t, POINTER(c_void_p)),
    ),
    "wasmtime_instance_export_get": (
        c_bool,
        (c_void_p, POINTER(Item), c_char_p, c_size_t, POINTER(Extern)),
    ),
    "wasmtime_instance_pre_instantiate": (
        c_void_p,
        (c_void_p, c_void_p, POINTER(Item), POINTER(c_void_p)),
    ),
    "wasmtime_instance_pre_module": (c_void_p, (c_void_p,)),
    "wasmtime_linker_allow_shadowing": (None, (c_void_p, c_bool)),
    "wasmtime_linker_define": (
        c_void_p,
        (c_void_p, c_void_p, c_char_p, c_size_t, c_char_p, c_size_t, POINTER(Extern)),
    ),
    "wasmtime_linker_define_instance": (
        c_void_p,
        (c_void_p, c_void_p, c_char_p, c_size_t, POINTER(Item)),
    ),
    "wasmtime_linker_define_func_unchecked": (
        c_void_p,
        (
            c_void_p,
            c_char_p,
            c_size_t,
            c_char_p,
            c_size_t,
            c_void_p,
            Callback,
            c_void_p,
            c_void_p,
        ),
    ),
    "wasmtime_linker_define_wasi": (c_void_p, (c_void_p,)),
    "wasmtime_linker_instantiate": (
        c_void_p,
        (c_void_p, c_void_p, c_void_p, POINTER(Item), POINTER(c_void_p)),
    ),
    "wasmtime_linker_instantiate_pre": (c_void_p, (c_void_p, c_void_p, POINTER(c_void_p))),
    "wasmtime_linker_new": (c_void_p, (c_void_p,)),
    "wasmtime_memory_data": (c_void_p, (c_void_p, POINTER(Item))),
    "wasmtime_memory_data_size": (c_size_t, (c_void_p, POINTER(Item))),
    "wasmtime_module_deserialize_file": (c_void_p, (c_void_p, c_char_p, POINTER(c_void_p))),
    "wasmtime_module_new": (c_void_p, (c_void_p, c_char_p, c_size_t, POINTER(c_void_p))),
    "wasmtime_module_serialize": (c_void_p, (c_void_p, POINTER(ByteVector))),
    "wasmtime_store_context": (c_void_p, (c_void_p,)),
    "wasmtime_store_delete": (None, (c_void_p,)),
    "wasmtime_store_limiter": (None, (c_void_p, c_int64, c_int64, c_int64, c_int64, c_int64)),
    "wasmtime_store_new": (c_void_p, (c_void_p, c_void_p, c_void_p)),
    "wasmtime_wat2wasm": (c_void_p, (c_char_p, c_size_t, POINTER(ByteVector))),
    "wasmtime_trap_new": (c_void_p, (c_char_p, c_size_t)),
    "wasi_config_new": (c_void_p, ()),
    "wasi_config_preopen_dir": (c_bool, (c_void_p, c_char_p, c_char_p, c_bool)),
    "wasi_config_set_argv": (c_bool, (c_void_p, c_size_t, POINTER(c_char_p))),
    "wasi_config_set_env": (
        c_bool,
        (c_void_p, c_size_t, POINTER(c_char_p), POINTER(c_char_p)),
    ),
    "wasi_config_set_stderr_file": (c_bool, (c_void_p, c_char_p)),
    "wasi_config_set_stdout_file": (c_bool, (c_void_p, c_char_p)),
}


def load(path: str) -> ctypes.CDLL:
    """Load the library at `path` and declare its functions; a missing one raises AttributeError."""
    library = ctypes.CDLL(path)
    declare(library, _SIGNATURES)
    return library


def declare(library: ctypes.CDLL, signatures: dict[str, tuple[object, tuple[object, ...]]]) -> None:
    """Declare functions, each as (result, arguments); a missing one raises AttributeError."""
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
