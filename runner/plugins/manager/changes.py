"""Which files of its workspace an execution changed."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from runner.abi import FileChange
from runner.permissions import paths
from runner.workspace.ledger import Ledger
from runner.workspace.paths import open_directory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self


class Changes:
    """Looks at what may be written to, before and after a call; a context manager.

    Nothing else is looked at, so a plugin that writes little costs little. `writable` are the
    paths that it may write to. No link is followed: guests may have planted some.
    """

    def __init__(self, workspace: str, writable: Iterable[str]) -> None:
        self._workspace = workspace
        self._writable = tuple(writable)
        self._ledgers: list[tuple[str, Ledger]] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if not self._writable:
            return self
        with ExitStack() as opened:
            root = os.open(self._workspace, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            opened.callback(os.close, root)
            bases: dict[str, int] = {}
            for path in self._writable:
                base, descriptor = _open_nearest(root, paths.find_base(path))
                opened.callback(os.close, descriptor)
                bases[base] = descriptor
            for base, descriptor in bases.items():
                if not any(other != base and paths.covers(other, base) for other in bases):
                    self._ledgers.append((base, Ledger(f"/proc/self/fd/{descriptor}")))
            self._open = opened.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def record(self) -> tuple[FileChange, ...]:
        """Return what differs, sorted by path; raises Denied if there is too much to look at."""
        found = [
            FileChange(*change._replace(path=_join(base, change.path)))
            for base, ledger in self._ledgers
            for change in ledger.record()
        ]
        return tuple(sorted(found, key=lambda change: change.path))


def _open_nearest(root: int, path: str) -> tuple[str, int]:
    """Open the folder `path` or, while there is none or it is a file, the one that holds it."""
    while path != paths.EVERYTHING:
        try:
            return path, open_directory(root, path)
        except OSError:
            path = os.path.dirname(path) or paths.EVERYTHING
    return path, os.dup(root)


def _join(base: str, path: str) -> str:
    return path if base == paths.EVERYTHING else f"{base}/{path}"
