"""What of a job's tree an upload means, by the path rules of actions/upload-artifact."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from runner.errors import Denied, InvalidInput, Problem
from runner.records import NamedTuple
from runner.workspace.paths import find_link, open_directory, printable
from runner.workspace.snapshot import PRIVATE, take_snapshot

if TYPE_CHECKING:
    from runner.workspace.glob import Patterns
    from runner.workspace.snapshot import Entry

MAX_FILES = 100_000
MAX_SIZE = 10 << 30  # bytes; a sparse file costs a guest nothing to make
# What no artifact may be called, nor a file in it: not every file system takes it.
FORBIDDEN = frozenset('":<>|*?\r\n')
_MAX_NAMED = 20  # refused files named in one message
_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR})


class Collection(NamedTuple):
    """The files of an upload: `entries` by their path in the tree, sorted.

    In the artifact they lie relative to `base`, a directory of the tree (`.`: the tree itself).
    """

    base: str
    entries: dict[str, Entry]

    def place(self, path: str) -> str:
        """Return where `path` lies in the artifact."""
        return path if self.base == "." else path[len(self.base) + 1 :]


def collect_files(root: str, patterns: Patterns, *, include_hidden: bool = False) -> Collection:
    """Find the files below `root` that `patterns` mean; nothing found is no error.

    `base` is the directory that all searches have in common. What is hidden (a name with a dot,
    from the last part of a literal path on) is left out unless `include_hidden`; `.git` and
    `.runner` always are. Links are never followed: one that a pattern means, or that stands in its
    literal part, refuses the whole upload, as does anything else that is not a regular file:
    Denied (`not-a-file`), one problem each, with the link's target. Hard links are files like
    others: a guest can only make one of what it may read anyway. Raises Denied
    (`artifact-too-large`) and InvalidInput (`artifact-path`) too.
    """
    anchor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        found: dict[str, Entry] = {}
        for base in patterns.bases:
            for path, entry in _search(anchor, base).items():
                visible = include_hidden or not _is_hidden(path, base)
                if visible and patterns.matches(path):
                    found[path] = entry
        _check_kinds(anchor, found)
    finally:
        os.close(anchor)
    _check_limits(found)
    _check_names(found)
    return Collection(_common_base(patterns.bases, found), dict(sorted(found.items())))


def refuse(root: int, path: str) -> Denied:
    """Return the error that says what is wrong with `path` below `root`, which is no plain file."""
    return Denied([_describe(root, path)])


def _search(root: int, base: str) -> dict[str, Entry]:
    """Return what lies at `base` or below."""
    if not PRIVATE.isdisjoint(base.split("/")):
        return {}
    parent, _, name = base.rpartition("/")
    try:
        directory = open_directory(root, parent or ".")
    except OSError as error:
        if error.errno in _ABSENT:
            return {}
        raise refuse(root, base) from error
    try:
        found = _look(directory, name, base)
        if base in found and stat.S_ISLNK(found[base][0]):
            raise refuse(root, base)
        return found
    finally:
        os.close(directory)


def _look(directory: int, name: str, base: str) -> dict[str, Entry]:
    """Return what `name` in the open `directory` is or holds, under paths that start at `base`."""
    try:
        found = os.lstat(name, dir_fd=directory)
    except OSError:
        return {}
    if not stat.S_ISDIR(found.st_mode):
        times = (found.st_mtime_ns, found.st_ctime_ns)
        return {base: (found.st_mode, found.st_size, *times, found.st_ino)}
    inner = open_directory(directory, name)
    try:
        entries = take_snapshot(inner, skip=PRIVATE).entries
    finally:
        os.close(inner)
    return entries if base == "." else {f"{base}/{path}": entries[path] for path in entries}


def _is_hidden(path: str, base: str) -> bool:
    """Tell whether a name below `base`, or its last part, starts with a dot."""
    start = 0 if base == "." else base.rfind("/") + 1
    return any(name.startswith(".") for name in path[start:].split("/"))


def _check_kinds(root: int, found: dict[str, Entry]) -> None:
    odd = sorted(path for path, entry in found.items() if not stat.S_ISREG(entry[0]))
    if not odd:
        return
    problems = [_describe(root, path) for path in odd[:_MAX_NAMED]]
    if len(odd) > _MAX_NAMED:
        message = f"and {len(odd) - _MAX_NAMED} more that are not regular files"
        problems.append(Problem("not-a-file", message))
    raise Denied(problems)


def _describe(root: int, path: str) -> Problem:
    link = find_link(root, path)
    if link:
        name, target = (printable(part) for part in link)
        message = f"`{name} -> {target}` is a symbolic link, and artifacts follow none"
    else:
        message = f"`{printable(path)}` is not a regular file"
    return Problem("not-a-file", message)


def _check_limits(found: dict[str, Entry]) -> None:
    size = sum(entry[1] for entry in found.values())
    if len(found) > MAX_FILES or size > MAX_SIZE:
        message = f"the artifact would hold {len(found)} files of {size} bytes in all"
        hint = f"at most {MAX_FILES} files and {MAX_SIZE} bytes are kept"
        raise Denied([Problem("artifact-too-large", message, hint=hint)])


def _check_names(found: dict[str, Entry]) -> None:
    problems = [
        Problem(
            "artifact-path",
            f"the file name `{printable(path)}` cannot be kept in an artifact",
            hint=f"it must be UTF-8 without {' '.join(sorted(map(printable, FORBIDDEN)))}",
        )
        for path in found
        if not FORBIDDEN.isdisjoint(path) or any("\udc80" <= letter <= "\udcff" for letter in path)
    ]
    if problems:
        raise InvalidInput(problems[:_MAX_NAMED])


def _common_base(bases: tuple[str, ...], found: dict[str, Entry]) -> str:
    """Return the artifact's root: a single file's directory, else what all bases share."""
    if len(bases) == 1 and bases[0] in found:
        return os.path.dirname(bases[0]) or "."
    return os.path.commonpath(bases) or "." if bases else "."
