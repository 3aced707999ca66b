"""Which files each step changed: the book of one job's tree."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from runner.records import NamedTuple
from runner.workspace.digests import Digester
from runner.workspace.snapshot import PRIVATE, take_snapshot

if TYPE_CHECKING:
    from runner.workspace.snapshot import Entry


class Change(NamedTuple):
    """A path whose content differs after a step; field for field the ABI's FileChange.

    `kind` is `added`, `modified` or `removed`, `size` that of what is there now, or was. A digest
    is empty where there is nothing, or where it is unknown: the file was too large to hash, or
    somebody else changed its original during the run.
    """

    kind: str
    path: str
    size: int
    before: str
    after: str


class Ledger:
    """Keeps what is known of the tree at `root` and tells what is new; for one thread.

    With `source`, the tree is a fresh clone of it: a digest of what a file was before is read
    from there when it is wanted. Without, the tree is worked on in place, so every file is hashed
    now, and `.git` and `.runner` are left out of account.

    A file counts as touched when its inode, size, mode or times differ. A guest can set an mtime
    but no ctime, so it cannot hide a change; what was stamped in the very tick of the last look is
    hashed to be sure. Directories as such are not changes.
    """

    def __init__(self, root: str, *, source: str | None = None) -> None:
        self._root = root
        self._source = source
        self._skip = frozenset[str]() if source else PRIVATE
        self._last = take_snapshot(root, skip=self._skip)
        self._digests: dict[str, str] = {}
        if source is None:
            with Digester(root) as tree:
                for path, entry in self._last.entries.items():
                    self._digests[path] = tree.digest(path, entry)

    def record(self) -> tuple[Change, ...]:
        """Return what differs since the last call (or the start), sorted by path.

        Raises Denied as `take_snapshot` does if a step left too much; the next call compares with
        the last tree that could be read.
        """
        before, taken = self._last
        self._last = take_snapshot(self._root, skip=self._skip)
        after = self._last.entries
        touched = [
            path
            for path, entry in after.items()
            # entry[3] is the ctime
            if entry[3] >= taken or before.get(path) != entry
        ]
        if touched or len(after) != len(before):  # else the paths are the same
            touched.extend(path for path in before if path not in after)
        return self._compare(sorted(touched), before, after) if touched else ()

    def _compare(
        self, touched: list[str], before: dict[str, Entry], after: dict[str, Entry]
    ) -> tuple[Change, ...]:
        known = self._recall(touched, before)
        changes = []
        with Digester(self._root) as tree:
            for path in touched:
                was, now = before.get(path), after.get(path)
                old = known.get(path, "")
                new = tree.digest(path, now) if now else ""
                if now:
                    self._digests[path] = new
                else:
                    self._digests.pop(path, None)
                if not _is_same(was, now, old, new):
                    changes.append(_describe(path, was, now, old, new))
        return tuple(changes)

    def _recall(self, touched: list[str], before: dict[str, Entry]) -> dict[str, str]:
        """Return the digests that `touched` had before, from memory or from the source."""
        known = {path: self._digests[path] for path in touched if path in self._digests}
        asked = [path for path in touched if path in before and path not in known]
        if asked and self._source:
            with Digester(self._source) as tree:
                known.update((path, tree.digest(path, before[path])) for path in asked)
        return known


def _is_same(was: Entry | None, now: Entry | None, old: str, new: str) -> bool:
    if was is None or now is None or stat.S_IFMT(was[0]) != stat.S_IFMT(now[0]):
        return False
    return old == new if old else was == now


def _describe(path: str, was: Entry | None, now: Entry | None, old: str, new: str) -> Change:
    kind = "modified" if was and now else "added" if now else "removed"
    entry = now or was
    size = entry[1] if entry else 0
    # A guest can only write names in UTF-8, but the tree it was given may hold others.
    shown = os.fsencode(path).decode("utf-8", "backslashreplace")
    return Change(kind, shown, size, old, new)
