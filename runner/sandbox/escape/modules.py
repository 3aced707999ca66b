"""By the module itself: what it imports, what it declares, and bytes that are no module."""

from __future__ import annotations

from runner.abi import Limits, Verdict
from runner.sandbox.escape.attempt import MIB, Attempt

_REFUSED = (Verdict.INVALID_MODULE,)
_NO_ROOM = (Verdict.INVALID_MODULE, Verdict.OUT_OF_MEMORY)
_HEAD = b"\0asm\1\0\0\0"
_START = '(func (export "_start"))'
_FLOOD = b"\xff\xff\xff\xff\x0f"  # 4 GiB as WebAssembly writes numbers


def _import(module: str, name: str, kind: str = "(func)") -> Attempt:
    text = f'(module (import "{module}" "{name}" {kind}) {_START})'
    return Attempt("imports", f"import {module}.{name}", module=text, ends=_REFUSED)


def _bytes(name: str, data: bytes) -> Attempt:
    return Attempt("malformed", name, module=data, ends=_NO_ROOM)


def _declare(name: str, text: str, ends: tuple[str, ...] = _NO_ROOM) -> Attempt:
    return Attempt("declarations", name, module=f"(module {text} {_START})", ends=ends)


ATTEMPTS = (
    _import("env", "system", "(func (param i32) (result i32))"),
    _import("env", "memory", "(memory 1)"),
    _import("wasi_snapshot_preview1", "sock_open", "(func (param i32 i32 i32) (result i32))"),
    _import("wasi_snapshot_preview1", "proc_exec", "(func (param i32) (result i32))"),
    _import("wasi_snapshot_preview1", "table", "(table 1 funcref)"),
    _import("wasi_unstable", "path_open", "(func)"),
    _import("host", "note", "(func (param i32 i32 i32 i32 i32) (result i32))"),
    _import("base", "table", "(table 1 funcref)"),
    _import("guest", "memory", "(memory 0)"),
    _import("runner", "exec", "(func (param i32 i32) (result i32))"),
    _import("wasi_ephemeral_sock", "sock_connect", "(func (param i32 i32 i32) (result i32))"),
    Attempt(
        "imports",
        "start a thread",
        module="""(module
          (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
          (memory (export "memory") 1)
          (func (export "wasi_thread_start") (param i32 i32) (unreachable))
          (func (export "_start")
            (if (i32.ge_s (call $spawn (i32.const 0)) (i32.const 0)) (then (unreachable)))))""",
        ends=(Verdict.EXITED,),
    ),
    Attempt(
        "imports",
        "call the host without leave",
        module="""(module
          (import "runner" "call" (func $call (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1) (data (i32.const 0) "spawn")
          (func (export "_start")
            (if (i32.ge_s (call $call (i32.const 0) (i32.const 5) (i32.const 0) (i32.const 5))
                  (i32.const 0))
              (then (unreachable)))))""",
        ends=(Verdict.EXITED,),
    ),
    _bytes("nothing", b""),
    _bytes("half a head", _HEAD[:6]),
    _bytes("a program for Linux", b"\x7fELF\2\1\1" + bytes(57)),
    _bytes("a script", b"#!/bin/sh\nid\n"),
    _bytes("WebAssembly text", b'(module (func (export "_start")))'),
    _bytes("another version", b"\0asm\2\0\0\0"),
    _bytes("a section of 4 GiB", _HEAD + b"\1" + _FLOOD),
    _bytes("a count of 4 billion types", _HEAD + b"\1\5" + _FLOOD),
    _bytes("a function without a body", _HEAD + b"\1\4\1\x60\0\0" + b"\3\2\1\0"),
    _bytes("code that ends in the middle", _HEAD + b"\1\4\1\x60\0\0\3\2\1\0\x0a\4\1\2\0\x41"),
    _bytes(
        "4 billion locals",
        _HEAD + b"\1\4\1\x60\0\0\3\2\1\0" + b"\x0a\x0b\1\x09\1" + _FLOOD + b"\x7f\x0b\x0b",
    ),
    _bytes("an unknown section", _HEAD + b"\x7f\1\0"),
    _bytes("a component that is none", b"\0asm\r\0\1\0" + b"\xff" * 64),
    _bytes("machine code that was compiled elsewhere", b"\x7fELF" + b"wasmtime" * 512),
    _declare("4 GiB of memory", '(memory (export "memory") 65536)'),
    _declare("a table of 10 million", "(table 10000000 funcref)"),
    _declare("twenty tables", 20 * "(table 1 funcref)"),
    _declare("two memories", '(memory (export "memory") 1) (memory 1)'),
    _declare("memory with 64-bit addresses", '(memory (export "memory") i64 1)'),
    _declare("shared memory", '(memory (export "memory") 1 2 shared)'),
    _declare(
        "data beyond its memory",
        '(memory (export "memory") 1) (data (i32.const 65535) "xx")',
        (Verdict.TRAPPED,),
    ),
    _declare(
        "elements beyond its table",
        "(table 1 funcref) (func $f) (elem (i32.const 1) $f)",
        (Verdict.TRAPPED,),
    ),
    _declare(
        "a start function that loops",
        "(func $s (loop $l (br $l))) (start $s)",
        (Verdict.TIMED_OUT,),
    )._replace(limits=Limits(wall_time=0.3)),
    Attempt(
        "declarations",
        "memory that is a function",
        module='(module (func (export "memory")) (func (export "_start")))',
    ),
    Attempt(
        "declarations",
        "no `_start`",
        module='(module (memory (export "memory") 1))',
        ends=_REFUSED,
    ),
    Attempt(
        "declarations",
        "more memory than was given",
        module='(module (memory (export "memory") 1024) (func (export "_start")))',
        ends=(Verdict.OUT_OF_MEMORY,),
        limits=Limits(wall_time=20.0, memory=16 * MIB),
    ),
)
