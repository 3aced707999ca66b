"""Some files of a tree by themselves, for a guest that may not see or write all of it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import TYPE_CHECKING

from runner.errors import Problem, Unavailable
from runner.workspace.clone import clone_tree, discard_tree
from runner.workspace.contents import copy_contents
from runner.workspace.ledger import Ledger
from runner.workspace.paths import make_directories, open_beneath, open_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Self

_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EISDIR})
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class View:
    """`files` of the tree at `source` in the new folder `target`, under their paths.

    Both are absolute paths of folders that the host trusts; guests may have written what is in
    them. `folders` are made there, too, if they are missing. With `is_writable` they are copies,
    and what a guest changes in them can be taken over; else mostly links, which are 30 times as
    fast to make, and must not be written to.
    """

    def __init__(
        self,
        source: str,
        target: str,
        files: Iterable[str],
        *,
        folders: Iterable[str],
        is_writable: bool,
    ) -> None:
        self._source = source
        self._target = target
        names = list(files)
        if is_writable or not _link_tree(source, target, names):
            clone_tree(source, target, names)
        root = os.open(target, _DIRECTORY)
        try:
            for folder in folders:
                os.close(make_directories(root, folder))
        finally:
            os.close(root)
        self._ledger = Ledger(target, source=source) if is_writable else None

    def take_over(self, allows: Callable[[str], bool]) -> list[str]:
        """Do to the source what was done to the copies, for paths that `allows`.

        Returns the other paths that were changed, sorted; nothing is done there. Links are made
        anew and never followed. Empty folders are not taken over. Raises Denied for more than can
        be looked at, Unavailable if the source cannot be written.
        """
        if self._ledger is None:
            return []
        changes = self._ledger.record()
        # What is gone first: a folder may have become a file, or a file a folder.
        ordered = sorted(changes, key=lambda change: change.kind != "removed")
        root = os.open(self._source, _DIRECTORY)
        try:
            for change in ordered:
                if allows(change.path):
                    self._repeat(root, change.path, is_removal=change.kind == "removed")
        except OSError as error:
            message = f"`{change.path}` cannot be written: {error.strerror}"
            raise Unavailable([Problem("view-failed", message)]) from error
        finally:
            os.close(root)
        return [change.path for change in changes if not allows(change.path)]

    def discard(self) -> None:
        """Remove the copies."""
        discard_tree(self._target)

    def _repeat(self, root: int, path: str, *, is_removal: bool) -> None:
        if is_removal:
            self._remove(root, path)
            return
        parent, _, name = path.rpartition("/")
        directory = make_directories(root, parent)
        try:
            self._copy(path, directory, name)
        finally:
            os.close(directory)

    def _remove(self, root: int, path: str) -> None:
        """Remove a file, and the folders that the guest removed and that are now empty."""
        remove = os.unlink
        while path:
            parent, _, name = path.rpartition("/")
            try:
                directory = open_directory(root, parent or ".")
            except OSError as error:
                if error.errno in _GONE:
                    return  # by other means, or it never was there
                raise
            try:
                remove(name, dir_fd=directory)
            except OSError as error:
                if error.errno in _GONE | {errno.ENOTEMPTY}:
                    return
                raise
            finally:
                os.close(directory)
            if not parent or os.path.lexists(os.path.join(self._target, parent)):
                return
            path, remove = parent, os.rmdir

    def _copy(self, path: str, directory: int, name: str) -> None:
        """Write beside and rename, so that a link or another name of the old file is left alone."""
        beside = f".{os.urandom(8).hex()}.new"
        anchor = open_beneath(self._target, path, flags=os.O_PATH | os.O_NOFOLLOW)
        try:
            if stat.S_ISLNK(os.fstat(anchor).st_mode):
                os.symlink(os.readlink("", dir_fd=anchor), beside, dir_fd=directory)
            else:
                _copy_file(open_beneath(self._target, path, flags=_READ), directory, beside, name)
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                os.rmdir(name, dir_fd=directory)  # an empty folder gives way to a file
            os.replace(beside, name, src_dir_fd=directory, dst_dir_fd=directory)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(beside, dir_fd=directory)
            raise
        finally:
            os.close(anchor)


def _link_tree(source: str, target: str, files: list[str]) -> bool:
    """Give each file a second name below `target`; False, and nothing there, if that cannot be.

    Files of others and other disks allow no links. What is gone meanwhile, or behind a link, is
    left out, and so is what is neither a file nor a link.
    """
    os.mkdir(target)
    with _Pair(source, target) as pair:
        for path in files:
            try:
                pair.link(path)
            except OSError as error:
                if error.errno not in _GONE:
                    discard_tree(target)
                    return False
    return True


class _Pair:
    """Two trees, open at the same folder in both."""

    def __init__(self, source: str, target: str) -> None:
        self._roots = os.open(source, _DIRECTORY), os.open(target, _DIRECTORY)
        self._open = os.dup(self._roots[0]), os.dup(self._roots[1])
        self._folder = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in (*self._roots, *self._open):
            os.close(descriptor)

    def link(self, path: str) -> None:
        """Give a file of the first tree a name in the second; raises OSError."""
        folder, _, name = path.rpartition("/")
        if folder != self._folder:
            self._enter(folder)
        origin, place = self._open
        mode = os.lstat(name, dir_fd=origin).st_mode
        if stat.S_ISREG(mode) or stat.S_ISLNK(mode):
            os.link(name, name, src_dir_fd=origin, dst_dir_fd=place, follow_symlinks=False)

    def _enter(self, folder: str) -> None:
        origin = open_directory(self._roots[0], folder or ".")
        try:
            place = make_directories(self._roots[1], folder)
        except OSError:
            os.close(origin)
            raise
        for descriptor in self._open:
            os.close(descriptor)
        self._open, self._folder = (origin, place), folder


def _copy_file(source: int, directory: int, beside: str, name: str) -> None:
    """Copy an open file; it may be executed if the one that it replaces may."""
    try:
        found = os.fstat(source)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a file", name)
        target = os.open(beside, _CREATE, _mode_of(directory, name), dir_fd=directory)
        try:
            copy_contents(source, target, found.st_size)
            os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
        finally:
            os.close(target)
    finally:
        os.close(source)


def _mode_of(directory: int, name: str) -> int:
    try:
        old = os.lstat(name, dir_fd=directory).st_mode
    except FileNotFoundError:
        return 0o666
    return 0o777 if stat.S_ISREG(old) and old & stat.S_IXUSR else 0o666
