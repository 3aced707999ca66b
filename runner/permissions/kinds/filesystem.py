"""Which files of the workspace a plugin may read and write, and how much."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from runner.permissions import paths, sets, units
from runner.permissions.fault import INVALID, Fault
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_FILE_SIZE = 4 * 2**30
_UNBOUNDED = 2**50
_PATH_KEYS = ("read_paths", "write_paths")


class Filesystem(NamedTuple):
    """Paths are files, folders or patterns relative to the workspace, `.` is all of it
    (`runner.permissions.paths`). What may be written may be read: `read_paths` covers
    `write_paths` in every record made here.

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
    reads, writes = (_read_paths(key, data.get(key, ()), faults) for key in _PATH_KEYS)
    size = MAX_FILE_SIZE
    try:
        size = units.parse_size(data.get("max_file_size", size))
    except ValueError as error:
        faults.append(Fault(("max_file_size",), INVALID, str(error)))
    record = _canonical(
        Filesystem(
            reads,
            writes,
            temp_access=data.get("temp_access", False),
            max_file_size=size,
            create_directories=data.get("create_directories", True),
        )
    )
    return record, faults


def expand(record: Filesystem, evaluate: Callable[[str], str]) -> tuple[Filesystem, list[Fault]]:
    """Replace each path by `evaluate(path)`, leave out the empty ones and check the others."""
    reads, writes = (
        tuple(path for path in map(evaluate, written) if path)
        for written in (record.read_paths, record.write_paths)
    )
    expanded, faults = _check(record._replace(read_paths=reads, write_paths=writes))
    return expanded, [*faults]


def covers(wide: Filesystem, narrow: Filesystem) -> bool:
    return intersect(wide, narrow) == narrow


def intersect(one: Filesystem, other: Filesystem) -> Filesystem:
    return Filesystem(
        paths.meet(one.read_paths, other.read_paths),
        paths.meet(one.write_paths, other.write_paths),
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
        folders = "" if record.create_directories else ", no new folders"
        lines.append(f"write {_listed(record.write_paths)} (files up to {size}{folders})")
    if record.temp_access:
        lines.append("use a temporary folder")
    return lines


def to_data(record: Filesystem) -> dict[str, Any]:
    """Return what differs from nothing, as it is written."""
    reads = [path for path in record.read_paths if not _holds(record.write_paths, path)]
    data = _write_paths(reads, [*record.write_paths])
    if record.temp_access:
        data["temp_access"] = True
    if record.max_file_size != MAX_FILE_SIZE:
        data["max_file_size"] = units.format_size(record.max_file_size)
    if not record.create_directories:
        data["create_directories"] = False
    return data


def missing(requested: Filesystem, granted: Filesystem) -> dict[str, Any]:
    """Return what a grant lacks; sizes and folders are bounds, and no reason to refuse."""
    writes = [path for path in requested.write_paths if not _holds(granted.write_paths, path)]
    reads = [
        path
        for path in requested.read_paths
        if not _holds(granted.read_paths, path) and not _holds(writes, path)
    ]
    data = _write_paths(reads, writes)
    if requested.temp_access and not granted.temp_access:
        data["temp_access"] = True
    return data


def _read_paths(
    key: str, written: list[str] | tuple[str, ...], faults: list[Fault]
) -> tuple[str, ...]:
    good = []
    for index, path in enumerate(written):
        message, hint = ("", "") if "${{" in path else paths.find_fault(path)
        if message:
            faults.append(Fault((key, index), INVALID, message, hint))
        else:
            good.append(paths.normalise(path))
    return tuple(good)


@functools.lru_cache(maxsize=64)
def _check(record: Filesystem) -> tuple[Filesystem, tuple[Fault, ...]]:
    """Make paths that inputs were put into canonical; most steps of a job have the same ones."""
    faults: list[Fault] = []
    reads = _read_paths("read_paths", record.read_paths, faults)
    writes = _read_paths("write_paths", record.write_paths, faults)
    once = {fault.message: fault for fault in faults}  # a write path stands in both lists
    return _canonical(record._replace(read_paths=reads, write_paths=writes)), (*once.values(),)


def _write_paths(reads: list[str], writes: list[str]) -> dict[str, Any]:
    pairs = zip(_PATH_KEYS, (reads, writes), strict=True)
    return {key: written for key, written in pairs if written}


def _canonical(record: Filesystem) -> Filesystem:
    reads = sets.canonical((*record.read_paths, *record.write_paths), paths.covers)
    writes = sets.canonical(record.write_paths, paths.covers)
    return record._replace(read_paths=reads, write_paths=writes)


def _holds(wide: tuple[str, ...] | list[str], path: str) -> bool:
    return any(paths.covers(one, path) for one in wide)


def _listed(written: tuple[str, ...]) -> str:
    return ", ".join("the whole workspace" if path == "." else f"`{path}`" for path in written)
