"""How the four groups are read: what is wrong, and what this version refuses."""

from __future__ import annotations

from typing import Any

import pytest

from runner import permissions
from runner.permissions import domains, paths, units
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
        ({"network": {"can_listen": True}}, "network.can_listen"),
    ],
)
def test_what_cannot_be_enforced_is_refused(data: dict[str, Any], place: str) -> None:
    """A request that could only be ignored is an error with a hint."""
    assert _faults(data) == [(place, "permission-unavailable")]
    _, faults = permissions.parse(data)
    assert faults[0].hint


@pytest.mark.parametrize(
    "data",
    [
        {"filesystem": {"read_paths": ["README.md", "src/*.c"], "create_directories": False}},
        {"network": {"allowed_domains": ["example.com"], "allowed_ports": [80, "8000-8100"]}},
        {"system": {"spawn_processes": ["a/b"], "max_threads": 2, "system_time": False}},
        {"communication": {"allowed_plugins": ["a/b"], "host_communication": True}},
    ],
)
def test_all_else_can_be_requested(data: dict[str, Any]) -> None:
    """Every other field is accepted, and its canonical text says the same."""
    record, faults = permissions.parse(data)
    assert faults == []
    assert permissions.to_data(record) == data


@pytest.mark.parametrize("path", ["*.{c,h}", "[ab]", "a/" + "*a" * 9, "*" + "a" * 500])
def test_patterns_of_other_kinds_are_refused(path: str) -> None:
    """What would mean something else elsewhere, or take long to compare, is a mistake."""
    assert _faults({"filesystem": {"read_paths": [path]}}) == [
        ("filesystem.read_paths.0", "permission-invalid")
    ]


@pytest.mark.parametrize("ports", [["9-8"], [0], ["1-70000"]])
def test_ports_are_numbers_or_ranges(ports: list[Any]) -> None:
    """A range that runs backwards or out of what there is, is a mistake at its place."""
    assert _faults({"network": {"allowed_ports": ports}}) == [
        ("network.allowed_ports.0", "permission-invalid")
    ]


@pytest.mark.parametrize(
    ("wide", "narrow", "is_covered"),
    [
        ("*", "example.com", True),
        ("*", "8.8.8.8", True),
        ("*", "127.0.0.1", False),
        ("*", "10.1.2.3", False),
        ("*", "169.254.169.254", False),
        ("*", "::1", False),
        ("*", "::ffff:10.0.0.1", False),
        ("*", "64:ff9b::a00:1", False),
        ("*", "64:ff9b:1::a00:1", False),
        ("*", "::127.0.0.1", False),
        ("*", "::ffff:0:127.0.0.1", False),
        ("*", "fec0::1", False),
        ("*", "2606:4700::1111", True),
        ("*", "localhost", False),
        ("*", "x.localhost", False),
        ("@private", "10.1.2.3", True),
        ("@private", "example.com", False),
        ("*.example.com", "api.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "badexample.com", False),
        ("EXAMPLE.com.", "example.com", True),
        ("[::1]", "0:0:0:0:0:0:0:1", True),
    ],
)
def test_hosts(wide: str, narrow: str, is_covered: bool) -> None:
    """A pattern covers names below it; what is not public must be named."""
    assert domains.covers(domains.normalise(wide), domains.normalise(narrow)) == is_covered


@pytest.mark.parametrize(
    ("path", "inside", "outside"),
    [
        ("src", ["src", "src/a/b"], ["srcs", "a/src"]),
        ("src/*.c", ["src/a.c", "src/.c", "src/x.c/y"], ["src/a.h", "src/d/a.c", "src"]),
        ("**/*.c", ["a.c", "x/y/a.c"], ["a.cc"]),
        ("a/**/b", ["a/b", "a/x/y/b/z"], ["a", "ab"]),
        ("?.md", ["a.md"], [".md", "ab.md"]),
        ("dist/*", ["dist", "dist/x"], ["dis"]),
        ("src & **/*.c", ["src/x/a.c"], ["a.c", "src/a.h"]),
    ],
)
def test_patterns(path: str, inside: list[str], outside: list[str]) -> None:
    """A path means what it names and all below."""
    record, _ = permissions.parse({"filesystem": {"read_paths": [path]}})
    for name in (*inside, *outside):
        assert paths.matches(record.filesystem.read_paths, name) == (name in inside), name


def test_patterns_that_overlap_are_both_kept() -> None:
    """The intersection is exact, and reads like what it is."""
    one, other = (
        permissions.parse({"filesystem": {"write_paths": [path]}})[0] for path in ("src", "**/*.c")
    )
    both = permissions.intersect(one, other)
    assert both.filesystem.write_paths == ("**/*.c & src",)
    assert permissions.canonical_text(both) == '{filesystem: {write_paths: ["**/*.c & src"]}}'


def test_the_missing_grant_is_yaml_to_paste() -> None:
    """It names what is lacking, all of it and nothing else."""
    requested, _ = permissions.parse(
        {
            "filesystem": {"read_paths": ["."], "write_paths": ["dist", "*.md"]},
            "network": {"allowed_domains": ["api.example.com"], "require_https": False},
            "system": {"env_vars": ["CI", "ON"], "max_threads": 2},
            "communication": {"allowed_plugins": ["a/b"], "host_communication": True},
        }
    )
    granted, _ = permissions.parse(
        {"filesystem": {"read_paths": ["."], "write_paths": ["dist"], "max_file_size": 5}}
    )
    assert permissions.grant_text(permissions.missing(requested, granted)) == (
        'grant: {filesystem: {write_paths: ["*.md"]}, '
        "network: {allowed_domains: [api.example.com], require_https: false}, "
        'system: {env_vars: [CI, "ON"], max_threads: 2}, '
        "communication: {allowed_plugins: [a/b], host_communication: true}}"
    )


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
