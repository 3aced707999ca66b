"""Calls from a guest to its host: what goes through, and what a hostile guest gets out of them."""

from __future__ import annotations

import json
import os
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

from runner.abi import Invocation, Limits, Verdict
from runner.errors import Denied, InvalidInput, Problem
from tests.sandbox import wat

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Guests

FAULT, INVALID, TOO_LARGE, NO_HOST, REPLY_TOO_LARGE, NOT_CAPABLE = -21, -28, -35, -52, -61, -76
MIB = 1 << 20
_IMPORTS = """
  (import "runner" "call" (func $call (param i32 i32 i32 i32) (result i32)))
  (import "runner" "reply" (func $reply (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))"""


def calling(*calls: str, text: str = "messageping", memory: int = 1) -> str:
    """Return a guest that makes calls and prints the result of each as four bytes.

    At 1024 stands `text`; replies go to 8192, and `$echo` calls and prints the reply as well.
    """
    body = "".join(
        f"(i32.store (i32.const {512 + 4 * place}) {call})" for place, call in enumerate(calls)
    )
    return f"""(module {_IMPORTS}
      (memory (export "memory") {memory}) (data (i32.const 1024) "{text}")
      (func $put (param i32 i32)
        (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1))
        (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
      (func (export "_start") {body}
        (call $put (i32.const 512) (i32.const {4 * len(calls)}))))"""


def call(name: int = 7, request: tuple[int, int] = (1031, 4), *, at: int = 1024) -> str:
    """Return a call whose operation is the first `name` bytes of the text."""
    place, size = request
    return (
        f"(call $call (i32.const {at}) (i32.const {name}) (i32.const {place}) (i32.const {size}))"
    )


def reply(place: int, size: int) -> str:
    return f"(call $reply (i32.const {place}) (i32.const {size}))"


class Heard(NamedTuple):
    numbers: list[int]
    requests: list[tuple[str, bytes]]


class Host:
    """Runs a guest with a host that answers by `answer` and keeps what was asked."""

    def __init__(self, guests: Guests) -> None:
        self.guests = guests

    def run(
        self,
        text: str,
        answer: Callable[[bytes], bytes] = lambda request: request[::-1],
        *,
        granted: tuple[str, ...] = ("message",),
        largest: int = MIB,
    ) -> Heard:
        requests: list[tuple[str, bytes]] = []

        def on_call(operation: str, request: bytes) -> bytes:
            requests.append((operation, request))
            return answer(request)

        pieces: list[bytes] = []
        result = self.guests.sandbox.run(
            granting(self.guests.build(text), *granted, largest=largest),
            pieces.append,
            on_call=on_call,
        )
        assert result.is_success, result
        output = b"".join(pieces)
        numbers = [
            int.from_bytes(output[place : place + 4], "little", signed=True)
            for place in range(0, len(output), 4)
        ]
        return Heard(numbers, requests)


def granting(invocation: Invocation, *operations: str, largest: int = MIB) -> Invocation:
    return invocation._replace(host_calls=operations, max_message_size=largest)


@pytest.fixture
def host(guests: Guests) -> Host:
    return Host(guests)


def test_call_and_reply(host: Host) -> None:
    """A request reaches the host as it was written, and its reply the guest."""
    show = f"(call $put (i32.const 8192) {reply(8192, 100)})"
    text = calling(call(), f"{reply(8192, 2)} {show}", reply(8192, 0))

    output: list[bytes] = []
    result = host.guests.sandbox.run(
        granting(host.guests.build(text), "message"),
        output.append,
        on_call=lambda name, request: name.encode() + b":" + request,
    )

    assert result.is_success
    assert b"".join(output)[:12] == b"message:ping"
    assert b"".join(output)[12:] == b"\x0c\0\0\0\x02\0\0\0\0\0\0\0"


def test_calls_one_after_the_other(host: Host) -> None:
    """Replies do not outlive the next call, and an empty one is a reply."""
    heard = host.run(
        calling(call(), call(request=(1031, 0)), reply(8192, 100), call(request=(1032, 3)))
    )

    assert heard.numbers == [4, 0, 0, 3]
    assert heard.requests == [("message", b"ping"), ("message", b""), ("message", b"ing")]


def test_large_messages(host: Host) -> None:
    """A message as long as the limit goes both ways, one byte more in neither."""
    text = calling(
        call(request=(1031, MIB)),
        reply(2 * MIB, 4 * MIB),
        call(request=(1031, MIB + 1)),
        memory=64,
    )

    heard = host.run(text)
    longer = host.run(calling(call()), lambda _request: bytes(101), largest=100)

    assert heard.numbers == [MIB, MIB, TOO_LARGE]
    assert len(heard.requests[0][1]) == MIB
    assert longer.numbers == [REPLY_TOO_LARGE]


@pytest.mark.parametrize(
    ("attempt", "code"),
    [
        (call(at=65533), FAULT),
        (call(at=-1), FAULT),
        (call(request=(65533, 4)), FAULT),
        (call(request=(-4, 8)), FAULT),
        (call(request=(1031, -1)), TOO_LARGE),
        (call(name=-1), INVALID),
        (call(name=65), INVALID),
        (call(name=8), NO_HOST),
        (call(name=0), NO_HOST),
        (reply(-1, -1), FAULT),
    ],
)
def test_bad_arguments(host: Host, attempt: str, code: int) -> None:
    """Addresses and lengths that lie beyond the guest's memory are refused, and it lives on."""
    heard = host.run(calling(attempt, call()))

    assert heard.numbers == [code, 4]
    assert heard.requests == [("message", b"ping")]


@pytest.mark.parametrize("place", [65535, -1, 65533])
def test_bad_buffer(host: Host, place: int) -> None:
    """A reply is not written beyond the guest's memory."""
    heard = host.run(calling(call(), reply(place, 4), reply(65532, 4)))

    assert heard.numbers == [4, FAULT, 4]


def test_name_that_is_no_text(host: Host) -> None:
    """An operation is named in UTF-8, or not at all."""
    heard = host.run(calling(call(), text="\\ff\\fe\\fd\\00\\01\\02\\03ping"))

    assert heard.numbers == [INVALID]
    assert heard.requests == []


def test_guest_without_memory(guests: Guests) -> None:
    """A guest that exports no memory, or something else by its name, gets an error."""
    for export in ("", '(func (export "memory"))'):
        text = f"""(module {_IMPORTS} (memory 1) {export}
          (func (export "_start")
            (if (i32.ne {call(name=0, request=(0, 0))} (i32.const {FAULT}))
              (then (unreachable)))))"""

        result = guests.sandbox.run(
            granting(guests.build(text), "message"),
            print,
            on_call=lambda _name, request: request,
        )

        assert result.is_success


def test_operation_not_granted(guests: Guests) -> None:
    """What was not granted is refused, and the result says what would have to be."""
    called: list[str] = []
    text = calling(call(name=4), call(name=4), text="httpxxxping")

    def on_call(name: str, _request: bytes) -> bytes:
        called.append(name)
        return b""

    output: list[bytes] = []
    result = guests.sandbox.run(
        granting(guests.build(text), "message"), output.append, on_call=on_call
    )

    assert result.is_success
    assert output == [2 * NOT_CAPABLE.to_bytes(4, "little", signed=True)]
    assert called == []
    assert [denial.permission for denial in result.denials] == ["network.allowed_domains"]
    assert "allowed_domains" in result.denials[0].grant


def test_no_host_at_all(guests: Guests) -> None:
    """Without host calls the imports are there and every call is refused."""
    output: list[bytes] = []
    called: list[str] = []

    result = guests.sandbox.run(
        guests.build(calling(call(), reply(8192, 100))),
        output.append,
        on_call=lambda name, request: (called.append(name), request)[1],  # type: ignore[func-returns-value]
    )

    assert result.is_success
    assert output == [NO_HOST.to_bytes(4, "little", signed=True) + bytes(4)]
    assert called == []


def test_refusal_by_the_operation(guests: Guests) -> None:
    """An operation that is denied tells the guest in JSON, and the result with the grant."""
    grant = "network: {allowed_domains: [example.com]}"

    def refuse(_name: str, _request: bytes) -> bytes:
        raise Denied(
            [Problem("network.allowed_domains", "`example.com` is not allowed", hint=grant)]
        )

    text = calling(call(), f"(call $put (i32.const 8192) {reply(8192, 1000)}) (i32.const 0)")
    output: list[bytes] = []
    result = guests.sandbox.run(
        granting(guests.build(text), "message"), output.append, on_call=refuse
    )

    (denial,) = result.denials
    told = json.loads(b"".join(output)[:-8])
    assert result.is_success
    assert told == {
        "error": {"code": "network.allowed_domains", "message": "`example.com` is not allowed"}
    }
    assert denial == ("network.allowed_domains", "`example.com` is not allowed", grant)


def test_failure_of_the_operation(guests: Guests) -> None:
    """Another error of ours reaches the guest in the same form and is no denial."""

    def fail(_name: str, _request: bytes) -> bytes:
        raise InvalidInput([Problem("message.json", "not JSON")])

    result = guests.sandbox.run(
        granting(guests.build(calling(call())), "message"), lambda _piece: None, on_call=fail
    )

    assert result.is_success
    assert result.denials == ()


def test_bug_of_the_operation(guests: Guests) -> None:
    """What the host's own code raises by mistake ends the run and is not hidden."""

    def fail(_name: str, _request: bytes) -> bytes:
        raise KeyError("operation")

    with pytest.raises(KeyError, match="operation"):
        guests.sandbox.run(
            granting(guests.build(calling(call())), "message"), lambda _piece: None, on_call=fail
        )


@pytest.mark.parametrize("how", ["deadline", "cancelled"])
def test_end_during_a_call(guests: Guests, how: str) -> None:
    """A call that never returns holds up neither the deadline nor a cancellation."""
    released, entered = threading.Event(), threading.Event()
    kills: list[Callable[[], None]] = []

    def block(_name: str, request: bytes) -> bytes:
        entered.set()
        if how == "cancelled":
            kills[0]()
        released.wait()
        return request

    invocation = guests.build(calling(call()))
    guests.run(invocation)  # compiles
    limits = Limits(wall_time=0.3 if how == "deadline" else 30.0)
    started = time.monotonic()
    try:
        result = guests.sandbox.run(
            granting(invocation, "message")._replace(limits=limits),
            lambda _piece: None,
            on_start=kills.append,
            on_call=block,
        )
        passed = time.monotonic() - started
    finally:
        released.set()

    assert entered.is_set()
    assert result.verdict == (Verdict.TIMED_OUT if how == "deadline" else Verdict.CANCELLED)
    assert passed < 5.0


def test_output_during_a_call(guests: Guests) -> None:
    """What was written before a call is heard while the call is at work."""
    heard = threading.Event()

    def wait(_name: str, request: bytes) -> bytes:
        assert heard.wait(20.0)
        return request

    text = calling(f"(call $put (i32.const 1031) (i32.const 4)) {call()}")
    result = guests.sandbox.run(
        granting(guests.build(text), "message"),
        lambda _piece: heard.set(),
        on_call=wait,
    )

    assert result.is_success


def test_flood_of_calls(guests: Guests) -> None:
    """A guest that calls without end is stopped by its deadline and leaves nothing behind."""
    text = calling(f"(loop $again (drop {call()}) (br $again)) (i32.const 0)")
    invocation = granting(guests.build(text, limits=Limits(wall_time=0.5)), "message")
    threads, descriptors = threading.active_count(), len(os.listdir("/proc/self/fd"))
    count = 0

    def on_call(_name: str, request: bytes) -> bytes:
        nonlocal count
        count += 1
        return request

    for _ in range(3):
        result = guests.sandbox.run(invocation, lambda _piece: None, on_call=on_call)
        assert result.verdict == Verdict.TIMED_OUT

    deadline = time.monotonic() + 10.0
    while threading.active_count() > threads and time.monotonic() < deadline:
        threading.Event().wait(0.001)
    assert count > 100
    assert threading.active_count() <= threads
    assert len(os.listdir("/proc/self/fd")) <= descriptors + 4  # the next worker's


def test_flood_of_refused_calls(guests: Guests) -> None:
    """A thousand different things that were refused make no endless result."""
    body = f"""(loop $again
        (i32.store16 (i32.const 1024) (i32.add (local.get $i) (i32.const 0x4141)))
        (drop {call(name=4)})
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $i) (i32.const 1000))))"""
    text = calling("(i32.const 0)").replace(
        '(func (export "_start")', f'(func (export "_start") (local $i i32) {body}'
    )

    result = guests.sandbox.run(
        granting(guests.build(text), "message"), lambda _piece: None, on_call=lambda _n, r: r
    )

    assert result.is_success
    assert len(result.denials) <= 100


def test_another_export(guests: Guests) -> None:
    """An export is called by its name, after `_initialize` if the module is a library."""
    text = wat.module(
        "(unreachable)",
        more=f"""(global $ready (mut i32) (i32.const 0))
          (func (export "_initialize") (global.set $ready (i32.const 1)))
          (func (export "greet") {wat.write(1024, 5)} (call $proc_exit (global.get $ready)))""",
        texts="hello",
    )

    result, output = guests.run(guests.build(text)._replace(export="greet"))
    missing, _ = guests.run(guests.build(text)._replace(export="part"))

    assert (result.verdict, result.exit_code, output) == (Verdict.EXITED, 1, b"hello")
    assert missing.verdict == Verdict.INVALID_MODULE
    assert missing.message == "module exports no function `part`"
