"""By using things up, and by asking the world: time, chance, surroundings."""

from __future__ import annotations

from runner.abi import Clock, Limits, Verdict
from runner.sandbox.escape.assembler import (
    CREATE,
    WRITABLE,
    WRITE,
    call,
    opening,
    path,
    refused,
    slot,
    tried,
)
from runner.sandbox.escape.attempt import MIB, Attempt

_ENDED = (Verdict.TIMED_OUT,)
_GROWN = (Verdict.GROWTH_EXCEEDED,)
_CLOCK = Clock(start=1_500_000_000_000_000_000, seed=7)
_NUMBERED = (
    "(i32.store (i32.const 4096) (i32.const 0x30303030))"
    "(i32.store8 (i32.const 4096) (i32.add (i32.const 48) (i32.and (local.get $i) (i32.const 63))))"
    "(i32.store8 (i32.const 4097) (i32.add (i32.const 48)"
    " (i32.and (i32.shr_u (local.get $i) (i32.const 6)) (i32.const 63))))"
    "(i32.store8 (i32.const 4098) (i32.add (i32.const 48)"
    " (i32.and (i32.shr_u (local.get $i) (i32.const 12)) (i32.const 63))))"
)
_NAME = "(i32.const 4096) (i32.const 3)"


def _again(body: str) -> str:
    return f"(loop $again {body} (br $again))"


def _counting(body: str) -> str:
    return _again(f"{_NUMBERED} {body} (local.set $i (i32.add (local.get $i) (i32.const 1)))")


def _vector(address: int, size: int) -> str:
    """Return code that puts one vector at address 0."""
    place = f"(i32.store (i32.const 0) (i32.const {address}))"
    return f"{place} (i32.store (i32.const 4) (i32.const {size}))"


_SLEEP = (
    "(i64.store (i32.const 4096) (i64.const 0)) (i32.store (i32.const 4112) (i32.const 1))"
    "(i64.store (i32.const 4120) (i64.const 3600000000000))"
)
_TIME = tried(call("clock_time_get", 0, 0, 4096))
_SHOW = "(call $put (i32.const 4096) (i32.const 8))"

ATTEMPTS = (
    Attempt("resources", "loop for ever", _again(""), ends=_ENDED, limits=Limits(wall_time=0.3)),
    Attempt(
        "resources",
        "use the processor for ever",
        _again(""),
        ends=_ENDED,
        limits=Limits(cpu_time=0.2, wall_time=20.0),
    ),
    Attempt(
        "resources",
        "sleep for an hour",
        _SLEEP + tried(call("poll_oneoff", 4096, 8192, 1, 8)),
        ends=_ENDED,
        limits=Limits(wall_time=0.3),
    ),
    Attempt(
        "resources",
        "write without end",
        _vector(0, 65536) + _again(tried(call("fd_write", 1, 0, 1, 8))),
        ends=(Verdict.OUTPUT_EXCEEDED,),
        limits=Limits(wall_time=20.0, output=MIB),
    ),
    Attempt(
        "resources",
        "recurse without end",
        module="""(module (func $f (call $f) (call $f))
            (func (export "_start") (call $f)))""",
        ends=(Verdict.TRAPPED,),
    ),
    Attempt(
        "resources",
        "write a file larger than any may be",
        tried(opening(WRITABLE, "big", CREATE, WRITE))
        + _vector(0, 65536)
        + "(loop $again (br_if $again (i32.eqz "
        + call("fd_write", slot(0), 0, 1, 8)
        + ")))"
        + refused(call("fd_filestat_set_size", slot(0), 1 << 40)),
        limits=Limits(wall_time=20.0, file_size=MIB),
    ),
    Attempt(
        "resources",
        "fill the disk with one file",
        tried(opening(WRITABLE, "big", CREATE, WRITE))
        + _vector(0, 65536)
        + _again(tried(call("fd_write", slot(0), 0, 1, 8))),
        ends=_GROWN,
        limits=Limits(wall_time=20.0, growth=MIB),
    ),
    Attempt(
        "resources",
        "fill the disk with a hole",
        tried(
            opening(WRITABLE, "big", CREATE, WRITE), call("fd_filestat_set_size", slot(0), 1 << 30)
        ),
        ends=_GROWN,
        limits=Limits(wall_time=20.0, growth=MIB),
    ),
    Attempt(
        "resources",
        "fill the disk at a distance",
        tried(opening(WRITABLE, "big", CREATE, WRITE))
        + _vector(0, 8)
        + tried(call("fd_pwrite", slot(0), 0, 1, 1 << 30, 8)),
        ends=_GROWN,
        limits=Limits(wall_time=20.0, growth=MIB),
    ),
    *(
        Attempt(
            "resources",
            name,
            _counting(tried(code)),
            ends=_GROWN,
            limits=Limits(wall_time=20.0, growth_files=50),
        )
        for name, code in (
            (
                "make files without end",
                call("path_open", 5, 1, _NAME, 1, WRITE, 0, 0, 512),
            ),
            ("make folders without end", call("path_create_directory", 5, _NAME)),
            ("make links without end", call("path_symlink", path("x"), 5, _NAME)),
            ("make names of one file without end", call("path_link", 5, 0, path("mine"), 5, _NAME)),
        )
    ),
    Attempt(
        "resources",
        "make a folder that is not allowed",
        refused(call("path_create_directory", WRITABLE, path("d"))),
        can_create_directories=False,
    ),
    Attempt(
        "world",
        "tell what time it is",
        _TIME + _SHOW,
        clock=_CLOCK,
        output=_CLOCK.start.to_bytes(8, "little"),
    ),
    Attempt(
        "world",
        "wait for the time to pass",
        _SLEEP + tried(call("poll_oneoff", 4096, 8192, 1, 8)) + _TIME + _SHOW,
        clock=_CLOCK,
        output=(_CLOCK.start + 3_600_000_000_000).to_bytes(8, "little"),
    ),
    Attempt(
        "world",
        "tell the time by a new file",
        tried(opening(WRITABLE, "now", CREATE, WRITE), call("fd_filestat_get", slot(0), 4048))
        + _SHOW,
        clock=_CLOCK,
        output=_CLOCK.start.to_bytes(8, "little"),
    ),
    Attempt(
        "world",
        "draw real randomness",
        tried(call("random_get", 4096, 8)) + _SHOW,
        clock=_CLOCK,
        output=bytes.fromhex("d70d3259e4e1cb63"),
    ),
    Attempt(
        "world",
        "find something in the environment",
        tried(call("environ_sizes_get", 4096, 4100)) + _SHOW,
        output=bytes(8),
    ),
)
