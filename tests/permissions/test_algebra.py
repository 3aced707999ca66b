"""The algebra over permissions: it only ever narrows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runner import permissions
from runner.permissions import Permissions

_SEGMENTS = st.sampled_from(["a", "b", "ab"])
_PATHS = st.one_of(st.just("."), st.lists(_SEGMENTS, min_size=1, max_size=3).map("/".join))
_NAMES = st.sampled_from(["*", "A", "AB", "A*", "AB*", "B_*", "B_C"])
_DOMAINS = st.sampled_from(["*", "*.a.test", "a.test", "x.a.test", "*.x.a.test", "b.test"])
_PLUGINS = st.sampled_from(["*", "a/*", "a/b", "a/c", "b/b"])


def _several(items: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(items, max_size=4)


REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "filesystem": st.fixed_dictionaries(
            {},
            optional={
                "read_paths": _several(_PATHS),
                "write_paths": _several(_PATHS),
                "temp_access": st.booleans(),
                "max_file_size": st.sampled_from(["1KiB", "5MB", 7]),
                "create_directories": st.booleans(),
            },
        ),
        "network": st.fixed_dictionaries(
            {},
            optional={
                "allowed_domains": _several(_DOMAINS),
                "allowed_ports": st.lists(st.integers(1, 9), max_size=5),
                "max_connections": st.integers(0, 5),
                "require_https": st.booleans(),
                "can_listen": st.booleans(),
            },
        ),
        "system": st.fixed_dictionaries(
            {},
            optional={
                "env_vars": _several(_NAMES),
                "spawn_processes": st.one_of(st.just(value=False), _several(_PLUGINS)),
                "max_threads": st.integers(1, 4),
                "system_time": st.booleans(),
            },
        ),
        "communication": st.fixed_dictionaries(
            {},
            optional={
                "allowed_plugins": _several(_PLUGINS),
                "host_communication": st.booleans(),
                "max_message_size": st.sampled_from(["1KiB", 3]),
            },
        ),
    },
)
RECORDS = st.one_of(REQUESTS.map(lambda data: permissions.parse(data)[0]), st.just(permissions.ALL))


@given(RECORDS, RECORDS)
def test_intersection_is_never_wider_than_an_operand(one: Permissions, other: Permissions) -> None:
    """What remains is covered by both sides."""
    both = permissions.intersect(one, other)
    assert permissions.covers(one, both)
    assert permissions.covers(other, both)


@given(RECORDS, RECORDS, RECORDS)
def test_intersection_does_not_depend_on_order(
    one: Permissions, other: Permissions, third: Permissions
) -> None:
    """The operation is associative and commutative."""
    assert permissions.intersect(one, other) == permissions.intersect(other, one)
    left = permissions.intersect(permissions.intersect(one, other), third)
    assert left == permissions.intersect(one, permissions.intersect(other, third))
    assert left == permissions.intersect(one, other, third)


@given(RECORDS)
def test_intersection_with_itself_changes_nothing(one: Permissions) -> None:
    """The operation is idempotent, and everything is its neutral element."""
    assert one == permissions.intersect(one, one)
    assert one == permissions.intersect(one, permissions.ALL)
    assert permissions.covers(permissions.ALL, one)


@given(RECORDS, RECORDS)
def test_what_covers_and_is_covered_is_equal(one: Permissions, other: Permissions) -> None:
    """Records are canonical: two that allow the same are the same."""
    if permissions.covers(one, other) and permissions.covers(other, one):
        assert one == other


@given(RECORDS, RECORDS)
def test_any_path_is_readable_only_if_both_say_so(one: Permissions, other: Permissions) -> None:
    """A path lies within the intersection exactly if it lies within both operands."""
    both = permissions.intersect(one, other)
    for path in ("a", "a/b", "ab", "ab/a/b", "zz"):
        probe, _ = permissions.parse({"filesystem": {"write_paths": [path]}})
        for group in ("read_paths", "write_paths"):
            inside = [_holds(each, group, path) for each in (one, other)]
            assert _holds(both, group, path) == all(inside), (path, probe)


@given(RECORDS)
def test_description_of_nothing_is_empty(one: Permissions) -> None:
    """A line appears only for something allowed, and a narrower record has no more lines."""
    assert permissions.describe(Permissions()) == []
    assert len(permissions.describe(permissions.ALL)) >= len(permissions.describe(one))


def _holds(record: Permissions, group: str, path: str) -> bool:
    paths = getattr(record.filesystem, group)
    return any(known in (".", path) or path.startswith(f"{known}/") for known in paths)
