"""Which folders of the workspace a plugin may read and write, and how much."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from runner.permissions import sets, units
from runner.permissions.fault import INVALID, UNAVAILABLE, Fault
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_FILE_SIZE = 4 * 2**30
_UNBOUNDED = 2**63 - 1
_GLOB_CHARACTERS = frozenset("*?[]{}")


class Filesystem(NamedTuple):
    """Paths are folders relative to the workspace, `.` is all of it. What may be written may be
    read: `read_paths` covers `write_paths` in every record made here.

    A path may hold `${{ inputs.x }}` until `expand` has put the values in.
    """

    read_paths: tuple[str, ...] = ()
    write_paths: tuple[str, ...] = ()
    temp_access: bool = False
    max_file_size: int = MAX_FILE_SIZE
    create_directories: bool = True


ALL = Filesystem((".",), (".",), temp_access=True, max_file_size=_UNBOUNDED)


def parse(data: Mapping[str, Any]) -> tuple[Filesystem, list[Fault]]:
    """Read the group's data, which has its schema's shape."""
    faults: list[Fault] = []
    paths = {key: _read_paths(key, data.get(key, ()), faults) for key in _PATH_KEYS}
    size = MAX_FILE_SIZE
    try:
        size = units.parse_size(data.get("max_file_size", size))
    except ValueError as error:
        faults.append(Fault(("max_file_size",), INVALID, str(error)))
    if not data.get("create_directories", True):
        faults.append(
            Fault(
                ("create_directories",),
                UNAVAILABLE,
                "this version cannot keep a plugin from creating folders in what it may write",
                "leave `create_directories` out and narrow `write_paths`",
            )
        )
    record = _canonical(
        Filesystem(
            paths["read_paths"],
            paths["write_paths"],
            temp_access=data.get("temp_access", False),
            max_file_size=size,
            create_directories=data.get("create_directories", True),
        )
    )
    return record, faults


def expand(record: Filesystem, evaluate: Callable[[str], str]) -> tuple[Filesystem, list[Fault]]:
    """Replace each path by `evaluate(path)`, leave out the empty ones and check the others."""
    faults: list[Fault] = []
    reads, writes = (
        _read_paths(key, [path for path in map(evaluate, paths) if path], faults)
        for key, paths in zip(_PATH_KEYS, (record.read_paths, record.write_paths), strict=True)
    )
    once = {fault.message: fault for fault in faults}  # a write path stands in both lists
    return _canonical(record._replace(read_paths=reads, write_paths=writes)), [*once.values()]


def covers(wide: Filesystem, narrow: Filesystem) -> bool:
    return intersect(wide, narrow) == narrow


def intersect(one: Filesystem, other: Filesystem) -> Filesystem:
    return Filesystem(
        sets.meet(one.read_paths, other.read_paths, _path_covers),
        sets.meet(one.write_paths, other.write_paths, _path_covers),
        one.temp_access and other.temp_access,
        min(one.max_file_size, other.max_file_size),
        one.create_directories and other.create_directories,
    )


def describe(record: Filesystem) -> list[str]:
    """Return what is allowed, a line each; nothing for nothing."""
    lines = []
    if record.read_paths:
        lines.append(f"read {_listed(record.read_paths)}")
    if record.write_paths:
        size = units.format_size(record.max_file_size)
        lines.append(f"write {_listed(record.write_paths)} (files up to {size})")
    if record.temp_access:
        lines.append("use a temporary folder")
    return lines


_PATH_KEYS = ("read_paths", "write_paths")


def _read_paths(
    key: str, paths: list[str] | tuple[str, ...], faults: list[Fault]
) -> tuple[str, ...]:
    good = []
    for index, path in enumerate(paths):
        if "${{" in path:
            good.append(path)
            continue
        fault = _check_path(path)
        if fault:
            faults.append(Fault((key, index), *fault))
        else:
            good.append(posixpath.normpath(path))
    return tuple(good)


def _check_path(path: str) -> tuple[str, str, str] | None:
    if not path or "\0" in path or "\\" in path:
        return INVALID, f"`{path!r}` is not a path", "write a folder of the workspace, or `.`"
    if path.startswith("/") or ".." in path.split("/"):
        return INVALID, f"`{path}` leaves the workspace", "write a path relative to the workspace"
    if _GLOB_CHARACTERS & set(path):
        return (
            UNAVAILABLE,
            f"`{path}` is a pattern",
            "name folders; patterns are not understood here",
        )
    return None


def _path_covers(wide: str, narrow: str) -> bool:
    return wide in (".", narrow) or narrow.startswith(f"{wide}/")


def _canonical(record: Filesystem) -> Filesystem:
    reads = sets.canonical((*record.read_paths, *record.write_paths), _path_covers)
    writes = sets.canonical(record.write_paths, _path_covers)
    return record._replace(read_paths=reads, write_paths=writes)


def _listed(paths: tuple[str, ...]) -> str:
    return ", ".join("the whole workspace" if path == "." else f"`{path}`" for path in paths)
