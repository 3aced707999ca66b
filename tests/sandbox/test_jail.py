"""The jail alone, for the day on which a guest breaks out of WebAssembly: Python code inside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from runner.sandbox import seccomp

if TYPE_CHECKING:
    from pathlib import Path

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# argv: the repository, a directory to write, one to read. Prints {name: what happened}.
_PRISONER = """
import ctypes, json, os, resource, signal, socket, sys, threading
sys.path.append(sys.argv[1])
from runner.sandbox.jail import Jail

def is_refused(act):
    try:
        act()
    except OSError as error:
        return error.strerror
    except ValueError:  # what Python makes of a refused setrlimit
        return "Operation not permitted"
    return "done"

def call(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

libc = ctypes.CDLL(None, use_errno=True)
writable, readable, outside = sys.argv[2:]
parent = os.getppid()
opened = [(os.open(writable, os.O_PATH), True), (os.open(readable, os.O_PATH), False)]
jail = Jail(parent)
jail.enter()
jail.restrict(opened, memory=1 << 30, file_size=1000, cpu_time=60.0, wall_time=60.0)
thread = threading.Thread(target=lambda: None)
thread.start()
thread.join()
big = open(f"{writable}/big", "wb", buffering=0)
x86 = os.uname().machine == "x86_64"
acts = {
    "write inside": lambda: open(f"{writable}/new", "w").write("x"),
    "rename inside": lambda: os.rename(f"{writable}/new", f"{writable}/inner/new"),
    "read inside": lambda: open(f"{readable}/file").read(),
    "write too much": lambda: [big.write(b"x" * 900) for _ in range(3)],
    "write read-only": lambda: open(f"{readable}/file", "w"),
    "create read-only": lambda: open(f"{readable}/new", "w"),
    "read outside": lambda: open(outside).read(),
    "write outside": lambda: open(outside, "a"),
    "read /etc/passwd": lambda: open("/etc/passwd"),
    "list /": lambda: os.listdir("/"),
    "unlink outside": lambda: os.unlink(outside),
    "link outside": lambda: os.link(outside, f"{writable}/linked"),
    "move outside": lambda: os.rename(outside, f"{writable}/moved"),
    "chmod outside": lambda: os.chmod(outside, 0o777),
    "truncate outside": lambda: os.truncate(outside, 0),
    "device": lambda: os.mknod(f"{writable}/device", 0o600 | 0o020000, os.makedev(1, 3)),
    "pipe": lambda: os.mkfifo(f"{writable}/pipe"),
    "our environment": lambda: open(f"/proc/{parent}/environ").read(),
    "our memory": lambda: open(f"/proc/{parent}/mem", "rb"),
    "socket": lambda: socket.socket(socket.AF_INET),
    "unix socket": lambda: socket.socket(socket.AF_UNIX),
    "socket pair": lambda: socket.socketpair(),
    "fork": lambda: os.fork() or os._exit(0),
    "exec": lambda: os.execv(sys.executable, [sys.executable, "-c", "print('escaped')"]),
    "spawn": lambda: os.posix_spawn(sys.executable, [sys.executable, "-V"], {}),
    "kill": lambda: os.kill(parent, 0),
    "tgkill": lambda: call(234 if x86 else 131, parent, parent, 0),
    "ptrace": lambda: call(101 if x86 else 117, 16, parent, 0, 0),
    "read memory": lambda: call(310 if x86 else 270, parent, None, 0, None, 0, 0),
    "limit ours": lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE, (1, 1)),
    "raise own limit": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9999, 9999)),
    "mount": lambda: call(165 if x86 else 40, b"a", b"b", b"c", 0, None),
    "unshare": lambda: call(272 if x86 else 97, 0x10000000),
    "bpf": lambda: call(321 if x86 else 280, 0, None, 0),
    "io_uring": lambda: call(425, 1, None),
    "userfaultfd": lambda: call(323 if x86 else 282, 1),
    "perf": lambda: call(298 if x86 else 241, None, 0, -1, -1, 0),
    "keyring": lambda: call(250 if x86 else 219, 0, 0),
    "clone3": lambda: call(435, None, 0),
    "become somebody": lambda: call(105 if x86 else 146, 0),
}
print(json.dumps({name: is_refused(act) for name, act in acts.items()} | {"abi": jail.landlock}))
"""

_ALLOWED = {"write inside", "rename inside", "read inside"}
_OTHERWISE = {"write too much": "File too large", "clone3": "Function not implemented"}
_BY_SECCOMP = {
    "chmod outside",
    "truncate outside",
    "device",
    "pipe",
    "socket",
    "unix socket",
    "socket pair",
    "fork",
    "exec",
    "spawn",
    "kill",
    "tgkill",
    "ptrace",
    "read memory",
    "limit ours",
    "raise own limit",
    "mount",
    "unshare",
    "bpf",
    "io_uring",
    "userfaultfd",
    "perf",
    "keyring",
    "become somebody",
}


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("jail")
    return _attempt(folder, [])


def _attempt(folder: Path, prefix: list[str]) -> dict[str, Any]:
    (folder / "w" / "inner").mkdir(parents=True)
    (folder / "r").mkdir()
    (folder / "r" / "file").write_text("text")
    (folder / "outside").write_text("secret")
    names = [str(folder / name) for name in ("w", "r", "outside")]
    command = [*prefix, sys.executable, "-I", "-c", _PRISONER, _ROOT, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert (folder / "outside").read_text() == "secret"
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_is_allowed(attempts: dict[str, Any]) -> None:
    """Inside its directories a jailed process works as usual, and it may start threads."""
    assert dict.fromkeys(_ALLOWED, "done") == {name: attempts[name] for name in _ALLOWED}


def test_what_is_limited(attempts: dict[str, Any]) -> None:
    """A file ends at its limit, and clone3 pretends not to exist."""
    assert {name: attempts[name] for name in _OTHERWISE} == _OTHERWISE


def test_what_is_refused(attempts: dict[str, Any]) -> None:
    """Programs, processes, the network, kernel interfaces and all other files are out of reach."""
    if not attempts["abi"]:
        pytest.skip("this kernel has no Landlock")
    refused = set(attempts) - _ALLOWED - set(_OTHERWISE) - {"abi"}

    reasons = {name: attempts[name] for name in refused}

    assert set() == {name for name, reason in reasons.items() if reason == "done"}
    assert {"Operation not permitted"} == {reasons[name] for name in _BY_SECCOMP}
    assert set(reasons.values()) <= {
        "Operation not permitted",
        "Permission denied",
        "Invalid cross-device link",
    }


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filter_is_sound(machine: str) -> None:
    """Every jump of the filter lands inside it and every path ends in an answer."""
    program = seccomp.build(machine)
    count = len(program) // 8
    assert 8 * count == len(program)
    assert count < 4096
    reachable, waiting = set(), [0]
    while waiting:
        place = waiting.pop()
        if place in reachable:
            continue
        assert place < count
        reachable.add(place)
        code = int.from_bytes(program[8 * place : 8 * place + 2], "little")
        if code == 0x06:
            continue
        if code == 0x20:
            waiting.append(place + 1)
            continue
        if_true, if_false = program[8 * place + 2], program[8 * place + 3]
        waiting += [place + 1 + if_true, place + 1 + if_false]
    assert set(range(count)) == reachable


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filter_decides(machine: str) -> None:
    """The filter refuses exactly the listed calls of its machine."""
    column = {"x86_64": 0, "aarch64": 1}[machine]
    refused = {row[column] for row in seccomp._REFUSED.values()} - {None}
    arch = seccomp._AUDIT_ARCH[machine]
    special = {435, *(table[machine] for table in (seccomp._CLONE, seccomp._TGKILL))}
    special.add(seccomp._PRLIMIT64[machine])

    for number in range(600):
        if number not in special:
            expected = seccomp._REFUSE if number in refused else seccomp._ALLOW
            assert expected == _simulate(machine, {0: number, 4: arch}), number
    assert _simulate(machine, {0: 0, 4: 0x40000003}) == seccomp._KILL_PROCESS


def test_filter_sees_threads() -> None:
    """A clone passes as a thread and is refused as a process."""
    arch = seccomp._AUDIT_ARCH["x86_64"]

    assert _simulate("x86_64", {0: 56, 4: arch, 16: 0x3D0F00}) == seccomp._ALLOW
    assert _simulate("x86_64", {0: 56, 4: arch, 16: 17}) == seccomp._REFUSE


def _simulate(machine: str, data: dict[int, int]) -> int:
    """Run the filter on a `struct seccomp_data`, given as {offset: 32-bit word}."""
    program = seccomp.build(machine)
    accumulator, place = 0, 0
    while True:
        at = 8 * place
        code = int.from_bytes(program[at : at + 2], "little")
        constant = int.from_bytes(program[at + 4 : at + 8], "little")
        if code == 0x06:
            return constant
        place += 1
        if code == 0x20:
            accumulator = data.get(constant, 0)
            continue
        holds = {
            0x15: accumulator == constant,
            0x35: accumulator >= constant,
            0x45: bool(accumulator & constant),
        }[code]
        place += program[at + 2] if holds else program[at + 3]
