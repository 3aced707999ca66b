"""Which hosts a plugin may talk to. Closed by default; nothing is open in this version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.permissions import sets
from runner.permissions.fault import UNAVAILABLE, Fault
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HTTPS = 443
_EVERY_PORT = 65535
_UNBOUNDED = 2**31 - 1


class Network(NamedTuple):
    """`allowed_domains` holds names, `*.example.com` for those below one, or `*`.

    `allowed_ports` are (first, last) pairs, `max_connections` counts connections open at once.
    """

    allowed_domains: tuple[str, ...] = ()
    allowed_ports: tuple[tuple[int, int], ...] = ((HTTPS, HTTPS),)
    max_connections: int = 8
    require_https: bool = True
    can_listen: bool = False


ALL = Network(("*",), ((1, _EVERY_PORT),), _UNBOUNDED, require_https=False, can_listen=True)


def parse(data: Mapping[str, Any]) -> tuple[Network, list[Fault]]:
    """Read the group's data, which has its schema's shape."""
    default = Network()
    ports = [(port, port) for port in data["allowed_ports"]] if "allowed_ports" in data else None
    domains = [name.lower().rstrip(".") for name in data.get("allowed_domains", ())]
    record = Network(
        sets.canonical(domains, _domain_covers),
        default.allowed_ports if ports is None else _merge(ports),
        data.get("max_connections", default.max_connections),
        data.get("require_https", default.require_https),
        data.get("can_listen", default.can_listen),
    )
    faults = []
    if record.allowed_domains:
        faults.append(
            Fault(
                ("allowed_domains",),
                UNAVAILABLE,
                "network access is not available in this version",
                "leave `allowed_domains` out, and bring what the plugin needs in as files",
            )
        )
    if record.can_listen:
        faults.append(
            Fault(
                ("can_listen",),
                UNAVAILABLE,
                "a plugin cannot listen for connections",
                "leave `can_listen` out",
            )
        )
    return record, faults


def expand(record: Network, evaluate: Callable[[str], str]) -> tuple[Network, list[Fault]]:
    """Return `record` as it is: hosts do not depend on inputs, so that a person can review them."""
    del evaluate
    return record, []


def covers(wide: Network, narrow: Network) -> bool:
    return intersect(wide, narrow) == narrow


def intersect(one: Network, other: Network) -> Network:
    return Network(
        sets.meet(one.allowed_domains, other.allowed_domains, _domain_covers),
        _meet_ports(one.allowed_ports, other.allowed_ports),
        min(one.max_connections, other.max_connections),
        one.require_https or other.require_https,
        one.can_listen and other.can_listen,
    )


def describe(record: Network) -> list[str]:
    """Return what is allowed, a line each; nothing for nothing."""
    lines = []
    if record.allowed_domains:
        scheme = "https" if record.require_https else "http and https"
        names = ", ".join(f"`{name}`" for name in record.allowed_domains)
        ports = ", ".join(
            str(first) if first == last else f"{first}-{last}"
            for first, last in record.allowed_ports
        )
        lines.append(f"{scheme} requests to {names} on port {ports}")
    if record.can_listen:
        lines.append("listen for connections")
    return lines


def _domain_covers(wide: str, narrow: str) -> bool:
    if wide in ("*", narrow):
        return True
    return wide.startswith("*.") and narrow.endswith(wide[1:])


def _merge(ports: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ports):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _meet_ports(
    left: tuple[tuple[int, int], ...], right: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    return _merge(
        [
            (max(one[0], other[0]), min(one[1], other[1]))
            for one in left
            for other in right
            if max(one[0], other[0]) <= min(one[1], other[1])
        ]
    )
