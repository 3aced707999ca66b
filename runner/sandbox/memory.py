"""The memory of a guest that has called us: whatever it says of places and sizes is checked."""

from __future__ import annotations

import ctypes

from runner.sandbox import capi


def find(library: ctypes.CDLL, caller: int, place: int, size: int) -> int | None:
    """Return the address of that part of the caller's memory; None if it has no such part."""
    name, found = b"memory", capi.Extern()
    if not library.wasmtime_caller_export_get(caller, name, len(name), ctypes.byref(found)):
        return None
    if found.kind != capi.EXTERN_MEMORY:
        return None
    context, memory = library.wasmtime_caller_context(caller), ctypes.byref(found.item)
    if place + size > library.wasmtime_memory_data_size(context, memory):
        return None
    start: int = library.wasmtime_memory_data(context, memory) or 0
    return start + place


def read(library: ctypes.CDLL, caller: int, place: int, size: int) -> bytes | None:
    """Return a copy of that part of the caller's memory, or None."""
    address = find(library, caller, place, size)
    return None if address is None else ctypes.string_at(address, size)
