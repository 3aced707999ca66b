"""What every permission group promises, whichever it is; a new one is tested by being listed."""

from __future__ import annotations

from typing import Any

import pytest

from runner import permissions
from runner.permissions import PERMISSIONS, Permissions

# A request for each field, wider than the default where that means more.
WIDER: dict[str, dict[str, Any]] = {
    "filesystem": {
        "read_paths": ["a/*.c"],
        "write_paths": ["b"],
        "temp_access": True,
        "max_file_size": "8GiB",
        "create_directories": True,
    },
    "network": {
        "allowed_domains": ["a.test"],
        "allowed_ports": [80, 443],
        "max_connections": 9,
        "require_https": False,
        "can_listen": True,
    },
    "system": {
        "env_vars": ["CI"],
        "spawn_processes": ["a/b"],
        "max_threads": 2,
        "system_time": True,
    },
    "communication": {
        "allowed_plugins": ["a/b"],
        "host_communication": True,
        "max_message_size": "2MiB",
    },
}
# Of these a plugin gets the narrower of request and grant; all else is a reason to refuse it.
BOUNDS = {
    *("max_file_size", "create_directories", "max_connections", "system_time"),
    "max_message_size",
}
FIELDS = [(group, field) for group, fields in WIDER.items() for field in fields]
NARROWER: dict[str, Any] = {"create_directories": False, "system_time": False}


def _parse(group: str, data: dict[str, Any]) -> Any:
    record, _ = permissions.parse({group: data})
    return getattr(record, group)


def test_every_field_is_among_these() -> None:
    """Nothing below passes over a field."""
    assert {(group, field) for group in PERMISSIONS for field in _fields(group)} == set(FIELDS)


def _fields(group: str) -> tuple[str, ...]:
    names: tuple[str, ...] = getattr(Permissions(), group)._fields
    return names


@pytest.mark.parametrize("group", PERMISSIONS)
def test_nothing_is_the_least_and_all_is_the_most(group: str) -> None:
    """Nothing is described as nothing and written as nothing; all covers every request."""
    kind = PERMISSIONS[group]
    nothing, wide = _parse(group, {}), _parse(group, WIDER[group])
    assert kind.describe(nothing) == []
    assert kind.to_data(nothing) == {}
    assert kind.missing(nothing, nothing) == {}
    for record in (nothing, wide, kind.ALL):
        assert kind.covers(kind.ALL, record)
        assert kind.intersect(record, kind.ALL) == record
        assert kind.missing(record, kind.ALL) == {}
        assert _parse(group, kind.to_data(record)) == record
        assert kind.expand(record, lambda text: text) == (record, [])


@pytest.mark.parametrize(("group", "field"), FIELDS)
def test_each_field_counts_by_itself(group: str, field: str) -> None:
    """It is read, narrowed by a grant without it, and missing from one, or a bound."""
    kind = PERMISSIONS[group]
    base = {} if group != "network" else {"allowed_domains": ["a.test"]}
    wide = _parse(group, base | {field: WIDER[group][field]})
    narrow = _parse(group, base | ({field: NARROWER[field]} if field in NARROWER else {}))
    if field == "allowed_domains":
        narrow = _parse(group, {})
    assert wide != narrow
    assert kind.covers(wide, narrow)
    assert not kind.covers(narrow, wide)
    assert kind.intersect(wide, narrow) == narrow
    lacking = kind.missing(wide, narrow)
    assert (field in lacking) == (field not in BOUNDS and field != "can_listen")
    if lacking:
        assert kind.missing(wide, _parse(group, base | lacking)) == {}
