"""Digests of single files of a tree, read on demand and never through a link."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from runner.workspace.contents import digest_contents, digest_text
from runner.workspace.paths import open_directory

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from runner.workspace.snapshot import Entry

# 4 to 5 seconds of hashing; a sparse file of any size costs a guest nothing to make.
MAX_HASHED = 4 << 30


class Digester:
    """Computes digests below `root` within one budget of bytes; a context manager.

    Paths in sorted order cost least: the last directory stays open.
    """

    def __init__(self, root: str, *, budget: int = MAX_HASHED) -> None:
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._budget = budget
        self._parent = "."
        self._directory = os.dup(self._root)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._directory)
        os.close(self._root)

    def digest(self, path: str, expected: Entry) -> str:
        """Return the hex SHA-256 of `path`: a file's content, a link's target text.

        Empty if it is neither, if it is no longer the file that `expected` (kind, size, mtime)
        describes, or if the budget does not suffice.
        """
        mode, size, mtime = expected[:3]
        try:
            directory, name = self._locate(path)
            if stat.S_ISLNK(mode):
                return digest_text(os.readlink(name, dir_fd=directory))
            if not stat.S_ISREG(mode) or size > self._budget:
                return ""
            # O_NONBLOCK: a pipe that took the file's place must not hold us up.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            descriptor = os.open(name, flags, dir_fd=directory)
        except OSError:
            return ""
        try:
            found = os.fstat(descriptor)
            if (size, mtime) != (found.st_size, found.st_mtime_ns) or not stat.S_ISREG(
                found.st_mode
            ):
                return ""
            text, read = digest_contents(descriptor, limit=size)
        finally:
            os.close(descriptor)
        self._budget -= read
        return text

    def _locate(self, path: str) -> tuple[int, str]:
        parent, _, name = path.rpartition("/")
        parent = parent or "."
        if parent != self._parent:
            directory = open_directory(self._root, parent)
            os.close(self._directory)
            self._parent, self._directory = parent, directory
        return self._directory, name
