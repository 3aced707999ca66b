"""SHA-256 of files, remembered from run to run: hashing a module takes longer than running it."""

from __future__ import annotations

import os
import time

_PIECE = 1 << 20
_SETTLED = 100_000_000
"""Nanoseconds since the last change after which an equal time stamp means an equal file."""


class Digests:
    """A memory of digests in `folder`, which only we may write. Thread-safe.

    A file counts as unchanged while device, inode, size, modification and change time are; the
    last cannot be set by a program.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._known: dict[tuple[int, int], tuple[str, str]] = {}
        os.makedirs(folder, mode=0o700, exist_ok=True)

    def of(self, descriptor: int) -> str:
        """Return the hex digest of the regular file open as `descriptor`; raises OSError."""
        status = os.fstat(descriptor)
        name = status.st_dev, status.st_ino
        stamp = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
        known = self._known.get(name) or self._read(name)
        if known and known[0] == stamp:
            self._known[name] = known
            return known[1]
        digest = _hash(descriptor)
        if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > _SETTLED:
            self._known[name] = stamp, digest
            self._write(name, f"{stamp} {digest}")
        return digest

    def _path(self, name: tuple[int, int]) -> str:
        return os.path.join(self._folder, f"{name[0]}-{name[1]}")

    def _read(self, name: tuple[int, int]) -> tuple[str, str] | None:
        try:
            with open(self._path(name), encoding="ascii") as file:
                stamp, _, digest = file.read().rpartition(" ")
        except (OSError, ValueError):
            return None
        return stamp, digest

    def _write(self, name: tuple[int, int], text: str) -> None:
        path = self._path(name)
        temporary = f"{path}.{os.getpid()}-{time.monotonic_ns()}"
        with open(temporary, "w", encoding="ascii") as file:
            file.write(text)
        os.replace(temporary, path)


def _hash(descriptor: int) -> str:
    import hashlib  # 3 ms; only for a file that is new to us

    digest = hashlib.sha256()
    place = 0
    while piece := os.pread(descriptor, _PIECE, place):
        digest.update(piece)
        place += len(piece)
    return digest.hexdigest()
