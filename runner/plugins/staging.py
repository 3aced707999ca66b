"""Room for permissions that no folder can stand for: single files and patterns.

A folder is shown as it is. For a file or a pattern the guest gets a folder of links; of copies
where it may write. What it did to the copies is taken over for the paths that it may write to,
and only for those; all else it changed there is dropped, and told.
"""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack
from typing import TYPE_CHECKING

from runner import permissions
from runner.abi import Denial, Directory, PluginResult, Verdict
from runner.abi.guest import WORKSPACE
from runner.errors import Denied, Problem
from runner.permissions import paths, sets
from runner.plugins.invoke import guest_path
from runner.workspace.paths import make_directories, open_beneath, open_directory
from runner.workspace.snapshot import PRIVATE, take_snapshot
from runner.workspace.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from runner.abi import Invocation
    from runner.plugins.invoke import Call

_MOST_TOLD = 20


class Stage:
    """What a call needs on the disk before it, and what is done with it afterwards.

    Use it as a context manager around the run: `invocation` is what to run, `settle` makes of its
    result what it is in the end. `workspace` is absolute and trusted, `scratch` a folder of the
    host's own on the same disk. Where folders are all that is needed it costs next to nothing.
    Entering it raises Denied where a link is on the way to what the plugin may write.
    """

    def __init__(self, call: Call, *, workspace: str, scratch: str = "") -> None:
        self.invocation: Invocation = call.invocation
        self._call = call
        self._workspace = workspace
        self._scratch = scratch
        self._writable: list[View] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with self._stack:
            files = self._find_files()
            self._make_folders(files)
            allowed = self._call.allowed.filesystem
            if files or not all(map(paths.is_plain, (*allowed.read_paths, *allowed.write_paths))):
                self._make_views(files)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def settle(self, result: PluginResult) -> PluginResult:
        """Take over what the guest wrote; a result with what it wrote elsewhere is a denied one."""
        writes = self._call.allowed.filesystem.write_paths
        refused = [
            path
            for view in self._writable
            for path in view.take_over(lambda path: paths.matches(writes, path))
        ]
        if not refused:
            return result
        denials = tuple(_deny(path) for path in refused[:_MOST_TOLD])
        result = result._replace(denials=(*result.denials, *denials))
        if result.is_errored:
            return result
        more = f" and {len(refused) - 1} more" if len(refused) > 1 else ""
        message = f"it may not write `{refused[0]}`{more}; that change was dropped"
        return result._replace(verdict=Verdict.DENIED, exit_code=None, message=message)

    def _find_files(self) -> set[str]:
        """Return the paths that name a single file."""
        found = set()
        allowed = self._call.allowed.filesystem
        for path in {*allowed.read_paths, *allowed.write_paths}:
            if path != paths.EVERYTHING and paths.is_plain(path):
                try:
                    descriptor = open_beneath(self._workspace, path)
                except OSError:
                    continue  # told by whoever opens it in earnest
                try:
                    if stat.S_ISREG(os.fstat(descriptor).st_mode):
                        found.add(path)
                finally:
                    os.close(descriptor)
        return found

    def _make_folders(self, files: set[str]) -> None:
        """Make what may be written to, never through a link that a guest planted."""
        folders = [folder for folder in self._call.folders if folder not in files]
        if not folders:
            return
        root = os.open(self._workspace, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for folder in folders:
                os.close(make_directories(root, folder))
        except OSError as error:
            message = f"`{error.filename}` cannot be made: {error.strerror}"
            raise Denied([Problem("step.folder", message)]) from error
        finally:
            os.close(root)

    def _make_views(self, files: set[str]) -> None:
        allowed = self._call.allowed.filesystem
        writes = _outermost(_base(path, files) for path in _unplain(allowed.write_paths, files))
        reads = [_base(path, files) for path in _unplain(allowed.read_paths, files)]
        if not paths.matches(allowed.read_paths, paths.EVERYTHING):
            reads.append(paths.EVERYTHING)  # an empty folder would not show what lies in it
        reads = _outermost(base for base in reads if not _is_within(base, writes))
        shown = list(self.invocation.directories)
        folder = _make_scratch(self._scratch)
        self._stack.callback(os.rmdir, folder)
        for index, base in enumerate((*reads, *writes)):
            is_writable = base in writes
            within = [one for one in shown if self._is_beneath(one, base)]
            if is_writable:
                shown = [one for one in shown if one not in within]
                names = self._list_files(base, allowed.read_paths, files)
            else:
                held = [path for path in _unplain(allowed.read_paths, files) if path not in files]
                names = self._list_files(base, held, files)
            view = View(
                self._workspace,
                target := os.path.join(folder, str(index)),
                sorted(names),
                folders=[base, *(one.beneath for one in within if one.beneath not in files)],
                is_writable=is_writable,
            )
            self._stack.callback(view.discard)
            if is_writable:
                self._writable.append(view)
            beneath = "" if base == paths.EVERYTHING else base
            shown = [one for one in shown if not self._is_replaced(one, base, files)]
            shown.append(
                Directory(
                    guest_path(base), target, beneath, is_writable, is_partial=not is_writable
                )
            )
        shown = [one for one in shown if one.root != self._workspace or one.beneath not in files]
        self.invocation = self.invocation._replace(directories=tuple(sorted(shown)))

    def _list_files(self, base: str, allowed: Iterable[str], files: set[str]) -> set[str]:
        """Return the files within `base` that `allowed` holds, and the single ones."""
        names = {path for path in files if _is_within(path, [base])}
        held = [path for path in allowed if path not in files]
        bases = (paths.find_base(path) for path in held)
        starts = [one if _is_within(one, [base]) else base for one in bases]
        root = os.open(self._workspace, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for start in _outermost(starts):
                found = (_join(start, name) for name in _scan(root, start))
                names |= {name for name in found if paths.matches(held, name)}
        finally:
            os.close(root)
        return names

    def _is_beneath(self, shown: Directory, base: str) -> bool:
        is_ours = shown.root == self._workspace and shown.guest.startswith(f"{WORKSPACE}/")
        return is_ours and _is_within(shown.beneath, [base])

    def _is_replaced(self, shown: Directory, base: str, files: set[str]) -> bool:
        """Whether the view of `base` takes the place of `shown`."""
        if shown.guest == guest_path(base):
            return True
        return shown.root == self._workspace and shown.beneath in files


def _make_scratch(parent: str) -> str:
    if not parent:
        import tempfile  # 10 ms; only for callers that have no folder of their own

        return tempfile.mkdtemp(prefix="views-")
    folder = os.path.join(parent, f"views-{os.urandom(8).hex()}")
    os.mkdir(folder, 0o700)
    return folder


def _scan(root: int, folder: str) -> Iterable[str]:
    """Return the files below `folder`; none if it is not there, or behind a link."""
    try:
        directory = open_directory(root, folder)
    except OSError:
        return ()
    try:
        return take_snapshot(directory, skip=PRIVATE).entries
    finally:
        os.close(directory)


def _join(folder: str, name: str) -> str:
    return name if folder == paths.EVERYTHING else f"{folder}/{name}"


def _unplain(written: Iterable[str], files: set[str]) -> list[str]:
    return [path for path in written if path in files or not paths.is_plain(path)]


def _base(path: str, files: set[str]) -> str:
    """Return the folder that a view of `path` is shown as."""
    base = paths.find_base(path)
    return (path.rpartition("/")[0] or paths.EVERYTHING) if path in files else base


def _outermost(bases: Iterable[str]) -> list[str]:
    return [*sets.canonical(bases, paths.covers)]


def _is_within(path: str, bases: Iterable[str]) -> bool:
    return any(paths.covers(base, path) for base in bases)


def _deny(path: str) -> Denial:
    grant = permissions.grant_text({"filesystem": {"write_paths": [path]}})
    return Denial("filesystem.write_paths", f"write `{path}`", grant)
