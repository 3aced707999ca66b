"""A walk through a tree as a guest sees it: links lead to what lies in the tree, or nowhere.

The links are resolved here, in the snapshot and by their texts: the system follows none.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from runner.errors import Denied, Problem
from runner.workspace.paths import open_directory
from runner.workspace.snapshot import MAX_DEPTH, MAX_ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.workspace.snapshot import Entry

_MAX_HOPS = 40  # links on the way to one file, as in Linux
_Chain = tuple[str, "_Chain | None"]  # the directories around, the nearest first


class Walk:
    """`entries` are a snapshot's of the tree at `root` (a host path), which guests know as
    `guest_root`.
    """

    def __init__(self, root: str, entries: dict[str, Entry], *, guest_root: str) -> None:
        self._root = root
        self._entries = entries
        self._guest_root = guest_root
        self._children: dict[str, dict[str, None]] = {"": {}}
        for path in entries:
            self._enter(path)
        self._led: dict[str, str | None] = {}  # link → where it leads
        self._visited = 0

    def files(self, base: str, *, follow_links: bool) -> Iterator[tuple[str, str]]:
        """Yield the path of each file at `base` or below, and where it really lies.

        Depth first, each directory's entries by name. A link to a file counts as that file; one
        to a directory is entered with `follow_links` only, and never from within that directory.
        `base` itself may be a link. Raises Denied (`tree-too-large`, `tree-too-deep`) for links
        that make a small tree look like an endless one.
        """
        start = "" if base == "." else base
        real = self._resolve(start)
        stack: list[tuple[str, str | None, _Chain | None, int]] = [(start, real, None, 0)]
        while stack:
            path, real, chain, depth = stack.pop()
            self._count(depth)
            if real is None:
                continue
            if real in self._children:
                if not _is_around(real, chain):
                    around, below = (real, chain), f"{path}/" if path else ""
                    stack += [
                        (below + name, self._step(real, name, follow_links), around, depth + 1)
                        for name in sorted(self._children[real], reverse=True)
                    ]
            elif real in self._entries and stat.S_ISREG(self._entries[real][0]):
                yield path, real

    def _enter(self, path: str) -> None:
        """Enter the directories above `path`, which a snapshot does not list."""
        parent, _, name = path.rpartition("/")
        is_known = parent in self._children
        self._children.setdefault(parent, {})[name] = None
        if not is_known:
            self._enter(parent)

    def _count(self, depth: int) -> None:
        self._visited += 1
        if self._visited > 2 * MAX_ENTRIES:
            raise _refusal("tree-too-large", f"links lead to more than {2 * MAX_ENTRIES} files")
        if depth > MAX_DEPTH:
            raise _refusal("tree-too-deep", f"links lead more than {MAX_DEPTH} directories deep")

    def _step(self, directory: str, name: str, follow_links: bool) -> str | None:  # noqa: FBT001
        """Return where `name` in the real `directory` leads; None for what is not to be entered."""
        path = f"{directory}/{name}" if directory else name
        entry = self._entries.get(path)
        if entry is None or not stat.S_ISLNK(entry[0]):
            return path
        if path not in self._led:
            self._led[path] = self._resolve(path)
        real = self._led[path]
        return real if follow_links or real not in self._children else None

    def _resolve(self, path: str) -> str | None:
        """Return the real path; None if it leads out of the tree or in circles."""
        parts, real, hops = path.split("/")[::-1], list[str](), 0
        while parts:
            part = parts.pop()
            if part == "..":
                if not real:
                    return None
                real.pop()
            elif part not in {"", "."}:
                real.append(part)
                entry = self._entries.get("/".join(real))
                if entry is None or not stat.S_ISLNK(entry[0]):
                    continue
                target = self._read_link(real)
                hops += 1
                real.pop()
                if target.startswith("/"):
                    real.clear()
                    if not f"{target}/".startswith(f"{self._guest_root}/"):
                        return None
                    target = target[len(self._guest_root) :]
                if hops > _MAX_HOPS:
                    return None
                parts += target.split("/")[::-1]
        return "/".join(real)

    def _read_link(self, path: list[str]) -> str:
        """Return the link's text; one that leads nowhere for a link that is gone."""
        *folder, name = path
        try:
            root = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                directory = open_directory(root, "/".join(folder) or ".")
            finally:
                os.close(root)
            try:
                return os.readlink(name, dir_fd=directory)
            finally:
                os.close(directory)
        except OSError:
            return "/"


def _is_around(real: str, chain: _Chain | None) -> bool:
    while chain:
        around, chain = chain
        if around == real:
            return True
    return False


def _refusal(code: str, message: str) -> Denied:
    return Denied([Problem(code, message)])
