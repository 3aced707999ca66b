"""The algebra over permissions: it only ever narrows."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runner import permissions
from runner.documents.nodes import plain
from runner.documents.parsing import parse
from runner.permissions import Permissions, paths

_SEGMENTS = st.sampled_from(["a", "b", "ab", "*", "?", "**", "a*", "*b", "?b", "a*b", "*?*", "a?"])
_PATHS = st.one_of(st.just("."), st.lists(_SEGMENTS, min_size=1, max_size=4).map("/".join))
_NAMES = st.sampled_from(["*", "A", "AB", "A*", "AB*", "B_*", "B_C"])
_DOMAINS = st.sampled_from(
    [
        *("*", "*.a.test", "a.test", "x.a.test", "*.x.a.test", "b.test"),
        *("@private", "localhost", "127.0.0.1", "[::1]", "8.8.8.8", "10.0.0.1"),
    ]
)
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
                "allowed_ports": st.lists(
                    st.one_of(st.integers(1, 9), st.just("2-5"), st.just("4-9")), max_size=5
                ),
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


NAMES = st.lists(st.text("ab*?x", min_size=1, max_size=3), min_size=1, max_size=4).map("/".join)


@given(RECORDS, RECORDS, NAMES)
def test_any_path_is_readable_only_if_both_say_so(
    one: Permissions, other: Permissions, name: str
) -> None:
    """A path lies within the intersection exactly if it lies within both operands."""
    both = permissions.intersect(one, other)
    for group in ("read_paths", "write_paths"):
        inside = [paths.matches(getattr(each.filesystem, group), name) for each in (one, other)]
        assert paths.matches(getattr(both.filesystem, group), name) == all(inside)


@given(_PATHS, _PATHS, NAMES)
def test_what_covers_holds_all_that_the_other_holds(one: str, other: str, name: str) -> None:
    """That a pattern covers another is never made up: each name in it is in the first, too."""
    wide, narrow = paths.normalise(one), paths.normalise(other)
    if paths.covers(wide, narrow) and paths.matches([narrow], name):
        assert paths.matches([wide], name)


@given(_PATHS, NAMES)
def test_normal_patterns_mean_what_was_written(written: str, name: str) -> None:
    """Python's own matcher, a part at a time, agrees, but that all in a folder is the folder."""
    normal = paths.normalise(written)
    assert paths.normalise(normal) == normal
    if _means(written.split("/"), name.split("/")):
        assert paths.matches([normal], name)
    elif written.rpartition("/")[0] != normal:
        assert not paths.matches([normal], name)


@given(RECORDS, RECORDS, RECORDS)
def test_covering_is_a_partial_order(
    one: Permissions, other: Permissions, third: Permissions
) -> None:
    """All cover themselves, and what covers what covers a third covers that."""
    assert permissions.covers(one, one)
    middle = permissions.intersect(one, other)
    assert permissions.covers(one, permissions.intersect(middle, third))
    if permissions.covers(one, other) and permissions.covers(other, third):
        assert permissions.covers(one, third)


@given(st.lists(_PATHS, min_size=3, max_size=3))
def test_covering_of_patterns_is_a_partial_order(written: list[str]) -> None:
    """Transitive, and antisymmetric for the normal text."""
    one, other, third = map(paths.normalise, written)
    if paths.covers(one, other) and paths.covers(other, third):
        assert paths.covers(one, third)
    if paths.covers(one, other) and paths.covers(other, one):
        assert one == other


@given(RECORDS)
def test_canonical_text_is_read_back(one: Permissions) -> None:
    """The text is YAML for the same record."""
    read, faults = permissions.parse(_read_yaml(permissions.canonical_text(one)))
    assert read == one
    assert [fault for fault in faults if "can_listen" not in fault.path] == []


@given(RECORDS, RECORDS)
def test_a_grant_with_what_is_missing_is_enough(one: Permissions, other: Permissions) -> None:
    """Adding the missing YAML leaves nothing missing, and nothing is missing from itself."""
    assert permissions.missing(one, one) == {}
    lacking = permissions.missing(one, other)
    text = permissions.grant_text(lacking)
    added = _read_yaml(text)["grant"] if text else {}
    assert added == lacking
    wider = _union(permissions.to_data(other), added)
    assert permissions.missing(one, permissions.parse(wider)[0]) == {}
    if permissions.covers(other, one):
        assert lacking == {}


@given(RECORDS)
def test_description_of_nothing_is_empty(one: Permissions) -> None:
    """A line appears only for something allowed, and a narrower record has no more lines."""
    assert permissions.describe(Permissions()) == []
    assert len(permissions.describe(permissions.ALL)) >= len(permissions.describe(one))


def _means(pattern: list[str], name: list[str]) -> bool:
    """Match as the documentation says: a path holds all below it."""
    if not pattern or pattern == ["."]:
        return True
    if pattern[0] == "**":
        return any(_means(pattern[1:], name[start:]) for start in range(len(name) + 1))
    if not name:
        return False
    expression = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern[0])
    return bool(re.fullmatch(expression, name[0])) and _means(pattern[1:], name[1:])


def _read_yaml(text: str) -> Any:
    document, problems = parse("text", text.encode())
    assert not problems
    return plain(document.root)


def _union(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Put two grants together, as a person would who edits one."""
    both: dict[str, Any] = {group: dict(fields) for group, fields in one.items()}
    for group, fields in other.items():
        mine = both.setdefault(group, {})
        for key, value in fields.items():
            old = mine.get(key, [443] if key == "allowed_ports" else [])
            mine[key] = [*old, *value] if isinstance(value, list) else value
    return both
