"""By descriptor: to change what may only be read, and to reach descriptors of the host."""

from __future__ import annotations

from runner.sandbox.escape.assembler import (
    ALL,
    CREATE,
    EXCLUSIVE,
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
    slot,
    tried,
)
from runner.sandbox.escape.attempt import Attempt

_SLOT = 512
_SIZE = "(i32.store (i32.const 0) (i32.const 65536)) (i32.store (i32.const 4) (i32.const 8))"


def _loop(count: int, body: str, first: int = 0) -> str:
    """Return code that runs `body` with `$i` from `first` up to `count`."""
    return (
        f"(local.set $i (i32.const {first})) (loop $again {body}"
        " (local.set $i (i32.add (local.get $i) (i32.const 1)))"
        f" (br_if $again (i32.lt_u (local.get $i) (i32.const {count}))))"
    )


def _kept(name: str, *calls: str, first: str = "") -> Attempt:
    return Attempt("read-only", name, first + refused(*calls))


_READ_ONLY = (
    _kept("open for writing", opening(READ_ONLY, "kept", 0, READ | WRITE)),
    _kept("truncate", opening(READ_ONLY, "kept", TRUNCATE)),
    _kept("truncate and write", opening(READ_ONLY, "kept", TRUNCATE, WRITE)),
    _kept("create", opening(READ_ONLY, "new", CREATE, WRITE)),
    _kept("create exclusively", opening(READ_ONLY, "new", CREATE | EXCLUSIVE, WRITE)),
    _kept("append", call("path_open", 4, 1, path("kept"), 0, WRITE, 0, 1, _SLOT)),
    _kept("every right there is", opening(READ_ONLY, "kept", 0, ALL)),
    _kept("write by its other name", opening(READ_ONLY, "out/../kept", 0, WRITE)),
    _kept("write into the writable folder from above", opening(READ_ONLY, "./out/x", 1, WRITE)),
    _kept("make a folder", call("path_create_directory", READ_ONLY, path("new"))),
    _kept("remove a file", call("path_unlink_file", READ_ONLY, path("kept"))),
    _kept("remove a folder", call("path_remove_directory", READ_ONLY, path("out"))),
    _kept("plant a link", call("path_symlink", path("x"), READ_ONLY, path("new"))),
    _kept("link within", call("path_link", 4, 0, path("kept"), 4, path("new"))),
    _kept("move within", call("path_rename", 4, path("kept"), 4, path("new"))),
    _kept("set times", call("path_filestat_set_times", 4, 1, path("kept"), 1, 1, 5)),
    _kept(
        "set size, times and contents by a descriptor for reading",
        call("fd_filestat_set_size", slot(0), 0),
        call("fd_allocate", slot(0), 0, 1 << 20),
        call("fd_write", slot(0), 0, 1, 8),
        call("fd_pwrite", slot(0), 0, 1, 0, 8),
        first=tried(opening(READ_ONLY, "kept")) + _SIZE,
    ),
    _kept("write to the empty root", opening(ROOT, "new", CREATE, WRITE)),
    _kept(
        "widen the rights of a descriptor",
        call("fd_write", slot(0), 0, 1, 8),
        opening(READ_ONLY, "kept", 0, WRITE, to=1),
        first=tried(
            opening(READ_ONLY, "kept"),
            call("fd_fdstat_set_rights", slot(0), ALL, ALL),
            call("fd_fdstat_set_rights", READ_ONLY, ALL, ALL),
            call("fd_fdstat_set_flags", slot(0), 1),
        )
        + _SIZE,
    ),
)

_NOBODYS = "(local.get $i)"
_DESCRIPTORS = (
    Attempt(
        "descriptors",
        "read and write every number up to 4096",
        _loop(
            4096,
            f"(i32.store (i32.const {_SLOT}) (local.get $i)) {leak()}"
            + refused(call("fd_prestat_get", _NOBODYS, 4096)),
            first=6,
        ),
    ),
    Attempt(
        "descriptors",
        "use numbers that are negative or huge",
        _SIZE
        + refused(
            *(call("fd_write", number, 0, 1, 8) for number in (-1, -100, 1 << 30, -(1 << 31))),
            *(opening(number, "../outside/secret") for number in (-1, -100, 1 << 30)),
        ),
    ),
    Attempt(
        "descriptors",
        "put the read-only folder in the place of the writable one",
        tried(call("fd_renumber", READ_ONLY, WRITABLE))
        + refused(opening(WRITABLE, "kept", TRUNCATE, WRITE), opening(WRITABLE, "new", CREATE, 64)),
    ),
    Attempt(
        "descriptors",
        "put the writable folder in the place of the read-only one",
        tried(call("fd_renumber", WRITABLE, READ_ONLY))
        + refused(opening(READ_ONLY, "../kept", TRUNCATE, WRITE)),
    ),
    Attempt(
        "descriptors",
        "close the folders and take what comes in their place",
        tried(*(call("fd_close", number) for number in (3, 4, 5)))
        + refused(*(opening(number, "kept", to=1) for number in (3, 4, 5)))
        + leak(1),
    ),
    Attempt(
        "descriptors",
        "open one file 70,000 times",
        _loop(70_000, tried(opening(READ_ONLY, "kept"))) + refused(opening(4, "../outside/secret")),
    ),
    Attempt(
        "descriptors",
        "ask for a folder's name into too little room, and beyond memory",
        refused(
            call("fd_prestat_dir_name", READ_ONLY, 4096, 1),
            call("fd_prestat_dir_name", READ_ONLY, -1, 100),
        ),
    ),
    Attempt(
        "descriptors",
        "list a folder from a cookie that was never given",
        tried(*(call("fd_readdir", 4, 4096, 4096, cookie, 8) for cookie in (-1, 1 << 62, 7)))
        + refused(call("fd_readdir", 4, -1, 100, 0, 8)),
    ),
    Attempt(
        "descriptors",
        "seek before the beginning and beyond the end of time",
        tried(opening(WRITABLE, "mine", 0, READ | WRITE))
        + refused(
            call("fd_seek", slot(0), -1, 0, 8),
            call("fd_seek", slot(0), -(1 << 63), 1, 8),
            call("fd_pwrite", slot(0), 0, 1, -1, 8),
        ),
    ),
    *(
        Attempt("network", name, _loop(16, refused(code)))
        for name, code in (
            ("accept a connection", call("sock_accept", _NOBODYS, 0, 8)),
            ("receive", call("sock_recv", _NOBODYS, 0, 1, 0, 8, 12)),
            ("send", call("sock_send", _NOBODYS, 0, 1, 0, 8)),
            ("shut a connection down", call("sock_shutdown", _NOBODYS, 3)),
        )
    ),
)

ATTEMPTS = (*_READ_ONLY, *_DESCRIPTORS)
