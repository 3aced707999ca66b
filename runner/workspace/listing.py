"""Which files of the source tree belong to a job's own copy."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.errors import Problem
from runner.records import NamedTuple
from runner.workspace.gitprocess import GitProcess
from runner.workspace.paths import printable
from runner.workspace.repository import find_work_tree
from runner.workspace.snapshot import PRIVATE, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MAX_NESTED = 10
_ASK = ("ls-files", "-z", "--stage", "--cached", "--others", "--exclude-standard")
# `100644 `, an object name of either length, ` 0`
_STAGE_WIDTHS = frozenset({49, 73})
_SUBMODULE = "160000 "


class Listing(NamedTuple):
    """Paths relative to the tree (`/`), without directories, in no order.

    A name that is not UTF-8 is decoded as the file system's (`os.fsdecode`). Tracked files that
    were deleted are still among them. `notices` are warnings for a person.
    """

    files: list[str]
    notices: tuple[Problem, ...] = ()


def begin_listing(root: str) -> Callable[[], Listing]:
    """Start to list the tree at `root`; call the returned function once for the result.

    In a git work tree: what is tracked, and what is untracked and not ignored, also in submodules
    and repositories inside. Elsewhere, and where git does not answer (with a notice): all.
    `.git` and `.runner` never. The git process runs meanwhile. The result raises what
    `take_snapshot` does.
    """
    if find_work_tree(root) is None:
        return lambda: Listing(_list_all(root))
    try:
        process = GitProcess(root, *_ASK)
    except OSError as error:
        reason = f"git cannot be started: {error.strerror}"
        return lambda: _list_unasked(root, reason)
    return lambda: _finish(process, root, _MAX_NESTED)


def list_files(root: str) -> Listing:
    """Return the files of the tree at `root`; see `begin_listing`."""
    return begin_listing(root)()


def _finish(process: GitProcess, root: str, depth: int) -> Listing:
    code, output, complaint = process.finish()
    if code:
        return _list_unasked(root, complaint or f"git ended with {code}")
    files: dict[str, None] = {}
    notices: list[Problem] = []
    for path, is_repository in _parse(os.fsdecode(output)):
        if PRIVATE.isdisjoint(path.split("/")):
            if is_repository:
                inner = _list_nested(root, path, depth)
                files.update(dict.fromkeys(f"{path}/{name}" for name in inner.files))
                notices.extend(inner.notices)
            else:
                files[path] = None
    if not files:
        # The tree may be an ignored corner of somebody's repository; an empty copy helps nobody.
        return Listing(_list_all(root))
    return Listing(list(files), tuple(notices))


def _parse(output: str) -> Iterator[tuple[str, bool]]:
    """Yield each path, and whether it is a submodule or a repository of its own."""
    for line in output.split("\0"):
        stage, tab, path = line.partition("\t")
        if tab and len(stage) in _STAGE_WIDTHS:
            yield path, stage.startswith(_SUBMODULE)
        elif line:
            yield line.rstrip("/"), line.endswith("/")


def _list_nested(root: str, path: str, depth: int) -> Listing:
    """List a repository inside the tree; what is not a plain directory there is not entered."""
    place = os.path.join(os.path.realpath(root), path)
    if os.path.realpath(place) != place or not os.path.isdir(place):
        return Listing([])
    if not depth:
        message = f"repositories nested too deep are left out: `{printable(path)}`"
        return Listing([], (Problem("nested-repository", message, severity="warning"),))
    if not os.path.lexists(f"{place}/.git"):
        return Listing(_list_all(place))
    try:
        return _finish(GitProcess(place, *_ASK), place, depth - 1)
    except OSError as error:
        return _list_unasked(place, f"git cannot be started: {error.strerror}")


def _list_all(root: str) -> list[str]:
    return list(take_snapshot(root, skip=PRIVATE).entries)


def _list_unasked(root: str, reason: str) -> Listing:
    message = f"all files are taken, ignored ones too, since git does not say which: {reason}"
    hint = "see `git status` in the same directory"
    return Listing(
        _list_all(root), (Problem("git-unavailable", message, hint=hint, severity="warning"),)
    )
