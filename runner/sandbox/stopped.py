"""A guest's end other than by exit code, and how the library's errors become one."""

from __future__ import annotations

import ctypes

from runner.sandbox import capi

_PREVIEW_0 = "wasi_unstable::"


class Stopped(Exception):
    """A guest's end other than by exit code; `verdict` is one of abi.Verdict."""

    def __init__(self, verdict: str, message: str) -> None:
        super().__init__(message)
        self.verdict = verdict
        self.message = message


def check(library: ctypes.CDLL, failure: int | None, verdict: str) -> None:
    """Raise Stopped if a function of the library returned an error."""
    if failure is None:
        return
    text = capi.ByteVector()
    library.wasmtime_error_message(failure, ctypes.byref(text))
    message = take(library, text).decode("utf-8", "replace").strip()
    if _PREVIEW_0 in message:
        message += "; it was built for WASI preview 0, only preview 1 is supported"
    raise Stopped(verdict, message)


def take(library: ctypes.CDLL, vector: capi.ByteVector) -> bytes:
    """Return the bytes of a vector of the library's and free it."""
    data = ctypes.string_at(vector.data, vector.size) if vector.data else b""
    library.wasm_byte_vec_delete(ctypes.byref(vector))
    return data
