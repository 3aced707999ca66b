"""How the four groups are read: what is wrong, and what this version refuses."""

from __future__ import annotations

from typing import Any

import pytest

from runner import permissions
from runner.permissions import units
from runner.permissions.kinds.system import sees


def _faults(data: dict[str, Any]) -> list[tuple[str, str]]:
    _, faults = permissions.parse(data)
    return [(".".join(map(str, fault.path)), fault.code) for fault in faults]


def test_nothing_requested_is_nothing_allowed() -> None:
    """An empty request has no paths, no variables and no network."""
    record, faults = permissions.parse({})
    assert faults == []
    assert permissions.describe(record) == []


def test_what_may_be_written_may_be_read() -> None:
    """A write path is a read path too, and paths within others vanish."""
    record, _ = permissions.parse(
        {"filesystem": {"read_paths": ["src/", "src/a", "./docs"], "write_paths": ["out"]}}
    )
    assert record.filesystem.read_paths == ("docs", "out", "src")
    assert record.filesystem.write_paths == ("out",)


@pytest.mark.parametrize("path", ["/etc", "../x", "a/../../b", "a\\b", "", "a\0b"])
def test_paths_stay_in_the_workspace(path: str) -> None:
    """A path that leads out of the workspace is a mistake, told by its place."""
    assert _faults({"filesystem": {"read_paths": ["ok", path]}}) == [
        ("filesystem.read_paths.1", "permission-invalid")
    ]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"filesystem": {"read_paths": ["src/*.c"]}}, "filesystem.read_paths.0"),
        ({"filesystem": {"create_directories": False}}, "filesystem.create_directories"),
        ({"network": {"allowed_domains": ["example.com"]}}, "network.allowed_domains"),
        ({"network": {"can_listen": True}}, "network.can_listen"),
        ({"system": {"spawn_processes": ["a/b"]}}, "system.spawn_processes"),
        ({"system": {"max_threads": 2}}, "system.max_threads"),
        ({"system": {"system_time": False}}, "system.system_time"),
        ({"communication": {"allowed_plugins": ["a/b"]}}, "communication.allowed_plugins"),
        ({"communication": {"host_communication": True}}, "communication.host_communication"),
    ],
)
def test_what_cannot_be_enforced_is_refused(data: dict[str, Any], place: str) -> None:
    """A request that this version could only ignore is an error with a hint."""
    assert _faults(data) == [(place, "permission-unavailable")]
    _, faults = permissions.parse(data)
    assert faults[0].hint


def test_limits_without_access_are_harmless() -> None:
    """Bounds of what is not requested are accepted."""
    assert _faults({"network": {"max_connections": 3, "allowed_ports": [80]}}) == []
    assert _faults({"system": {"spawn_processes": False, "max_threads": 1}}) == []


def test_paths_take_the_values_of_inputs() -> None:
    """A path with an expression is checked once its value is known; an empty one is left out."""
    record, faults = permissions.parse(
        {"filesystem": {"write_paths": ["${{ inputs.a }}", "${{ inputs.b }}", "${{ inputs.c }}"]}}
    )
    assert faults == []
    values = {"${{ inputs.a }}": "out/x/", "${{ inputs.b }}": "", "${{ inputs.c }}": "../../etc"}
    expanded, found = permissions.expand(record, lambda text: values[text])
    assert expanded.filesystem.write_paths == ("out/x",)
    assert [fault.message for fault in found] == ["`../../etc` leaves the workspace"]


def test_variables_are_seen_by_name_or_prefix() -> None:
    """`*` at the end stands for any text, elsewhere names are exact."""
    record, _ = permissions.parse({"system": {"env_vars": ["PATH", "NPM_*"]}})
    seen = [name for name in ("PATH", "PATHS", "NPM_TOKEN", "NPM") if sees(record.system, name)]
    assert seen == ["PATH", "NPM_TOKEN"]


def test_description_is_plain() -> None:
    """What is allowed reads like a sentence."""
    record, _ = permissions.parse(
        {
            "filesystem": {"read_paths": ["."], "write_paths": ["out"], "max_file_size": "1MiB"},
            "system": {"env_vars": ["CI"]},
        }
    )
    assert permissions.describe(record) == [
        "read the whole workspace",
        "write `out` (files up to 1MiB)",
        "see environment variables: `CI`",
    ]
    assert len(permissions.describe(permissions.ALL)) == 10


@pytest.mark.parametrize(
    ("text", "size"),
    [(5, 5), ("7", 7), ("1KiB", 1024), ("1.5 MiB", 1572864), ("2GB", 2 * 10**9), ("3B", 3)],
)
def test_sizes(text: int | str, size: int) -> None:
    """Sizes are bytes or carry a unit."""
    assert units.parse_size(text) == size


@pytest.mark.parametrize(
    ("text", "seconds"), [(2, 2.0), ("30s", 30.0), ("250ms", 0.25), ("1.5 m", 90.0), ("1h", 3600.0)]
)
def test_times(text: int | str, seconds: float) -> None:
    """Times are seconds or carry a unit."""
    assert units.parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "x", "1TiB", "-1", "1 2", "1e3", "٣"])
def test_odd_quantities_are_refused(text: str) -> None:
    """What is no quantity raises ValueError that names units."""
    for parse in (units.parse_size, units.parse_duration):
        with pytest.raises(ValueError, match="with"):
            parse(text)
