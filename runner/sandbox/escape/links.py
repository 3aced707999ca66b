"""By links: planted by the guest, or there before it; symbolic and hard; and by renaming.

The writable folder holds, made before: `planted`, a link to the secret, `door`, one to its folder,
`victimlink`, one to a file that must not change, and `mine`, a file.
"""

from __future__ import annotations

from runner.sandbox.escape.assembler import (
    CREATE,
    READ,
    READ_ONLY,
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

_TARGETS = (
    "../../outside/secret",
    "/etc/passwd",
    "/proc/self/environ",
    "/proc/self/root/etc/passwd",
    "/proc/self/fd/3",
    "/dev/stdin",
    "./../../outside/secret",
    "door/secret",
)


def _symlink(target: str, name: str) -> str:
    return call("path_symlink", path(target), WRITABLE, path(name))


def _link(folder: int, name: str, to: int, new: str, *, follow: int = 0) -> str:
    return call("path_link", folder, follow, path(name), to, path(new))


def _rename(folder: int, name: str, to: int, new: str) -> str:
    return call("path_rename", folder, path(name), to, path(new))


def _follow(target: str) -> Attempt:
    body = tried(_symlink(target, "l")) + refused(opening(WRITABLE, "l")) + leak()
    body += refused(opening(WRITABLE, "l", TRUNCATE, READ | WRITE, to=1)) + leak(1)
    body += refused(opening(READ_ONLY, "out/l", to=2)) + leak(2)
    return Attempt("links", f"follow a link to {target}", body)


def _through(name: str, what: str) -> Attempt:
    body = refused(opening(WRITABLE, name)) + leak()
    body += refused(opening(WRITABLE, name, TRUNCATE, WRITE, to=1)) + leak(1)
    return Attempt("links", what, body)


def _act(name: str, *calls: str, first: tuple[str, ...] = (), last: str = "") -> Attempt:
    return Attempt("links", name, tried(*first) + refused(*calls) + last)


ATTEMPTS = (
    *(_follow(target) for target in _TARGETS),
    _through("planted", "read and truncate through a link that was there"),
    _through("door/secret", "go through a link to a folder that was there"),
    _through("victimlink", "write through a link that was there"),
    _act("create a file through a link", opening(WRITABLE, "door/new", CREATE, WRITE)),
    _act("make a folder through a link", call("path_create_directory", WRITABLE, path("door/d"))),
    _act("remove a file through a link", call("path_unlink_file", WRITABLE, path("door/victim"))),
    _act(
        "set times through a link",
        call("path_filestat_set_times", WRITABLE, 1, path("victimlink"), 1, 1, 5),
    ),
    _act(
        "climb a chain of links",
        opening(WRITABLE, "c/../../outside/secret"),
        opening(WRITABLE, "b/b/b/outside/secret", to=1),
        first=(_symlink(".", "a"), _symlink("..", "b"), _symlink("a/b", "c")),
        last=leak() + leak(1),
    ),
    _act(
        "follow a link to itself",
        opening(WRITABLE, "loop"),
        first=(_symlink("loop", "loop"),),
    ),
    _act(
        "swap a folder for a link between two calls",
        opening(WRITABLE, "dir/secret", to=1),
        first=(
            call("path_create_directory", WRITABLE, path("dir")),
            opening(WRITABLE, "dir", 2, 0x4000),
            _rename(WRITABLE, "dir", WRITABLE, "old"),
            _symlink("../../outside", "dir"),
        ),
        last=leak(1),
    ),
    _act(
        "open beneath a folder that was moved",
        call(
            "path_open",
            "(i32.load (i32.const 512))",
            1,
            path("../../../outside/secret"),
            0,
            READ,
            0,
            0,
            516,
        ),
        first=(
            call("path_create_directory", WRITABLE, path("dir")),
            opening(WRITABLE, "dir", 2, 0x4000),
            _rename(WRITABLE, "dir", WRITABLE, "old"),
        ),
        last=leak(1),
    ),
    _act("link a read-only file to where it may be written", _link(4, "kept", 5, "k")),
    _act("link it by another name of its folder", _link(4, "./kept", 5, "k")),
    _act("link a file from outside", _link(5, "../../outside/victim", 5, "v")),
    _act("link a file to outside", _link(5, "mine", 5, "../../outside/new")),
    _act("link what a link leads to", _link(5, "victimlink", 5, "v", follow=1)),
    Attempt(
        "links",
        "link a link and write through it",
        tried(_link(5, "victimlink", 5, "v")) + refused(opening(5, "v", TRUNCATE, WRITE)) + leak(),
    ),
    _act("link a folder", _link(5, ".", 5, "self")),
    _act("move a read-only file to where it may be written", _rename(4, "kept", 5, "k")),
    _act("move a file over a read-only one", _rename(5, "mine", 4, "kept")),
    _act("move the writable folder away", _rename(4, "out", 4, "moved")),
    _act("plant a link outside", call("path_symlink", path("x"), 5, path("../../outside/new"))),
    Attempt(
        "links",
        "read where a link beyond leads",
        refused(call("path_readlink", 5, path("../../outside/link"), 4096, 4096, 8)),
    ),
)
