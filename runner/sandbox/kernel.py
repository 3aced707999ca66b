"""What this kernel offers to guard guests with."""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from runner.records import NamedTuple
from runner.sandbox import landlock

_SYS_OPENAT2 = 437
_PR_GET_SECCOMP = 21
_RESOLVE_BENEATH = 0x08


class Feature(NamedTuple):
    """`state` is `ok`, `warning` or `missing`; `detail` what was found, `hint` what would help."""

    name: str
    state: str
    detail: str
    hint: str = ""


def list_features() -> tuple[Feature, ...]:
    """Ask the kernel, by trying; changes nothing."""
    libc = ctypes.CDLL(None, use_errno=True)
    return _judge_landlock(landlock.version(libc)), _find_seccomp(libc), _find_openat2(libc)


def _judge_landlock(abi: int) -> Feature:
    if not abi:
        hint = "Linux 5.13 or newer, with `landlock` among its security modules"
        return Feature("Landlock", "warning", "none: WebAssembly alone guards files", hint)
    if abi == 1:
        hint = "Linux 5.19 or newer"
        return Feature("Landlock", "warning", "ABI 1: no step can move files between folders", hint)
    return Feature("Landlock", "ok", f"ABI {abi}")


def _find_seccomp(libc: ctypes.CDLL) -> Feature:
    if libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) < 0 and ctypes.get_errno() == errno.EINVAL:
        hint = "a kernel with CONFIG_SECCOMP_FILTER; nothing runs without it"
        return Feature("seccomp", "missing", "not in this kernel", hint)
    return Feature("seccomp", "ok", "system call filters")


def _find_openat2(libc: ctypes.CDLL) -> Feature:
    how = struct.pack("=QQQ", os.O_PATH | os.O_CLOEXEC, 0, _RESOLVE_BENEATH)
    folder = os.open("/", os.O_PATH | os.O_CLOEXEC)
    try:
        opened = libc.syscall(_SYS_OPENAT2, folder, b".", how, len(how))
    finally:
        os.close(folder)
    if opened < 0:
        hint = "Linux 5.6 or newer, and a container runtime that lets it through"
        return Feature("openat2", "warning", "none: paths are walked folder by folder", hint)
    os.close(opened)
    return Feature("openat2", "ok", "paths are resolved beneath their folder")
