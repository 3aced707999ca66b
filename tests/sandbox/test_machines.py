"""Machines that have less than we would like, in a process that it was taken from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.sandbox import wat

if TYPE_CHECKING:
    from tests.sandbox.conftest import Guests

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# argv: cache, module, digest; `prepare` takes something away first.
_RUN = """
import json, sys
{prepare}
from runner.abi import Invocation
from runner.sandbox.sandbox import Sandbox
cache, module, digest = sys.argv[1:]
with Sandbox(cache=cache) as sandbox:
    result = sandbox.run(Invocation(module, digest, ("guest",)), lambda piece: None)
    codes = [notice.code for notice in sandbox.notices]
print(json.dumps([result.verdict, result.exit_code, result.message, codes]))
"""

# Landlock's three system calls fail as on a kernel that has never heard of them.
_NO_LANDLOCK = """
import ctypes, errno
from runner.sandbox import seccomp
code = [seccomp._instruction(0x20, 0)]
code += [seccomp._instruction(0x15, number, 446 - number + 1, 0) for number in (444, 445, 446)]
code += [seccomp._instruction(0x06, 0x7FFF0000)]
code += [seccomp._instruction(0x06, 0x50000 | errno.ENOSYS)]
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
seccomp.install(libc, b"".join(code))
"""
_LITTLE_ADDRESS_SPACE = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
"""


def _run(guests: Guests, cache: str, prepare: str) -> list[Any]:
    invocation = guests.build(wat.exit_with(3))
    guests.run(invocation)
    command = [sys.executable, "-c", _RUN.format(prepare=prepare)]
    done = subprocess.run(
        [*command, cache, invocation.module, invocation.digest],
        capture_output=True,
        text=True,
        check=True,
        cwd=_ROOT,
        timeout=60,
    )
    found: list[Any] = json.loads(done.stdout)
    return found


def test_usual(guests: Guests, cache: str) -> None:
    """A usual machine gives no notice, unless it truly is old."""
    verdict, code, _, _ = _run(guests, cache, "")

    assert (verdict, code) == ("exited", 3)


def test_no_landlock(guests: Guests, cache: str) -> None:
    """Without Landlock a guest runs, and there is a notice that may be shown."""
    verdict, code, _, notices = _run(guests, cache, _NO_LANDLOCK)

    assert (verdict, code) == ("exited", 3)
    assert notices == ["sandbox.no-landlock"]


def test_little_address_space(guests: Guests, cache: str) -> None:
    """If an `ulimit` leaves no room for a guest's memory then that is said."""
    verdict, _, message, _ = _run(guests, cache, _LITTLE_ADDRESS_SPACE)

    assert verdict == "out_of_memory"
    assert "failed to reserve" in message
