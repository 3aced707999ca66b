"""How a guest ends, and what is said about it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from runner.abi import Limits, Verdict
from tests.sandbox import wat

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Guests

MIB = 1024 * 1024


@pytest.mark.parametrize("code", [0, 1, 3, 125, 126, 127, 128, 255])
def test_exit_code(guests: Guests, code: int) -> None:
    """Every exit code from 0 to 255 comes through as the guest said it."""
    result, _ = guests.run(guests.build(wat.exit_with(code)))

    assert (Verdict.EXITED, code) == (result.verdict, result.exit_code)


@pytest.mark.parametrize(("said", "meant"), [(256, 255), (-1, 255), (258, 2)])
def test_exit_code_out_of_range(guests: Guests, said: int, meant: int) -> None:
    """A larger exit code is cut as POSIX does, but a failure never becomes a success."""
    result, _ = guests.run(guests.build(wat.exit_with(said)))

    assert meant == result.exit_code


def test_return_is_success(guests: Guests) -> None:
    """A guest that returns from `_start` has exit code 0."""
    result, output = guests.run(guests.build(wat.say((1, "hello"))))

    assert result.is_success
    assert output == b"hello"
    assert result.usage.output == 5
    assert result.usage.peak_memory == 2 * 65536


def test_trap(guests: Guests) -> None:
    """A trap is told by its cause and the function it happened in, and has no exit code."""
    result, _ = guests.run(guests.build(wat.TRAP))

    assert result.verdict == Verdict.TRAPPED
    assert result.exit_code is None
    assert result.message == "wasm `unreachable` instruction executed in `explode`"


def test_stack_overflow(guests: Guests) -> None:
    """Endless recursion is a trap of its own name and hurts nobody else."""
    result, _ = guests.run(guests.build(wat.OVERFLOW))

    assert result.verdict == Verdict.TRAPPED
    assert result.message == "call stack exhausted in `deeper`"


def test_stack_limit(guests: Guests) -> None:
    """Another stack size than the usual one is kept as well."""
    limits = Limits(wall_time=20.0, stack=64 * 1024)

    result, _ = guests.run(guests.build(wat.OVERFLOW, limits=limits))

    assert result.message == "call stack exhausted in `deeper`"


def test_stack_limit_too_large(guests: Guests) -> None:
    """A stack that would make wasmtime abort is refused by a clear message."""
    limits = Limits(stack=16 * MIB)

    result, _ = guests.run(guests.build(wat.OVERFLOW, limits=limits))

    assert result.verdict == Verdict.DENIED
    assert "stack of 16777216 bytes" in result.message


@pytest.mark.parametrize("text", [wat.SPIN, wat.sleep(3600)], ids=["looping", "sleeping"])
def test_wall_time(guests: Guests, text: str) -> None:
    """A guest is stopped soon after its deadline, whether it loops or sleeps in the host."""
    invocation = guests.build(text, limits=Limits(wall_time=0.3))
    guests.run(guests.build(text, limits=Limits(wall_time=0.01)))  # compiles
    started = time.monotonic()

    result, _ = guests.run(invocation)

    assert result.verdict == Verdict.TIMED_OUT
    assert result.message == "stopped after 0.3 s"
    assert result.usage.wall_time >= 0.3
    assert time.monotonic() - started < 1.3


@pytest.mark.parametrize("seconds", [3e6, 1e300, float("inf")])
def test_far_limits(guests: Guests, seconds: float) -> None:
    """Limits beyond what poll and the kernel's timers can count are as good as none."""
    limits = Limits(wall_time=seconds, cpu_time=seconds)

    result, _ = guests.run(guests.build(wat.exit_with(3), limits=limits))

    assert (result.verdict, result.exit_code) == (Verdict.EXITED, 3)


def test_wall_time_with_slow_reader(guests: Guests) -> None:
    """A deadline holds although the reader of the output never comes back to look."""
    released = threading.Event()
    limits = Limits(wall_time=0.2, output=0)

    def block(_piece: bytes) -> None:
        released.wait(2.0)

    result = guests.sandbox.run(guests.build(wat.FLOOD, limits=limits), block)

    assert result.verdict == Verdict.TIMED_OUT


def test_cpu_time(guests: Guests) -> None:
    """Processor time has a limit and a message of its own."""
    limits = Limits(cpu_time=0.2, wall_time=20.0)

    result, _ = guests.run(guests.build(wat.SPIN, limits=limits))

    assert result.verdict == Verdict.TIMED_OUT
    assert result.message == "stopped after 0.2 s of processor time"
    assert result.usage.cpu_time >= 0.15


def test_memory_limit(guests: Guests) -> None:
    """A guest that takes all it may and fails then is out of memory, not merely trapped."""
    limits = Limits(wall_time=20.0, memory=100 * MIB)

    result, _ = guests.run(guests.build(wat.GREEDY, limits=limits))

    assert result.verdict == Verdict.OUT_OF_MEMORY
    assert "100 MiB of 100 MiB" in result.message
    assert result.usage.peak_memory == 100 * MIB


def test_initial_memory_over_limit(guests: Guests) -> None:
    """A module that begins with more memory than it may have is out of memory at once."""
    limits = Limits(memory=100 * MIB)

    result, _ = guests.run(guests.build(wat.LARGE, limits=limits))

    assert result.verdict == Verdict.OUT_OF_MEMORY
    assert "exceeds memory limits" in result.message


def test_memory_may_be_used_up(guests: Guests) -> None:
    """The process limits leave room for all of the memory that the guest was promised."""
    limits = Limits(wall_time=20.0, memory=1024 * MIB)

    result, _ = guests.run(guests.build(wat.GREEDY, limits=limits))

    assert result.usage.peak_memory == 1024 * MIB


def test_output_limit(guests: Guests) -> None:
    """Endless output is stopped at its limit, to the byte."""
    limits = Limits(wall_time=20.0, output=3 * MIB + 7)

    result, output = guests.run(guests.build(wat.FLOOD, limits=limits))

    assert result.verdict == Verdict.OUTPUT_EXCEEDED
    assert result.message == "stopped after 3 MiB of output"
    assert 3 * MIB + 7 == len(output) == result.usage.output


def test_output_at_its_limit(guests: Guests) -> None:
    """Output as long as the limit is not too long."""
    limits = Limits(output=5)

    result, output = guests.run(guests.build(wat.say((1, "hello")), limits=limits))

    assert result.is_success
    assert output == b"hello"


def test_output_order(guests: Guests) -> None:
    """Standard output and error come in the order in which they were written."""
    words = [(1 + number % 2, f"<{number}>") for number in range(50)]

    _, output = guests.run(guests.build(wat.say(*words)))

    assert "".join(text for _, text in words).encode() == output


def test_chatter_comes_in_pieces(guests: Guests) -> None:
    """Thousands of small writes arrive whole, in far fewer pieces."""
    count = 5000
    text = wat.module(
        f"(loop $again {wat.write(1024, 8)} (local.set $i (i32.add (local.get $i) (i32.const 1)))"
        f" (br_if $again (i32.lt_u (local.get $i) (i32.const {count}))))",
        texts="a line;;",
    )
    pieces: list[bytes] = []

    result = guests.sandbox.run(guests.build(text), pieces.append)

    assert result.is_success
    assert b"".join(pieces) == count * b"a line;;"
    assert len(pieces) < count / 5


def test_output_is_live(guests: Guests) -> None:
    """Output is passed on while the guest still runs."""
    text = wat.module(
        wat.write(1024, 5) + "(loop $again (br $again))",
        texts="alive",
    )
    heard: list[bytes] = []
    kills: list[Callable[[], None]] = []

    def hear(piece: bytes) -> None:
        heard.append(piece)
        kills[0]()

    result = guests.sandbox.run(guests.build(text), hear, on_start=kills.append)

    assert heard == [b"alive"]
    assert result.verdict == Verdict.CANCELLED


def test_failing_reader(guests: Guests) -> None:
    """An exception of the reader ends the guest and goes on to the caller."""

    def fail(_piece: bytes) -> None:
        raise KeyError("reader")

    with pytest.raises(KeyError):
        guests.sandbox.run(guests.build(wat.FLOOD), fail)
