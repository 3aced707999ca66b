"""By address: system calls given pointers and sizes that lie, and WebAssembly's own bounds."""

from __future__ import annotations

from runner.abi import Limits, Verdict
from runner.sandbox.escape.assembler import call, opening, path, refused, slot, tried
from runner.sandbox.escape.attempt import MIB, Attempt

_END = 4 * 65536  # of the memory, before it grows
_TRAPS = (Verdict.TRAPPED,)
_POINTERS = (_END - 4, _END, -4, -1)


def _vector(address: int, size: int) -> str:
    """Return code that puts one vector at address 0."""
    place = f"(i32.store (i32.const 0) (i32.const {address}))"
    return f"{place} (i32.store (i32.const 4) (i32.const {size}))"


def _trap(name: str, body: str) -> Attempt:
    return Attempt("memory", name, body, ends=_TRAPS)


def _lie(name: str, *calls: str, first: str = "") -> Attempt:
    """Each call is in a run of its own in effect: the first that traps ends it."""
    return Attempt("pointers", name, first + refused(*calls))


_POINTER_ATTEMPTS = (
    _lie("write from beyond memory", call("fd_write", 1, 0, 1, 8), first=_vector(_END - 4, 8)),
    _lie("write 4 GiB", call("fd_write", 1, 0, 1, 8), first=_vector(0, -1)),
    _lie("write from the last address", call("fd_write", 1, 0, 1, 8), first=_vector(-1, 2)),
    _lie("write 268 million vectors", call("fd_write", 1, 0, 1 << 28, 8)),
    _lie("write by vectors beyond memory", call("fd_write", 1, _END - 4, 1, 8)),
    _lie(
        "read to beyond memory",
        call("fd_read", slot(0), 0, 1, 8),
        first=tried(opening(4, "kept")) + _vector(_END - 2, 64),
    ),
    *(
        _lie(f"{name} at {pointer}", call(name, *arguments[:place], pointer, *arguments[place:]))
        for name, arguments, place in (
            ("random_get", (64,), 0),
            ("clock_time_get", (0, 0), 2),
            ("args_sizes_get", (-8,), 0),
            ("fd_fdstat_get", (4,), 1),
            ("fd_filestat_get", (4,), 1),
            ("path_filestat_get", (4, 0, path("kept")), 3),
        )
        for pointer in _POINTERS
    ),
    _lie("open a name beyond memory", call("path_open", 4, 1, _END - 2, 64, 0, 2, 0, 0, 512)),
    _lie(
        "have a descriptor put beyond memory", call("path_open", 4, 1, path("kept"), 0, 2, 0, 0, -1)
    ),
    _lie("poll 89 million events", call("poll_oneoff", 4096, 4096, 89_478_486, 8)),
    _lie("poll beyond memory", call("poll_oneoff", _END - 8, 4096, 1, 8)),
    _lie("poll nothing", call("poll_oneoff", 4096, 8192, 0, 8)),
)
_MEMORY_ATTEMPTS = (
    _trap("load beyond the end", f"(drop (i32.load (i32.const {_END - 3})))"),
    _trap("load at the last address", "(drop (i64.load (i32.const -1)))"),
    _trap("load at the largest offset", "(drop (i32.load offset=4294967295 (i32.const -1)))"),
    _trap("store beyond the end", f"(i64.store (i32.const {_END - 7}) (i64.const -1))"),
    _trap(
        "fill beyond the end", f"(memory.fill (i32.const 0) (i32.const 65) (i32.const {_END + 1}))"
    ),
    _trap("copy from beyond", "(memory.copy (i32.const 0) (i32.const -1) (i32.const 16))"),
    _trap("call an element that is not there", "(call_indirect (type $nothing) (i32.const 4))"),
    _trap("call element 4 billion", "(call_indirect (type $nothing) (i32.const -1))"),
    _trap("call an empty element", "(call_indirect (type $nothing) (i32.const 0))"),
    _trap(
        "call a function by another type",
        "(drop (call_indirect (type $other) (i64.const 1) (i64.const 2) (i32.const 1)))",
    ),
    _trap("write beyond the table", "(table.set $table (i32.const 4) (ref.null func))"),
    _trap("divide by zero", "(drop (i32.div_u (i32.const 1) (local.get $i)))"),
    Attempt(
        "memory",
        "grow until nothing is left, and use it",
        """(loop $more (br_if $more (i32.ne (memory.grow (i32.const 64)) (i32.const -1))))
           (if (i32.gt_u (memory.size) (i32.const 512)) (then (call $refused (i32.const 0))))
           (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4))
             (i32.const 1))""",
        limits=Limits(wall_time=20.0, memory=32 * MIB),
    ),
    Attempt(
        "memory",
        "grow a table without end",
        """(loop $more
             (br_if $more
               (i32.ne (table.grow $table (ref.null func) (i32.const 100000)) (i32.const -1))))
           (if (i32.gt_u (table.size $table) (i32.const 1000000))
             (then (call $refused (i32.const 0))))""",
    ),
)

ATTEMPTS = (*_POINTER_ATTEMPTS, *_MEMORY_ATTEMPTS)
