"""Whom a plugin may talk to: the host by messages, other plugins by their entry points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.permissions import sets, units
from runner.permissions.fault import INVALID, Fault
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_MESSAGE_SIZE = 2**20
_UNBOUNDED = 2**50


class Communication(NamedTuple):
    """`allowed_plugins` are ids, or `namespace/*`; the size is that of one message in bytes."""

    allowed_plugins: tuple[str, ...] = ()
    host_communication: bool = False
    max_message_size: int = MAX_MESSAGE_SIZE


ALL = Communication(("*",), host_communication=True, max_message_size=_UNBOUNDED)


def parse(data: Mapping[str, Any]) -> tuple[Communication, list[Fault]]:
    """Read the group's data, which has its schema's shape."""
    size, faults = MAX_MESSAGE_SIZE, []
    try:
        size = units.parse_size(data.get("max_message_size", size))
    except ValueError as error:
        faults.append(Fault(("max_message_size",), INVALID, str(error)))
    record = Communication(
        sets.canonical(data.get("allowed_plugins", ()), sets.prefix_covers),
        data.get("host_communication", False),
        size,
    )
    return record, faults


def expand(
    record: Communication, evaluate: Callable[[str], str]
) -> tuple[Communication, list[Fault]]:
    """Return `record` as it is: names do not depend on inputs, so that a person can review them."""
    del evaluate
    return record, []


def covers(wide: Communication, narrow: Communication) -> bool:
    return intersect(wide, narrow) == narrow


def intersect(one: Communication, other: Communication) -> Communication:
    return Communication(
        sets.meet(one.allowed_plugins, other.allowed_plugins, sets.prefix_covers),
        one.host_communication and other.host_communication,
        min(one.max_message_size, other.max_message_size),
    )


def describe(record: Communication) -> list[str]:
    """Return what is allowed, a line each; nothing for nothing."""
    lines = []
    if record.allowed_plugins:
        names = ", ".join(f"`{name}`" for name in record.allowed_plugins)
        lines.append(f"call plugins: {names}")
    if record.host_communication:
        lines.append("exchange messages with the host")
    return lines


def to_data(record: Communication) -> dict[str, Any]:
    """Return what differs from nothing, as it is written."""
    data: dict[str, Any] = {}
    if record.allowed_plugins:
        data["allowed_plugins"] = list(record.allowed_plugins)
    if record.host_communication:
        data["host_communication"] = True
    if record.max_message_size != MAX_MESSAGE_SIZE:
        data["max_message_size"] = units.format_size(record.max_message_size)
    return data


def missing(requested: Communication, granted: Communication) -> dict[str, Any]:
    """Return what a grant lacks; the size of messages is a bound, and no reason to refuse."""
    data: dict[str, Any] = {}
    lacking = [
        name
        for name in requested.allowed_plugins
        if not sets.contains(granted.allowed_plugins, (name,), sets.prefix_covers)
    ]
    if lacking:
        data["allowed_plugins"] = lacking
    if requested.host_communication and not granted.host_communication:
        data["host_communication"] = True
    return data
