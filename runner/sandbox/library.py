"""Where wasmtime's C library lies, found without importing wasmtime (41 ms)."""

from __future__ import annotations

import os
import sys

from runner.errors import Problem, Unavailable

VERSION = "50.0.1"
"""The one whose declarations `capi` repeats; pyproject.toml pins the same."""

CONFIGURATION = "speed1"
"""Stands for all in `engine` that changes compiled code; to be changed with it."""


MODULE, COMPONENT = b"\0asm\1\0\0\0", b"\0asm\r\0\1\0"
"""The first bytes of what wasmtime can run."""


def find() -> str:
    """Return the absolute path of the library in the installed wheel; raises Unavailable."""
    name = os.path.join("wasmtime", f"linux-{os.uname().machine}", "_libwasmtime.so")
    for folder in sys.path:
        path = os.path.abspath(os.path.join(folder, name))
        if os.path.isfile(path):
            _check_version(os.path.abspath(folder))
            return path
    hint = f"pip install wasmtime=={VERSION}; it has wheels for Linux on x86_64 and aarch64"
    raise Unavailable([Problem("sandbox.no-wasmtime", "wasmtime is not installed", hint=hint)])


def _check_version(packages: str) -> None:
    if os.path.isdir(os.path.join(packages, f"wasmtime-{VERSION}.dist-info")):
        return
    found = [entry for entry in os.listdir(packages) if entry.startswith("wasmtime-")]
    message = f"wasmtime {VERSION} is needed, `{packages}` has {found or 'another'}"
    hint = f"pip install wasmtime=={VERSION}"
    raise Unavailable([Problem("sandbox.wasmtime-version", message, hint=hint)])
