"""Binaries read without running them: outlines of real ones, and no harm from hostile ones."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import wasmtime
from hypothesis import example, given
from hypothesis import strategies as st

from runner.plugins.wasm import Export, Import, Malformed, read_outline
from runner.plugins.wasm.capabilities import FUNCTIONS, is_known, list_capabilities
from runner.plugins.wasm.loops import find_endless_loops
from runner.resources import locate

if TYPE_CHECKING:
    from runner.plugins.wasm import Outline

WASI = "wasi_snapshot_preview1"
TEXT = f"""(module
  (import "{WASI}" "path_open" (func (param i32)))
  (import "runner" "call" (func))
  (import "m" "t" (table 1 2 funcref))
  (import "m" "g" (global (mut i64)))
  (import "m" "e" (tag))
  (memory (export "memory") 2 5)
  (func $f (export "go") (drop (i32.const 1)))
  (func (nop))
  (start $f)
  (data (i32.const 0) "hello"))"""
EMPTY = b"\0asm\x01\0\0\0"


def build(text: str) -> bytes:
    return bytes(wasmtime.wat2wasm(text))


def outline(text: str) -> Outline:
    return read_outline(build(text))


def test_a_module_tells_what_it_is() -> None:
    """Sections, imports, exports, memories, functions, start."""
    found = outline(TEXT)
    assert found.imports == (
        Import(WASI, "path_open", "function"),
        Import("runner", "call", "function"),
        Import("m", "t", "table"),
        Import("m", "g", "global"),
        Import("m", "e", "tag"),
    )
    assert found.exports == (Export("memory", "memory"), Export("go", "function"))
    ((least, most, is_shared),) = found.memories
    assert (least, most, is_shared) == (2, 5, False)
    assert found.has_start
    assert len(found.bodies) == 2
    assert found.total("data") == 11
    assert not found.is_component
    assert list_capabilities(found) == (
        "ask the host for HTTP, messages and other plugins",
        "call `m.e`, which this host does not have",
        "call `m.g`, which this host does not have",
        "call `m.t`, which this host does not have",
        "read files",
    )
    assert [is_known(one) for one in found.imports] == [True, True, False, False, False]


def test_a_component_tells_its_interfaces() -> None:
    """Imports and exports by the names of their interfaces."""
    found = outline("""(component
      (import "wasi:filesystem/types@0.2.3" (instance))
      (import "wasi:sockets/tcp@0.2.0" (instance))
      (import "f" (func))
      (export "wasi:cli/run@0.2.3" (func 0)))""")
    assert found.is_component
    assert [one.module for one in found.imports] == [
        *("wasi:filesystem/types@0.2.3", "wasi:sockets/tcp@0.2.0", "f")
    ]
    assert found.exports == (Export("wasi:cli/run@0.2.3", "function"),)
    assert list_capabilities(found)[1:] == (
        "read and write files",
        "use sockets that it is given (there are none)",
    )


def test_a_real_module_is_read_at_once() -> None:
    """The shell, 12 MB: all its imports are known, and it was linked without a start function."""
    with open(locate("steps", "sh", "sh.wasm"), "rb") as file:
        data = file.read()
    began = time.process_time()
    found = read_outline(data)
    assert time.process_time() - began < 2
    assert all(map(is_known, found.imports))
    assert Export("_start", "function") in found.exports
    assert find_endless_loops(data, found) == []


def test_what_this_host_provides_is_what_wasmtime_does() -> None:
    """Each function that we call known can be linked, and there is no other."""
    engine = wasmtime.Engine()
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    store = wasmtime.Store(engine)
    store.set_wasi(wasmtime.WasiConfig())
    for name in FUNCTIONS:
        linker.get(store, WASI, name)
    with pytest.raises(wasmtime.WasmtimeError):
        linker.get(store, WASI, "fd_everything")
    assert len(FUNCTIONS) == 46  # as preview 1 has, with sock_accept


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0asm",
        b"#!/bin/sh\n",
        b"\0asm\x02\0\0\0",
        EMPTY + b"\x01",
        EMPTY + b"\x01\xff\xff\xff\xff\x0f",
        EMPTY + b"\x01\xff\xff\xff\xff\xff\xff\x0f",
        EMPTY + b"\x63\0",
        EMPTY + b"\x03\0\x01\0",
        EMPTY + b"\x05\0\x05\0",
        EMPTY + b"\0\x02\x05a",
        EMPTY + b"\0\x02\x01\xff",
        EMPTY + b"\x02\x05\xff\xff\xff\xff\x0f",
        EMPTY + b"\x07\x04\x01\0\x09\0",
        EMPTY + b"\x0a\x03\x01\x7f\0",
        EMPTY + b"\x05\x03\x01\x00\x01\x00",
        EMPTY + b"\x05\x04\x01\x01\x01\x80",
    ],
)
def test_damaged_ones_are_refused(data: bytes) -> None:
    """The message says what is wrong."""
    with pytest.raises(Malformed, match=" "):
        read_outline(data)


SEEDS = (build(TEXT), build('(component (import "f" (func)) (export "g" (func 0)))'))


@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255))))
@example(SEEDS[0], [])
def test_any_bytes_are_read_or_refused(seed: bytes, changes: list[tuple[int, int]]) -> None:
    """Whatever is changed in a binary, nothing but Malformed comes of it."""
    data = bytearray(seed)
    for place, byte in changes:
        data[place % len(data)] = byte
    _read(bytes(data))


@given(st.binary(max_size=200))
def test_any_sections_are_read_or_refused(data: bytes) -> None:
    """The same for what nobody ever compiled."""
    for head in (EMPTY, b"\0asm\x0d\0\1\0"):
        _read(head + data)


def _read(data: bytes) -> None:
    try:
        found = read_outline(data)
    except Malformed:
        return
    find_endless_loops(data, found)
    list_capabilities(found)


@pytest.mark.parametrize(
    "data",
    [
        EMPTY + b"\0\x01\0" * 99_999,
        EMPTY + b"\x0a\x80\xe0\x81\x02" + b"\x80\xf0\x80\x01" + b"\0" * 2_107_388,
    ],
)
def test_floods_are_read_in_bounded_time(data: bytes) -> None:
    """Work grows with the bytes, not with what they promise."""
    began = time.process_time()
    _read(data)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("(loop (br 0))", 1),
        ("(loop (loop (br 1)))", 1),
        ("(loop (if (i32.const 1) (then (br 1)) (else (br 1))))", 1),
        ("(loop (br_if 0 (i32.const 1)) (br 0))", 1),
        ("(loop (i64.store (i32.const 0) (i64.const -5)) (br 0))", 1),
        ("(loop (br 0) (call $c))", 1),
        ("(loop (br_table 0 0 (i32.const 1)))", 1),
        ("(block (loop (br_if 1 (i32.const 1)) (br 0)))", 0),
        ("(block (loop (br_table 0 1 (i32.const 1))))", 0),
        ("(loop (br_if 0 (i32.const 1)))", 0),
        ("(loop (if (i32.const 1) (then (br 1))))", 0),
        ("(loop (if (i32.const 1) (then (br 0)) (else (unreachable))))", 0),
        ("(loop (block (br_if 0 (i32.const 1)) (br 1)))", 0),
        ("(loop (call $c) (br 0))", 0),
        ("(loop (return))", 0),
        ("(loop (unreachable))", 0),
        ("(loop (drop (v128.const i64x2 0 0)) (br 0))", 0),  # not decoded: nothing is said
    ],
)
def test_loops_that_nothing_ends(body: str, count: int) -> None:
    """Found where the code leaves no doubt, and only there."""
    data = build(f'(module (import "a" "b" (func $c)) (memory 1) (func {body}))')
    assert len(find_endless_loops(data, read_outline(data))) == count
