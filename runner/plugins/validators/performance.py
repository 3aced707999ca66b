"""Will it fit, how long does it take to compile, and is there a loop that never ends?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.errors import Position, Problem
from runner.permissions import units
from runner.plugins.wasm.loops import find_endless_loops
from runner.plugins.wasm.outline import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plugins.validators.subject import Binary, Subject
    from runner.plugins.wasm import Outline

_MIB = 2**20
LARGE_MEMORY = 256 * _MIB
LARGE_MODULE = 64 * _MIB
LARGE_CODE = 16 * _MIB
# Measured: compilers' output takes 0.7 to 1.5 s of processor time a MiB, once on a machine.
_SECONDS_PER_MIB = 1.0


def check(subject: Subject) -> Iterator[Problem]:
    """Yield what makes a plugin slow, large or endless."""
    for binary, outline in subject.distinct():
        yield from _check_memory(subject, binary, outline)
        yield from _check_size(binary, outline)
        for place in find_endless_loops(binary.data, outline):
            message = f"the loop at byte {place} never ends and calls nothing"
            hint = "it is stopped by `cpu_time` or `wall_time` only; set one under `resources`"
            yield Problem("loop-endless", message, Position(binary.file), hint, "warning")


def _check_memory(subject: Subject, binary: Binary, outline: Outline) -> Iterator[Problem]:
    least = sum(memory.least for memory in outline.memories) * PAGE
    limit = subject.manifest.limits.memory
    where = subject.place("resources", "memory")
    if limit and least > limit:
        message = (
            f"`{binary.file}` needs {units.format_size(least)} of memory to start, and is limited "
            f"to {units.format_size(limit)}"
        )
        yield Problem("memory-limit", message, where, "raise `resources.memory`")
    elif least > LARGE_MEMORY:
        message = f"the module takes {units.format_size(least)} of memory before it does anything"
        hint = "let it grow instead; with Zig, set the stack by `-Wl,-z,stack-size=`"
        yield Problem("memory-large", message, Position(binary.file), hint, "warning")
    if any(memory.is_shared for memory in outline.memories):
        message = "the module's memory is shared between threads, which are not offered"
        yield Problem("memory-shared", message, Position(binary.file), "build it without threads")


def _check_size(binary: Binary, outline: Outline) -> Iterator[Problem]:
    place, code = Position(binary.file), outline.total("code")
    if code > LARGE_CODE:
        seconds = code / _MIB * _SECONDS_PER_MIB
        message = f"the module takes about {seconds:.0f} s of processor time to compile, once"
        yield Problem("compile-cost", message, place, "build it for size", "warning")
    if outline.size > LARGE_MODULE:
        message = f"the module has {outline.size / _MIB:.0f} MiB"
        hint = "strip it of names and debug information"
        yield Problem("module-large", message, place, hint, "warning")
