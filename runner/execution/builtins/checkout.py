"""actions/checkout: the tree is there already; another repository, ref or place when asked for."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from runner.errors import Denied, InvalidInput, Problem
from runner.execution.builtins.protocol import HostCall, HostResult
from runner.workspace.clone import clone_tree, discard_tree
from runner.workspace.listing import list_files
from runner.workspace.paths import make_directories, normalise, printable
from runner.workspace.repository import read_head
from runner.workspace.snapshot import PRIVATE, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# What makes a line of `sparse-checkout` a pattern instead of a folder.
_PATTERN = frozenset("*?[]\\")

# Those that mean nothing here: there is no `.git` in a workspace, and git itself knows the server.
_WITHOUT_MEANING = (
    "clean",
    "fetch-depth",
    "fetch-tags",
    "filter",
    "github-server-url",
    "lfs",
    "persist-credentials",
    "set-safe-directory",
    "show-progress",
    "ssh-key",
    "ssh-known-hosts",
    "ssh-strict",
    "ssh-user",
    "submodules",
    "token",
)
INPUTS = {
    "repository": "",
    "ref": "",
    "path": "",
    "sparse-checkout": "",
    "sparse-checkout-cone-mode": "",
} | dict.fromkeys(_WITHOUT_MEANING, "")


def run(call: HostCall) -> HostResult:
    """Put the files that are asked for at `path`, in place of what is there.

    What the job started with, at no other place and as a whole, is there already.
    """
    slug, ref = call.inputs["repository"], call.inputs["ref"]
    path = normalise(call.inputs["path"])
    is_other = slug.lower() not in {"", call.repository.lower()}
    include = _read_cone(call)
    is_in_place = call.workspace == call.source
    if not is_other and not ref and path == "." and (include is None or is_in_place):
        call.log("the source tree is in the workspace already")
        return _result(*_read_head(call.source))
    if is_in_place:
        message = "another repository, ref or path would change the tree itself"
        hint = "run without `--in-place`"
        raise Denied([Problem("checkout.in-place", message, hint=hint)])
    if is_other:
        folder = _locate(call, slug, ref)
        _copy(call, folder, path, include)
        return _result(ref, _find_commit(folder))
    if ref:
        return _export(call, ref, path, include)
    _copy(call, call.source, path, include)
    return _result(*_read_head(call.source))


def _locate(call: HostCall, slug: str, ref: str) -> str:
    if call.locate is None:
        message = f"only this repository can be checked out, not `{slug}`"
        raise InvalidInput([Problem("checkout.repository", message)])
    return call.locate(slug, ref)


def _read_cone(call: HostCall) -> Callable[[str], bool] | None:
    """Return which paths `sparse-checkout` means, in git's cone mode; None means all.

    Those are the files in each folder named and below, and in each folder on the way to it.
    """
    lines = [line.strip() for line in call.inputs["sparse-checkout"].splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        return None
    if call.inputs["sparse-checkout-cone-mode"].lower() == "false":
        call.log("warning: `sparse-checkout` has no effect without cone mode: all files are there")
        return None
    if call.workspace == call.source:
        call.log("warning: `sparse-checkout` has no effect with `--in-place`: all files are there")
        return None
    for line in lines:
        if line.startswith(("/", "!")) or not _PATTERN.isdisjoint(line):
            message = f"`sparse-checkout` takes folders, and `{printable(line)}` is a pattern"
            hint = "write a folder of the repository, such as `src/lib`"
            raise InvalidInput([Problem("checkout.sparse", message, hint=hint)])
    folders = [f"{normalise(line)}/" for line in lines]

    def is_included(path: str) -> bool:
        place = path.rpartition("/")[0] + "/"
        return place == "/" or any(
            place.startswith(folder) or folder.startswith(place) for folder in folders
        )

    return None if "./" in folders else is_included


def _export(
    call: HostCall, ref: str, path: str, include: Callable[[str], bool] | None
) -> HostResult:
    from runner.workspace.git import Terms, export_commit

    with _emptied(call.workspace, path):
        terms = Terms(include)
        export = export_commit(call.source, ref, call.workspace, path=path, terms=terms)
    for notice in export.notices:
        call.log(f"warning: {notice.message}")
    call.log(f"{export.files} files of {ref} ({export.commit[:12]})")
    return _result(ref, export.commit)


def _copy(call: HostCall, source: str, path: str, include: Callable[[str], bool] | None) -> None:
    """Copy the tree at `source` to `path` of the workspace, whose folders may be a guest's."""
    files = [name for name in _list(source) if include is None or include(name)]
    with _emptied(call.workspace, path) as target:
        clone = clone_tree(source, target, files, is_new=False)
    call.log(f"{clone.files} files in {path}")


def _list(source: str) -> Iterable[str]:
    """List a repository's files; where there is no git, nothing says which are ignored.

    A fetched one has none: that of a tree around the cache must not be asked.
    """
    if os.path.lexists(f"{source}/.git"):
        return list_files(source).files
    return take_snapshot(source, skip=PRIVATE).entries


@contextmanager
def _emptied(workspace: str, path: str) -> Iterator[str]:
    """Give a name for the folder `path` of the workspace, made if need be, and empty."""
    root = os.open(workspace, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        directory = make_directories(root, path)
    except OSError as error:
        message = f"`{printable(path)}` cannot be checked out to: {error.strerror}"
        raise Denied([Problem("checkout.path", message)]) from error
    finally:
        os.close(root)
    try:
        # With the dot it is the folder itself, not a link to it.
        place = f"/proc/self/fd/{directory}/."
        discard_tree(place, keep_root=True)
        yield place
    finally:
        os.close(directory)


def _read_head(folder: str) -> tuple[str, str]:
    """Return reference and commit of what is checked out around `folder`, if anything is."""
    head = read_head(folder)
    return (head.ref, head.sha) if head else ("", "")


def _find_commit(folder: str) -> str:
    """Return the commit of a located folder: a user's own says it, a fetched one is named so."""
    if os.path.lexists(f"{folder}/.git"):
        return _read_head(folder)[1]
    name = os.path.basename(folder)
    return name if len(name) == 40 and not name.strip("0123456789abcdef") else ""


def _result(ref: str, commit: str) -> HostResult:
    return HostResult(outputs={"ref": ref, "commit": commit})
