"""Attempts in WebAssembly text: system calls with their texts and numbers, in few words.

Descriptors are those of `suite`: 3 the empty `/`, 4 the read-only `/workspace`, 5 the writable
`/workspace/out`. A call that ought to be refused is `refused(...)`: the guest writes `+` if it
was not. `leak(slot)` writes out what can be read from a descriptor that a call left in a slot.
"""

from __future__ import annotations

ROOT, READ_ONLY, WRITABLE = 3, 4, 5
CREATE, DIRECTORY, EXCLUSIVE, TRUNCATE = 1, 2, 4, 8
APPEND = 1
READ, WRITE, ALL = 0x2, 0x40, 0x1FFFFFFF
FOLLOW = 1
PATHS, SLOTS, SPARE = 65536, 512, 4096

_CALLS = {
    "args_get": "ii",
    "args_sizes_get": "ii",
    "clock_time_get": "iIi",
    "environ_get": "ii",
    "environ_sizes_get": "ii",
    "fd_advise": "iIIi",
    "fd_allocate": "iII",
    "fd_close": "i",
    "fd_fdstat_get": "ii",
    "fd_fdstat_set_flags": "ii",
    "fd_fdstat_set_rights": "iII",
    "fd_filestat_get": "ii",
    "fd_filestat_set_size": "iI",
    "fd_filestat_set_times": "iIIi",
    "fd_pread": "iiiIi",
    "fd_prestat_dir_name": "iii",
    "fd_prestat_get": "ii",
    "fd_pwrite": "iiiIi",
    "fd_read": "iiii",
    "fd_readdir": "iiiIi",
    "fd_renumber": "ii",
    "fd_seek": "iIii",
    "fd_write": "iiii",
    "path_create_directory": "iii",
    "path_filestat_get": "iiiii",
    "path_filestat_set_times": "iiiiIIi",
    "path_link": "iiiiiii",
    "path_open": "iiiiiIIii",
    "path_readlink": "iiiiii",
    "path_remove_directory": "iii",
    "path_rename": "iiiiii",
    "path_symlink": "iiiii",
    "path_unlink_file": "iii",
    "poll_oneoff": "iiii",
    "random_get": "ii",
    "sock_accept": "iii",
    "sock_recv": "iiiiii",
    "sock_send": "iiiii",
    "sock_shutdown": "ii",
}
_KINDS = {"i": "i32", "I": "i64"}

Argument = int | str
"""A number, WebAssembly text that yields one, or, where a path is due, `path(...)`."""


class Texts:
    """The texts of all attempts in one memory."""

    def __init__(self) -> None:
        self.data = bytearray()

    def path(self, text: str | bytes) -> str:
        """Return code for the address and the length of `text`."""
        data = text.encode() if isinstance(text, str) else text
        place = self.data.find(data) if data else 0
        if place < 0:
            place = len(self.data)
            self.data += data
        return f"(i32.const {PATHS + place}) (i32.const {len(data)})"


texts = Texts()
path = texts.path


def slot(number: int) -> str:
    """Return code for the descriptor in a slot."""
    return f"(i32.load (i32.const {SLOTS + 4 * number}))"


def call(name: str, *arguments: Argument) -> str:
    """Return code that makes a system call and yields its error number."""
    kinds = iter(_CALLS[name])
    code = []
    for argument in arguments:
        kind = next(kinds)
        if isinstance(argument, str):
            code.append(argument)
            if argument.count("(i32.const") == 2 and argument.startswith("(i32.const"):
                next(kinds)  # a path is two arguments
        else:
            code.append(f"({_KINDS[kind]}.const {argument})")
    return f"(call ${name} {' '.join(code)})"


def opening(
    folder: Argument, name: str | bytes, how: int = 0, rights: int = READ, *, to: int = 0
) -> str:
    """Return code that opens a path, following links, into the slot `to`."""
    place = SLOTS + 4 * to
    return call("path_open", folder, FOLLOW, path(name), how, rights, 0, 0, place)


def refused(*calls: str) -> str:
    """Return code for calls each of which must fail."""
    return "".join(f"(call $refused {code})" for code in calls)


def tried(*calls: str) -> str:
    """Return code for calls that may do as they like."""
    return "".join(f"(drop {code})" for code in calls)


def leak(number: int = 0) -> str:
    """Return code that prints what a slot's descriptor gives, and writes to it."""
    return f"(call $leak {slot(number)})"


def module(bodies: dict[str, str]) -> str:
    """Return one module whose exports are the `bodies`, by name."""
    imports = "\n".join(
        f'(import "wasi_snapshot_preview1" "{name}" (func ${name}'
        f" (param {' '.join(_KINDS[kind] for kind in kinds)}) (result i32)))"
        for name, kinds in _CALLS.items()
    )
    data = "".join(f"\\{byte:02x}" for byte in texts.data)
    exports = "\n".join(
        f'(func (export "{name}") (local $i i32) (local $j i64) {body})'
        for name, body in bodies.items()
    )
    return f"""(module {imports}
  (type $nothing (func)) (type $other (func (param i64 i64) (result i64)))
  (memory (export "memory") 4 1024) (table $table 4 funcref)
  (elem (i32.const 1) $ready)
  (data (i32.const {PATHS}) "{data}")
  (data (i32.const {SLOTS}) "{32 * (chr(92) + "ff")}")
  (func $ready)
  (func $put (param $address i32) (param $size i32)
    (i32.store (i32.const 0) (local.get $address)) (i32.store (i32.const 4) (local.get $size))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $refused (param $error i32)
    (i32.store8 (i32.const 16) (select (i32.const 0x2d) (i32.const 0x2b) (local.get $error)))
    (call $put (i32.const 16) (i32.const 1)))
  (func $leak (param $fd i32)
    (i32.store (i32.const 0) (i32.const {SPARE})) (i32.store (i32.const 4) (i32.const 4096))
    (i32.store (i32.const 8) (i32.const 0))
    (drop (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $put (i32.const {SPARE}) (i32.load (i32.const 8)))
    (i32.store (i32.const 0) (i32.const {PATHS})) (i32.store (i32.const 4) (i32.const 8))
    (drop (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
  {exports})"""
