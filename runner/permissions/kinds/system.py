"""What a plugin may learn and use of the machine: variables, threads, the clock, other plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.permissions import sets
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.permissions.fault import Fault

_UNBOUNDED = 2**31 - 1


class System(NamedTuple):
    """`env_vars` are names, or `PREFIX_*`; `spawn_processes` names plugins it may start.

    Without `system_time` the guest sees a clock that only its own sleeping moves, and randomness
    that repeats.
    """

    env_vars: tuple[str, ...] = ()
    spawn_processes: tuple[str, ...] = ()
    max_threads: int = 1
    system_time: bool = True


ALL = System(("*",), ("*",), _UNBOUNDED)


def parse(data: Mapping[str, Any]) -> tuple[System, list[Fault]]:
    """Read the group's data, which has its schema's shape."""
    return System(
        sets.canonical(data.get("env_vars", ()), sets.prefix_covers),
        sets.canonical(data.get("spawn_processes") or (), sets.prefix_covers),
        data.get("max_threads", 1),
        data.get("system_time", True),
    ), []


def expand(record: System, evaluate: Callable[[str], str]) -> tuple[System, list[Fault]]:
    """Return `record` as it is: names do not depend on inputs, so that a person can review them."""
    del evaluate
    return record, []


def covers(wide: System, narrow: System) -> bool:
    return intersect(wide, narrow) == narrow


def intersect(one: System, other: System) -> System:
    return System(
        sets.meet(one.env_vars, other.env_vars, sets.prefix_covers),
        sets.meet(one.spawn_processes, other.spawn_processes, sets.prefix_covers),
        min(one.max_threads, other.max_threads),
        one.system_time and other.system_time,
    )


def describe(record: System) -> list[str]:
    """Return what is allowed, a line each; nothing for nothing."""
    lines = []
    if record.env_vars:
        every = "*" in record.env_vars
        names = "all" if every else ", ".join(f"`{name}`" for name in record.env_vars)
        lines.append(f"see environment variables: {names}")
    if record.spawn_processes:
        lines.append(f"start plugins: {', '.join(f'`{name}`' for name in record.spawn_processes)}")
    if record.max_threads > 1:
        lines.append(f"run {record.max_threads} threads")
    return lines


def to_data(record: System) -> dict[str, Any]:
    """Return what differs from nothing, as it is written."""
    data: dict[str, Any] = {}
    for key in ("env_vars", "spawn_processes"):
        if getattr(record, key):
            data[key] = list(getattr(record, key))
    if record.max_threads != 1:
        data["max_threads"] = record.max_threads
    if not record.system_time:
        data["system_time"] = False
    return data


def missing(requested: System, granted: System) -> dict[str, Any]:
    """Return what a grant lacks; the clock is a bound, and no reason to refuse."""
    data: dict[str, Any] = {}
    for key in ("env_vars", "spawn_processes"):
        lacking = [
            name
            for name in getattr(requested, key)
            if not sets.contains(getattr(granted, key), (name,), sets.prefix_covers)
        ]
        if lacking:
            data[key] = lacking
    if requested.max_threads > granted.max_threads:
        data["max_threads"] = requested.max_threads
    return data


def sees(record: System, name: str) -> bool:
    """Whether a plugin may see the environment variable `name`."""
    return sets.contains(record.env_vars, (name,), sets.prefix_covers)
