"""Each job's own copy of the source tree: made before it runs, thrown away after."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from runner.errors import Problem, Unavailable
from runner.records import NamedTuple
from runner.workspace.contents import copy_contents
from runner.workspace.paths import make_directories, open_directory, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# O_NONBLOCK: a pipe in the tree must not hold us up.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# Listed, but deleted since, or now behind a link: it is not there.
_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


class Clone(NamedTuple):
    """What was copied; `notices` name what could not be: pipes, sockets, devices."""

    files: int
    size: int
    notices: tuple[Problem, ...] = ()


def clone_tree(source: str, target: str, files: Iterable[str], *, is_new: bool = True) -> Clone:
    """Copy `files` (relative to `source`) into `target`, which is created, or is there and empty.

    Content is shared by reflink where the file system can, never by hard link: a guest writes to
    its copy. Kept are modification times (a step like make compares them) and whether the owner
    may execute; the rest of the mode is the umask's, as git has it. Links are made anew and never
    followed. A path that is gone is left out. About 25 µs per file, whatever its size below 1 MB.
    Raises Unavailable (`clone-failed`); what was copied until then stays.
    """
    copied = size = 0
    notices: list[Problem] = []
    directory = name = ""
    try:
        if is_new:
            os.mkdir(target)
        with _Trees(source, target) as trees:
            for directory, names in _group(files):
                for name in trees.enter(directory, names):
                    outcome = trees.copy(name)
                    if outcome is None:
                        notices.append(_special(directory, name))
                    elif outcome >= 0:
                        copied, size = copied + 1, size + outcome
    except OSError as error:
        place = printable(f"{directory}/{name}" if name else target)
        message = f"the source tree cannot be copied: `{place}`: {error.strerror}"
        raise Unavailable([Problem("clone-failed", message)]) from error
    return Clone(copied, size, tuple(notices))


def discard_tree(root: str, *, keep_root: bool = False) -> None:
    """Remove the tree at `root`, however deep a guest has nested it; nothing there is no error.

    Follows no link. Instead of descending, it moves each directory up beside the others and
    empties it there, so neither the stack nor the length of a path is a limit.
    """
    try:
        top = os.open(root, _DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    try:
        serial = 0
        while names := os.listdir(top):
            for name in names:
                with suppress(FileNotFoundError):  # somebody else removes it as well
                    serial = _dissolve(top, name, serial)
    finally:
        os.close(top)
    if not keep_root:
        with suppress(FileNotFoundError):
            os.rmdir(root)


class _Trees:
    """Source and target, open at the same directory in both."""

    def __init__(self, source: str, target: str) -> None:
        self._source = os.open(source, _DIRECTORY)
        self._target = os.open(target, _DIRECTORY)
        self._from = os.dup(self._source)
        self._to = os.dup(self._target)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in (self._source, self._target, self._from, self._to):
            os.close(descriptor)

    def enter(self, directory: str, names: list[str]) -> list[str]:
        """Go to `directory`; return `names`, or nothing if it is gone."""
        try:
            origin = open_directory(self._source, directory)
        except OSError as error:
            if error.errno in _GONE:
                return []
            raise
        os.close(self._from)
        self._from = origin
        place = make_directories(self._target, directory)
        os.close(self._to)
        self._to = place
        return names

    def copy(self, name: str) -> int | None:
        """Copy a file or link; return its size, -1 if it is gone, None if it is neither."""
        try:
            origin = os.open(name, _READ, dir_fd=self._from)
        except OSError as error:
            if error.errno == errno.ELOOP:
                return self._copy_link(name)
            if error.errno == errno.ENXIO:  # a socket
                return None
            if error.errno in _GONE:
                return -1
            raise
        try:
            found = os.fstat(origin)
            if stat.S_ISREG(found.st_mode):
                return self._copy_file(name, origin, found)
        finally:
            os.close(origin)
        return -1 if stat.S_ISDIR(found.st_mode) else None

    def _copy_file(self, name: str, origin: int, found: os.stat_result) -> int:
        mode = 0o777 if found.st_mode & stat.S_IXUSR else 0o666
        place = os.open(name, _CREATE, mode, dir_fd=self._to)
        try:
            size = copy_contents(origin, place, found.st_size)
            os.utime(place, ns=(found.st_atime_ns, found.st_mtime_ns))
        finally:
            os.close(place)
        return size

    def _copy_link(self, name: str) -> int:
        text = os.readlink(name, dir_fd=self._from)
        os.symlink(text, name, dir_fd=self._to)
        return len(text)


def _group(files: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each directory with the names in it; directories sorted, `.` for the root."""
    groups: dict[str, list[str]] = {}
    for path in files:
        directory, _, name = path.rpartition("/")
        groups.setdefault(directory or ".", []).append(name)
    return iter(sorted(groups.items()))


def _special(directory: str, name: str) -> Problem:
    path = printable(name if directory == "." else f"{directory}/{name}")
    message = f"`{path}` is not a file, a directory or a link, and is left out"
    return Problem("special-file", message, severity="warning")


def _dissolve(top: int, name: str, serial: int) -> int:
    """Remove one entry of `top`; subdirectories that hold something become entries of `top`."""
    try:
        os.unlink(name, dir_fd=top)
    except IsADirectoryError:
        directory = os.open(name, _DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    else:
        return serial
    try:
        for inner in os.listdir(directory):
            try:
                os.unlink(inner, dir_fd=directory)
            except IsADirectoryError:
                serial = _lift(directory, inner, top, serial)
    finally:
        os.close(directory)
    os.rmdir(name, dir_fd=top)
    return serial


def _lift(directory: int, name: str, top: int, serial: int) -> int:
    """Remove an empty directory, or move one that is not up to `top` under a free name."""
    try:
        os.rmdir(name, dir_fd=directory)
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise
    else:
        return serial
    while True:
        serial += 1
        try:
            os.rename(name, f".discarded-{serial}", src_dir_fd=directory, dst_dir_fd=top)
        except OSError as error:
            if error.errno not in {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR}:
                raise
        else:
            return serial
