"""From an Invocation to what crosses the wall: a job, and descriptors of its directories."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from runner.errors import Denied, Problem
from runner.sandbox.messages import MOST_DESCRIPTORS, Job
from runner.workspace.paths import open_beneath

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from runner.abi import Directory, Invocation

_MOST_DIRECTORIES = MOST_DESCRIPTORS - 2
_MASK = (1 << 64) - 1
COMPONENT_NOTES = (
    "components: exit codes other than 0 are told as 1",
    "components: peak memory and the bytes of files are not known",
    "components: a trap is told without the function it happened in",
    "components: what was refused is not told, and growth is checked after the end only",
)
FIRST_DIRECTORY = 3
"""The guest's descriptor of its first directory; the others follow."""

_REASONS = {
    errno.ELOOP: "a symbolic link is in its place or on the way to it",
    errno.EXDEV: "it leads out of its tree",
    errno.ENOENT: "it does not exist",
    errno.ENOTDIR: "it is not a directory",
}


def build_job(
    invocation: Invocation, directories: Sequence[Directory], *, is_component: bool
) -> Job:
    """Return the job, or raise Denied for text that the C library cannot carry."""
    environment = []
    for name, value in invocation.environment:
        if not name or "=" in name:
            raise _denied(f"`{name!s}` is no name of an environment variable")
        environment.append((_encode(name), _encode(value)))
    return Job(
        arguments=[_encode(argument) for argument in invocation.arguments],
        environment=environment,
        directories=[(_encode(row.guest), row.writable) for row in directories],
        limits=invocation.limits,
        export=_encode(invocation.export),
        largest_message=invocation.max_message_size if invocation.host_calls else 0,
        rules=_list_rules(invocation, directories),
        kind="component" if is_component else "module",
    )


def _list_rules(invocation: Invocation, directories: Iterable[Directory]) -> tuple[int, ...]:
    """Return the parameters of `set_rules` in shim/back.wat."""
    clock = invocation.clock
    return (
        sum(1 << FIRST_DIRECTORY + place for place, row in enumerate(directories) if row.is_partial)
        & _MASK,
        int(invocation.can_create_directories),
        int(clock is not None),
        clock.start if clock else 0,
        clock.seed if clock else 0,
        invocation.limits.growth,
        invocation.limits.growth_files,
    )


def check_component(invocation: Invocation) -> None:
    """Raise Denied for what cannot be held against a component yet, rather than let it pass."""
    refused = {
        "a clock that stands still": invocation.clock is not None,
        "`create_directories: false`": not invocation.can_create_directories,
        "calls to the host": bool(invocation.host_calls),
        "an export other than `_start`": invocation.export != "_start",
    }
    wanted = [what for what, is_wanted in refused.items() if is_wanted]
    if wanted:
        raise _denied(f"components cannot have this yet: {', '.join(wanted)}")


def complete(directories: tuple[Directory, ...], *, empty: Directory) -> tuple[Directory, ...]:
    """Return `directories` with `empty` at `/` unless that is given; raise Denied if unsound.

    Guests built by Go fail without a `/`. A read-only directory inside a writable one would not
    be read-only: guests reach it by `/w/./inner` through the outer one.
    """
    names = [row.guest for row in directories]
    if len(names) > _MOST_DIRECTORIES:
        raise _denied(f"{len(names)} directories are more than {_MOST_DIRECTORIES}")
    if len(set(names)) < len(names):
        raise _denied(f"two directories have the same name: {', '.join(sorted(names))}")
    for inner in directories:
        for outer in directories:
            is_inside = inner.guest.startswith(f"{outer.guest.rstrip('/')}/")
            if is_inside and inner is not outer and outer.writable and not inner.writable:
                message = f"`{inner.guest}` cannot be read-only inside writable `{outer.guest}`"
                raise _denied(message)
    return directories if "/" in names else (empty, *directories)


def open_directory(directory: Directory) -> int:
    """Return a descriptor that stands for the directory and nothing else; raises Denied."""
    flags = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
    try:
        if not directory.beneath:
            return os.open(directory.root, flags)
        return open_beneath(directory.root, directory.beneath, flags=flags)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror)
        raise _denied(f"directory `{directory.guest}` is refused: {reason}") from error


def _encode(text: str) -> bytes:
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise _denied(f"{text!a} is no Unicode text") from error
    if b"\0" in data:
        raise _denied(f"{text!a} contains a NUL")
    return data


def _denied(message: str) -> Denied:
    return Denied([Problem("sandbox.denied", message)])
