"""One attempt to break out, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.abi import Limits, Verdict
from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.abi import Clock

MIB = 1 << 20
ANY_END = (Verdict.EXITED, Verdict.TRAPPED)


class Attempt(NamedTuple):
    """What a guest tries, and how it may end.

    `body` is the WebAssembly text of a function (see `assembler`); `module` a whole module
    instead, text or bytes. An attempt has failed, as it should, if its end is one of `ends`, no
    mark of success is in its output, the secret is not, and nothing outside of its writable
    folder has changed.
    """

    group: str
    name: str
    body: str = ""
    module: str | bytes = b""
    ends: tuple[str, ...] = ANY_END
    limits: Limits = Limits(wall_time=20.0, growth=64 * MIB, growth_files=100_000)
    clock: Clock | None = None
    output: bytes | None = None  # what it must be, where that matters
    can_create_directories: bool = True


class Outcome(NamedTuple):
    """What came of an attempt: `escape` says in one line how it got out; empty if it did not."""

    group: str
    name: str
    escape: str
    seconds: float
