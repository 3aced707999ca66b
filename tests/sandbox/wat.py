"""Guests written as WebAssembly text: what a step may try, in the fewest calls."""

from __future__ import annotations

_IMPORTS = {
    "proc_exit": "(param i32)",
    "args_sizes_get": "(param i32 i32) (result i32)",
    "args_get": "(param i32 i32) (result i32)",
    "environ_sizes_get": "(param i32 i32) (result i32)",
    "environ_get": "(param i32 i32) (result i32)",
    "fd_write": "(param i32 i32 i32 i32) (result i32)",
    "fd_read": "(param i32 i32 i32 i32) (result i32)",
    "clock_time_get": "(param i32 i64 i32) (result i32)",
    "random_get": "(param i32 i32) (result i32)",
    "path_create_directory": "(param i32 i32 i32) (result i32)",
    "path_filestat_get": "(param i32 i32 i32 i32 i32) (result i32)",
    "path_open": "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)",
    "path_symlink": "(param i32 i32 i32 i32 i32) (result i32)",
    "path_link": "(param i32 i32 i32 i32 i32 i32 i32) (result i32)",
    "path_rename": "(param i32 i32 i32 i32 i32 i32) (result i32)",
    "poll_oneoff": "(param i32 i32 i32 i32) (result i32)",
    "sock_accept": "(param i32 i32 i32) (result i32)",
}
_TEXTS = 1024  # where texts begin; below are vectors and results

RIGHTS_READ, RIGHTS_WRITE = 2, 64
CREATE = 1

SUCCESS, TOO_LARGE, NOT_PERMITTED = 0, 22, 63


def module(body: str, *, memory: str = "2", more: str = "", texts: str = "") -> str:
    """Return a WASI command whose `_start` is `body`; imports are found by their names."""
    imports = "\n".join(
        f'(import "wasi_snapshot_preview1" "{name}" (func ${name} {kind}))'
        for name, kind in _IMPORTS.items()
        if f"${name}" in body + more
    )
    data = f'(data (i32.const {_TEXTS}) "{texts}")' if texts else ""
    return f"""(module {imports}
      (memory (export "memory") {memory}) {data} {more}
      (func $_start (export "_start") (local $i i32) {body}))"""


def write(address: int, size: int, *, descriptor: int = 1) -> str:
    """Return the code that writes `size` bytes at `address`."""
    return f"""
      (i32.store (i32.const 0) (i32.const {address}))
      (i32.store (i32.const 4) (i32.const {size}))
      (drop (call $fd_write (i32.const {descriptor}) (i32.const 0) (i32.const 1) (i32.const 8)))"""


def say(*words: tuple[int, str]) -> str:
    """Return a guest that writes (descriptor, text) pairs one after the other."""
    place, body = _TEXTS, ""
    for descriptor, text in words:
        body += write(place, len(text), descriptor=descriptor)
        place += len(text)
    return module(body, texts="".join(text for _, text in words))


def exit_with(code: int) -> str:
    return module(f"(call $proc_exit (i32.const {code}))")


def show(what: str) -> str:
    """Return a guest that prints its `args` or its `environ`, each followed by a NUL."""
    return module(f"""
      (drop (call ${what}_sizes_get (i32.const 16) (i32.const 20)))
      (drop (call ${what}_get (i32.const 2048) (i32.const 8192)))
      (i32.store (i32.const 0) (i32.const 8192))
      (i32.store (i32.const 4) (i32.load (i32.const 20)))
      (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))""")


def sleep(seconds: int) -> str:
    """Return a guest that is blocked in the host, not looping."""
    return module(f"""
      (i32.store (i32.const 128) (i32.const 1))
      (i32.store (i32.const 144) (i32.const 1))
      (i64.store (i32.const 152) (i64.const {seconds * 1_000_000_000}))
      (drop (call $poll_oneoff (i32.const 128) (i32.const 256) (i32.const 1) (i32.const 300)))""")


SPIN = module("(loop $again (br $again))")
TRAP = module("(call $explode)", more="(func $explode unreachable)")
OVERFLOW = module("(call $deeper)", more="(func $deeper (call $deeper) (call $deeper))")
GREEDY = module(
    """
  (loop $more
    (local.set $i (memory.grow (i32.const 64)))
    (if (i32.eq (local.get $i) (i32.const -1)) (then (unreachable)))
    (i32.store (i32.mul (local.get $i) (i32.const 65536)) (i32.const 1))
    (br $more))""",
    memory="64",
)
FLOOD = module(f"(loop $again {write(4096, 65536)} (br $again))")
LARGE = module("", memory="20000")
NO_START = '(module (func (export "run")))'
FOREIGN = '(module (import "runner" "spawn" (func)) (func (export "_start")))'
PREVIEW_0 = """(module (import "wasi_unstable" "proc_exit" (func (param i32)))
  (func (export "_start")))"""


class Probe:
    """Collects calls and becomes a guest that prints the error number of each, a byte each."""

    def __init__(self) -> None:
        self._texts = ""
        self._calls: list[str] = []

    def open(self, directory: int, path: str, *, flags: int = 0, rights: int = RIGHTS_READ) -> int:
        """Open a file; return the address at which the guest will find its descriptor."""
        slot = 512 + 4 * len(self._calls)
        self._calls.append(
            f"(call $path_open (i32.const {directory}) (i32.const 1) {self._text(path)}"
            f" (i32.const {flags}) (i64.const {rights}) (i64.const 0) (i32.const 0)"
            f" (i32.const {slot}))"
        )
        return slot

    def write(self, slot: int, text: str) -> None:
        self._calls.append(f"(call $put (i32.load (i32.const {slot})) {self._text(text)})")

    def symlink(self, target: str, directory: int, path: str) -> None:
        self._calls.append(
            f"(call $path_symlink {self._text(target)} (i32.const {directory}) {self._text(path)})"
        )

    def link(self, source: tuple[int, str], target: tuple[int, str]) -> None:
        self._calls.append(
            f"(call $path_link (i32.const {source[0]}) (i32.const 0) {self._text(source[1])}"
            f" (i32.const {target[0]}) {self._text(target[1])})"
        )

    def rename(self, source: tuple[int, str], target: tuple[int, str]) -> None:
        self._calls.append(
            f"(call $path_rename (i32.const {source[0]}) {self._text(source[1])}"
            f" (i32.const {target[0]}) {self._text(target[1])})"
        )

    def accept(self, descriptor: int) -> None:
        self._calls.append(
            f"(call $sock_accept (i32.const {descriptor}) (i32.const 0) (i32.const 508))"
        )

    def module(self) -> str:
        body = "".join(
            f"(i32.store8 (i32.const {256 + place}) {call})"
            for place, call in enumerate(self._calls)
        )
        put = """(func $put (param i32 i32 i32) (result i32)
          (i32.store (i32.const 0) (local.get 1))
          (i32.store (i32.const 4) (local.get 2))
          (call $fd_write (local.get 0) (i32.const 0) (i32.const 1) (i32.const 8)))"""
        return module(body + write(256, len(self._calls)), more=put, texts=self._texts)

    def _text(self, text: str) -> str:
        address = _TEXTS + len(self._texts)
        self._texts += text
        return f"(i32.const {address}) (i32.const {len(text)})"
