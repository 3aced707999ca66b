"""Which hosts a plugin may talk to, by requests that the host makes for it. Closed by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.permissions import domains, sets
from runner.permissions.fault import INVALID, UNAVAILABLE, Fault
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HTTPS = 443
_EVERY_PORT = 65535
_UNBOUNDED = 2**31 - 1


class Network(NamedTuple):
    """`allowed_domains` holds names, `*.example.com` for those below one, `*` for all of the
    public internet, and addresses; `@private` are those of private networks and this machine.

    `allowed_ports` are (first, last) pairs, `max_connections` counts connections open at once.
    """

    allowed_domains: tuple[str, ...] = ()
    allowed_ports: tuple[tuple[int, int], ...] = ((HTTPS, HTTPS),)
    max_connections: int = 8
    require_https: bool = True
    can_listen: bool = False


ALL = Network(
    (domains.EVERY, domains.PRIVATE),
    ((1, _EVERY_PORT),),
    _UNBOUNDED,
    require_https=False,
    can_listen=True,
)


def parse(data: Mapping[str, Any]) -> tuple[Network, list[Fault]]:
    """Read the group's data, which has its schema's shape."""
    default = Network()
    faults: list[Fault] = []
    ports = default.allowed_ports
    if "allowed_ports" in data:
        ports = _merge(_read_ports(data["allowed_ports"], faults))
    record = Network(
        sets.canonical(map(domains.normalise, data.get("allowed_domains", ())), domains.covers),
        ports,
        data.get("max_connections", default.max_connections),
        data.get("require_https", default.require_https),
        data.get("can_listen", default.can_listen),
    )
    if record.can_listen:
        faults.append(
            Fault(
                ("can_listen",),
                UNAVAILABLE,
                "a plugin cannot listen for connections: it has no sockets, and ends with its step",
                "leave `can_listen` out; a plugin can send requests, by `allowed_domains`",
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
        sets.meet(one.allowed_domains, other.allowed_domains, domains.covers),
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
        ports = ", ".join(map(str, write_ports(record.allowed_ports))) or "none"
        lines.append(f"{scheme} requests to {names} on port {ports}")
    if record.can_listen:
        lines.append("listen for connections")
    return lines


def to_data(record: Network) -> dict[str, Any]:
    """Return what differs from nothing, as it is written."""
    default = Network()
    data: dict[str, Any] = {
        "allowed_domains": list(record.allowed_domains),
        "allowed_ports": write_ports(record.allowed_ports),
    }
    if record.allowed_ports == default.allowed_ports:
        del data["allowed_ports"]
    if not record.allowed_domains:
        del data["allowed_domains"]
    for key in ("max_connections", "require_https", "can_listen"):
        if getattr(record, key) != getattr(default, key):
            data[key] = getattr(record, key)
    return data


def missing(requested: Network, granted: Network) -> dict[str, Any]:
    """Return what a grant lacks; the number of connections is a bound, and no reason to refuse."""
    if not requested.allowed_domains:
        return {}
    data: dict[str, Any] = {}
    names = [
        name
        for name in requested.allowed_domains
        if not sets.contains(granted.allowed_domains, (name,), domains.covers)
    ]
    held = _meet_ports(requested.allowed_ports, granted.allowed_ports)
    if names:
        data["allowed_domains"] = names
    if held != requested.allowed_ports:  # all of them: what is written replaces the default
        data["allowed_ports"] = write_ports(requested.allowed_ports)
    if granted.require_https and not requested.require_https:
        data["require_https"] = False
    return data


def allows_host(record: Network, name: str) -> bool:
    """Whether requests to the host `name`, normalised, are allowed."""
    return sets.contains(record.allowed_domains, (name,), domains.covers)


def allows_port(record: Network, port: int) -> bool:
    return any(first <= port <= last for first, last in record.allowed_ports)


def _read_ports(written: list[int | str], faults: list[Fault]) -> list[tuple[int, int]]:
    ports = []
    for index, one in enumerate(written):
        first, _, last = str(one).partition("-")
        try:
            pair = int(first), int(last or first)
        except ValueError:
            continue  # no port and no range: schemas and their like say so
        if not 1 <= pair[0] <= pair[1] <= _EVERY_PORT:
            hint = f"ports are 1 to {_EVERY_PORT}, a range is written as `8000-8100`"
            faults.append(Fault(("allowed_ports", index), INVALID, f"`{one}` is no port", hint))
        else:
            ports.append(pair)
    return ports


def write_ports(ports: tuple[tuple[int, int], ...]) -> list[int | str]:
    """Return ports as a manifest has them."""
    return [first if first == last else f"{first}-{last}" for first, last in ports]


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
