"""How much there is in the folders that a guest may write; for the worker and for the runner."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ENDLESS = 1 << 62
"""Stands for a tree that cannot be measured, because it is deeper than a path can be long."""


def measure(folders: Iterable[Callable[[str], int]]) -> tuple[int, int]:
    """Return (bytes of content, names) of trees; the roots are no names.

    Each folder is a function that opens a folder in it, by relative path, the tree itself being
    `.`, without following a link. What has several names is content once.
    """
    size, names = 0, 0
    seen: set[tuple[int, int]] = set()
    for folder in folders:
        waiting = ["."]
        while waiting:
            path = waiting.pop()
            try:
                entries = _list(folder, path, seen)
            except OSError:
                return ENDLESS, ENDLESS
            for name, status in entries:
                names += 1
                if stat.S_ISDIR(status.st_mode):
                    waiting.append(f"{path}/{name}")
                elif stat.S_ISREG(status.st_mode) and _is_new(status, seen):
                    size += status.st_size
    return size, names


def _list(
    folder: Callable[[str], int], path: str, seen: set[tuple[int, int]]
) -> list[tuple[str, os.stat_result]]:
    try:
        descriptor = folder(path)
    except FileNotFoundError:
        return []  # it has gone meanwhile
    try:
        own = os.fstat(descriptor)
        if (own.st_dev, own.st_ino) in seen:
            return []  # a folder within another that was shown as well
        seen.add((own.st_dev, own.st_ino))
        with os.scandir(descriptor) as entries:
            return [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries]
    finally:
        os.close(descriptor)


def _is_new(status: os.stat_result, seen: set[tuple[int, int]]) -> bool:
    if status.st_nlink == 1:
        return True
    name = status.st_dev, status.st_ino
    if name in seen:
        return False
    seen.add(name)
    return True
