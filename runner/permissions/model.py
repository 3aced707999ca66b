"""The four permission groups together: what is requested, granted, capped, and what remains.

`effective = requested ∩ granted ∩ policy`; nothing here is ever wider than an operand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from runner.permissions.kinds import communication, filesystem, network, system
from runner.permissions.kinds.communication import Communication
from runner.permissions.kinds.filesystem import Filesystem
from runner.permissions.kinds.network import Network
from runner.permissions.kinds.system import System
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.permissions.fault import Fault


class Kind(Protocol):
    """What a permission group's module offers; records are canonical, so `==` is equality."""

    ALL: Any

    def parse(self, data: Mapping[str, Any]) -> tuple[Any, list[Fault]]: ...
    def expand(self, record: Any, evaluate: Callable[[str], str]) -> tuple[Any, list[Fault]]: ...
    def covers(self, wide: Any, narrow: Any) -> bool: ...
    def intersect(self, one: Any, other: Any) -> Any: ...
    def describe(self, record: Any) -> list[str]: ...
    def to_data(self, record: Any) -> dict[str, Any]: ...
    def missing(self, requested: Any, granted: Any) -> dict[str, Any]: ...


PERMISSIONS: dict[str, Kind] = {
    "filesystem": filesystem,
    "network": network,
    "system": system,
    "communication": communication,
}


class Permissions(NamedTuple):
    filesystem: Filesystem = Filesystem()
    network: Network = Network()
    system: System = System()
    communication: Communication = Communication()


ALL = Permissions(filesystem.ALL, network.ALL, system.ALL, communication.ALL)


def parse(data: Mapping[str, Any]) -> tuple[Permissions, list[Fault]]:
    """Read a `permissions` or `grant` mapping that has its schema's shape.

    Returns every fault; what cannot be enforced is one, never silently dropped.
    """
    return _each(lambda name, kind: kind.parse(data.get(name) or {}))


def expand(
    permissions: Permissions, evaluate: Callable[[str], str]
) -> tuple[Permissions, list[Fault]]:
    """Put the values of inputs in: `evaluate` turns a text with `${{ }}` into its value."""
    return _each(lambda name, kind: kind.expand(getattr(permissions, name), evaluate))


def intersect(one: Permissions, *others: Permissions) -> Permissions:
    """Return what all operands allow; associative, commutative and idempotent."""
    result = one
    for other in others:
        result = Permissions(
            **{
                name: kind.intersect(getattr(result, name), getattr(other, name))
                for name, kind in PERMISSIONS.items()
            }
        )
    return result


def covers(wide: Permissions, narrow: Permissions) -> bool:
    """Whether `wide` allows all that `narrow` does."""
    return all(
        kind.covers(getattr(wide, name), getattr(narrow, name))
        for name, kind in PERMISSIONS.items()
    )


def describe(permissions: Permissions) -> list[str]:
    """Return what is allowed in plain words, a line each."""
    return [
        line
        for name, kind in PERMISSIONS.items()
        for line in kind.describe(getattr(permissions, name))
    ]


def to_data(permissions: Permissions) -> dict[str, Any]:
    """Return the mapping that `parse` reads as `permissions`: the shortest, in a fixed order."""
    return _by_group(lambda name, kind: kind.to_data(getattr(permissions, name)))


def missing(requested: Permissions, granted: Permissions) -> dict[str, Any]:
    """Return what must be added to a grant for what is requested, as it is written there.

    Bounds are left out: what is requested beyond `max_file_size`, `create_directories`,
    `max_connections`, `system_time` or `max_message_size` is no reason to refuse a plugin, which
    gets the narrower of the two.
    """
    return _by_group(
        lambda name, kind: kind.missing(getattr(requested, name), getattr(granted, name))
    )


def _by_group(act: Callable[[str, Kind], dict[str, Any]]) -> dict[str, Any]:
    found = {name: act(name, kind) for name, kind in PERMISSIONS.items()}
    return {name: data for name, data in found.items() if data}


def _each(
    act: Callable[[str, Kind], tuple[Any, list[Fault]]],
) -> tuple[Permissions, list[Fault]]:
    records, faults = {}, []
    for name, kind in PERMISSIONS.items():
        records[name], found = act(name, kind)
        faults += [fault._replace(path=(name, *fault.path)) for fault in found]
    return Permissions(**records), faults
