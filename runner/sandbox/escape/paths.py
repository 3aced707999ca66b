"""By name: up, around, absolute, odd; to read and to write."""

from __future__ import annotations

from runner.sandbox.escape.assembler import (
    CREATE,
    READ,
    READ_ONLY,
    ROOT,
    TRUNCATE,
    WRITABLE,
    WRITE,
    call,
    leak,
    opening,
    path,
    refused,
    tried,
)
from runner.sandbox.escape.attempt import Attempt

_UP = (
    "../outside/secret",
    "./../outside/secret",
    "out/../../outside/secret",
    "out/./.././../outside/secret",
    "none/../../outside/secret",
    "..//outside//secret",
    "../../../../../../../../etc/passwd",
    "out/../../../../../../../../etc/passwd",
    "/etc/passwd",
    "//etc/passwd",
    "/../etc/passwd",
    "/proc/self/environ",
    "/proc/self/root/etc/passwd",
    "/proc/1/environ",
    "/proc/self/mem",
    "/dev/fd/0",
    "/dev/mem",
    "/dev/tty",
)
_ODD = (
    (b"..\0/outside/secret", "with a NUL"),
    (b"..\\outside\\secret", "with backslashes"),
    (b"%2e%2e/outside/secret", "percent-encoded"),
    ("\u2025/outside/secret".encode(), "with a two-dot leader"),
    ("\uff0e\uff0e/outside/secret".encode(), "with full-width dots"),
    (b"..%00/outside/secret", "with an encoded NUL"),
    (b"\xff\xfe../outside/secret", "that is no UTF-8"),
    (b"..;/outside/secret", "with a semicolon"),
    (b"a/" * 8000 + b"../" * 8001 + b"outside/secret", "of 40,000 bytes"),
    (b"../" * 400 + b"etc/passwd", "up 400 times"),
    (b"", "that is empty"),
)


def _read(name: str, text: str | bytes) -> Attempt:
    body = refused(opening(READ_ONLY, text)) + leak()
    body += refused(opening(WRITABLE, text, to=1)) + leak(1)
    body += refused(opening(ROOT, text, to=2)) + leak(2)
    return Attempt("paths", f"read {name}", body)


def _write(text: str) -> Attempt:
    body = refused(opening(WRITABLE, text, CREATE | TRUNCATE, READ | WRITE)) + leak()
    body += refused(
        call("path_create_directory", WRITABLE, path(text + ".d")),
        call("path_unlink_file", WRITABLE, path(text)),
    )
    return Attempt("paths", f"write {text}", body)


def _act(name: str, *calls: str) -> Attempt:
    return Attempt("paths", name, refused(*calls))


ATTEMPTS = (
    *(_read(text, text) for text in _UP),
    *(_read(f"a path {name}", text) for text, name in _ODD),
    *(_write(f"../../{text}") for text in ("outside/victim", "outside/new", "ws/kept")),
    _write("/etc/new"),
    _act("remove a folder outside", call("path_remove_directory", WRITABLE, path("../../outside"))),
    _act(
        "move a file out",
        opening(WRITABLE, "../moved", CREATE, WRITE),
        call("path_rename", WRITABLE, path("mine"), WRITABLE, path("../../outside/moved")),
    ),
    _act(
        "move a file in",
        call("path_rename", WRITABLE, path("../../outside/victim"), WRITABLE, path("stolen")),
    ),
    _act(
        "swap the folder itself",
        call("path_rename", WRITABLE, path("."), WRITABLE, path("../other")),
    ),
    _act(
        "set the times of a file outside",
        call("path_filestat_set_times", WRITABLE, 1, path("../../outside/victim"), 1, 1, 5),
    ),
    _act(
        "ask for the size of a file outside",
        call("path_filestat_get", WRITABLE, 1, path("../../outside/secret"), 4096),
    ),
    Attempt(
        "paths",
        "list the folder above",
        refused(opening(READ_ONLY, "..", 2, 0x4000))
        + tried(call("fd_readdir", "(i32.load (i32.const 512))", 4096, 4096, 0, 8))
        + "(call $put (i32.const 4096) (i32.load (i32.const 8)))",
    ),
)
