"""Landlock: which files this process may touch, held by the kernel, needing no privilege."""

from __future__ import annotations

import ctypes
import os
import struct

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on all architectures
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG, _MAKE_SYM = (
    1 << 4,
    1 << 5,
    1 << 7,
    1 << 8,
    1 << 12,
)
_REFER, _TRUNCATE = 1 << 13, 1 << 14  # ABI 2, ABI 3
_READ = _READ_FILE | _READ_DIR
_WRITE = (
    _WRITE_FILE
    | _REMOVE_DIR
    | _REMOVE_FILE
    | _MAKE_DIR
    | _MAKE_REG
    | _MAKE_SYM
    | _REFER
    | _TRUNCATE
)

# Everything that an ABI can forbid: (ABI, file rights, network rights, scopes); the newest wins.
_HANDLED = (
    (1, (1 << 13) - 1, 0, 0),
    (2, (1 << 14) - 1, 0, 0),
    (3, (1 << 15) - 1, 0, 0),
    (4, (1 << 15) - 1, 0b11, 0),
    (5, (1 << 16) - 1, 0b11, 0),
    (6, (1 << 16) - 1, 0b11, 0b11),
)


def version(libc: ctypes.CDLL) -> int:
    """Return the kernel's Landlock ABI; 0 where there is none or it is switched off."""
    abi: int = libc.syscall(_CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION)
    return max(0, abi)


def restrict(libc: ctypes.CDLL, abi: int, directories: list[tuple[int, bool]]) -> None:
    """Leave this thread, and those it will start, nothing but `directories`, for ever.

    They are (descriptor, writable) pairs; with both a folder and one inside it, the inner one has
    the rights of both. Threads that exist already stay free, so there must be none. Open files
    stay open, and stat is never refused. Raises OSError.
    """
    _, files, network, scopes = [row for row in _HANDLED if row[0] <= abi][-1]
    attributes = struct.pack("=QQQ", files, network, scopes)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = _checked(libc.syscall(_CREATE_RULESET, attributes, size, 0))
    try:
        for descriptor, writable in directories:
            rights = (_READ | _WRITE if writable else _READ) & files
            rule = struct.pack("=Qi", rights, descriptor)
            _checked(libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0))
        _checked(libc.syscall(_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), "landlock")
    return result
