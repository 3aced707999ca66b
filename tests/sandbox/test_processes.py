"""The processes behind the sandbox: none too many, none left over, none with secrets."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from runner.abi import Limits, PluginResult, Verdict
from tests.sandbox import wat

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Guests

FOREVER = Limits(wall_time=60.0)


def _in_background(guests: Guests, text: str) -> tuple[threading.Thread, list[PluginResult]]:
    """Run a guest in a thread, and return when it has begun to write."""
    begun = threading.Event()
    results: list[PluginResult] = []
    body = guests.build(text, limits=FOREVER)

    def run() -> None:
        results.append(guests.sandbox.run(body, lambda _piece: begun.set()))

    thread = threading.Thread(target=run)
    thread.start()
    assert begun.wait(20.0)
    return thread, results


def _saying(body: str) -> str:
    return wat.module(wat.write(1024, 2) + body, texts="hi")


SPEAKING_SPIN = _saying("(loop $again (br $again))")


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10.0
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_cancel(own_guests: Guests) -> None:
    """Cancelling ends all that runs, and what is run afterwards runs."""
    runs = [_in_background(own_guests, SPEAKING_SPIN) for _ in range(3)]

    own_guests.sandbox.cancel()
    for thread, _ in runs:
        thread.join(5.0)

    assert [results[0].verdict for _, results in runs] == 3 * [Verdict.CANCELLED]
    assert own_guests.run(own_guests.build(wat.exit_with(0))).result.is_success


def test_kill_one(own_guests: Guests) -> None:
    """One run can be ended alone, also before it has begun and after it has ended."""
    kills: list[Callable[[], None]] = []
    invocation = own_guests.build(wat.SPIN, limits=FOREVER)

    def kill_at_once(kill: Callable[[], None]) -> None:
        kills.append(kill)
        kill()

    thread, results = _in_background(own_guests, SPEAKING_SPIN)
    killed = own_guests.sandbox.run(invocation, lambda _piece: None, on_start=kill_at_once)
    kills[0]()
    is_other_alive = thread.is_alive()
    own_guests.sandbox.cancel()
    thread.join(5.0)

    assert killed.verdict == Verdict.CANCELLED
    assert is_other_alive
    assert results[0].verdict == Verdict.CANCELLED


def test_many_at_once(guests: Guests, children: Callable[[int], set[int]]) -> None:
    """Many threads may run guests at once; every result is its own and nothing is left over."""
    invocations = [guests.build(wat.exit_with(code)) for code in range(8)]
    for invocation in invocations:
        guests.run(invocation)
    before = len(os.listdir("/proc/self/fd"))
    codes: list[tuple[int, int | None]] = []

    def run(code: int) -> None:
        codes.extend((code, guests.run(invocations[code]).result.exit_code) for _ in range(5))

    threads = [threading.Thread(target=run, args=(code,)) for code in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(5 * [(code, code) for code in range(8)]) == sorted(codes)
    assert before == len(os.listdir("/proc/self/fd"))
    zygote = guests.sandbox._nursery._pid
    _wait_until(lambda: len(children(zygote)) <= 1)


def test_close_leaves_nothing(own_guests: Guests, children: Callable[[int], set[int]]) -> None:
    """Closing ends workers and zygote; a later run starts anew."""
    thread, results = _in_background(own_guests, SPEAKING_SPIN)
    zygote = own_guests.sandbox._nursery._pid
    family = {zygote} | children(zygote)

    own_guests.sandbox.close()
    thread.join(5.0)

    assert len(family) >= 2
    assert set() == {pid for pid in family if os.path.exists(f"/proc/{pid}")}
    assert results[0].verdict == Verdict.CANCELLED
    assert own_guests.run(own_guests.build(wat.exit_with(0))).result.is_success


def test_close_is_repeatable(own_guests: Guests) -> None:
    """A sandbox that was never started, or was closed before, can be closed."""
    own_guests.sandbox.close()
    own_guests.sandbox.start()
    own_guests.sandbox.start()
    own_guests.sandbox.close()
    own_guests.sandbox.close()


def test_zygote_dies(own_guests: Guests) -> None:
    """If the zygote is killed, what runs has crashed, and the next run has a new zygote."""
    thread, results = _in_background(own_guests, SPEAKING_SPIN)
    os.kill(own_guests.sandbox._nursery._pid, signal.SIGKILL)
    thread.join(5.0)

    assert results[0].verdict == Verdict.CRASHED
    assert "vanished together with its parent" in results[0].message
    assert own_guests.run(own_guests.build(wat.exit_with(0))).result.is_success


@pytest.mark.parametrize(
    ("number", "verdict", "message"),
    [
        (signal.SIGKILL, Verdict.OUT_OF_MEMORY, "killed by the system"),
        (signal.SIGABRT, Verdict.CRASHED, "the worker died of SIGABRT"),
    ],
)
def test_worker_dies(
    own_guests: Guests,
    children: Callable[[int], set[int]],
    number: signal.Signals,
    verdict: str,
    message: str,
) -> None:
    """A worker that is killed by somebody else is said to be, with the reason if there is one."""
    thread, results = _in_background(own_guests, SPEAKING_SPIN)
    for pid in children(own_guests.sandbox._nursery._pid):
        os.kill(pid, number)
    thread.join(5.0)

    assert verdict == results[0].verdict
    assert message in results[0].message
    assert own_guests.run(own_guests.build(wat.exit_with(4))).result.exit_code == 4


def test_zygote_has_no_secrets(own_guests: Guests, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither our environment nor that of a step is in the memory that workers are copied from."""
    monkeypatch.setenv("OUR_TOKEN", "token-of-ours-4711")
    secret = (("TOKEN", "token-of-step-4712"),)
    own_guests.run(own_guests.build(wat.show("environ"), environment=secret))
    zygote = own_guests.sandbox._nursery._pid

    with open(f"/proc/{zygote}/environ", "rb") as file:
        names = {pair.partition(b"=")[0] for pair in file.read().split(b"\0") if pair}
    memory = _read_memory(zygote)

    assert names <= {b"TOKIO_WORKER_THREADS", b"LD_LIBRARY_PATH"}
    assert b"TOKIO_WORKER_THREADS" in memory
    assert b"token-of-ours-4711" not in memory
    assert b"token-of-step-4712" not in memory


def _read_memory(pid: int) -> bytes:
    found = b""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb") as mem:
        for line in maps:
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if match and "[v" not in line:
                start, end = (int(text, 16) for text in match.groups())
                mem.seek(start)
                found += mem.read(end - start)
    return found


@pytest.mark.skipif(os.geteuid() != 0, reason="a worker does not show its descriptors")
def test_worker_has_no_other_descriptors(
    own_guests: Guests, children: Callable[[int], set[int]]
) -> None:
    """A running worker holds its own directories and pipe, and none of its neighbours'."""
    runs = [_in_background(own_guests, SPEAKING_SPIN) for _ in range(2)]
    workers = children(own_guests.sandbox._nursery._pid)
    _wait_until(lambda: all(len(_channels(pid)) <= 2 for pid in workers))  # one may be quite new
    held = [channel for pid in workers for channel in _channels(pid)]
    own_guests.sandbox.cancel()
    for thread, _ in runs:
        thread.join(5.0)

    assert len(workers) >= 2
    assert len(held) == len(set(held))


def _channels(pid: int) -> set[str]:
    """Return the pipes and sockets that a process has open."""
    folder = f"/proc/{pid}/fd"
    targets = {os.readlink(os.path.join(folder, name)) for name in os.listdir(folder)}
    return {target for target in targets if target.startswith(("pipe:", "socket:"))}
