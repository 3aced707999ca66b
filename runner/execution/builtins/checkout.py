"""actions/checkout: the tree is there already; another ref or place is written when asked for."""

from __future__ import annotations

import os

from runner.errors import Denied, InvalidInput, Problem
from runner.execution.builtins.protocol import HostCall, HostResult
from runner.workspace.clone import clone_tree, discard_tree
from runner.workspace.listing import list_files
from runner.workspace.paths import make_directories, normalise
from runner.workspace.repository import read_head

# Those that mean nothing here: there is no `.git` in a workspace, and no server to ask.
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
    """Fill the workspace with `ref`, at `path`; without both nothing is to be done."""
    if call.inputs["repository"] not in {"", call.repository}:
        message = f"only this repository can be checked out, not `{call.inputs['repository']}`"
        raise InvalidInput([Problem("checkout.repository", message)])
    if call.inputs["sparse-checkout"]:
        call.log("warning: `sparse-checkout` has no effect: all files are there")
    ref, path = call.inputs["ref"], call.inputs["path"]
    head = read_head(call.source)
    if not ref and not path:
        call.log("the source tree is in the workspace already")
        return _result(head.ref if head else "", head.sha if head else "")
    if call.workspace == call.source:
        message = "another ref or path would change the tree itself"
        hint = "run without `--in-place`"
        raise Denied([Problem("checkout.in-place", message, hint=hint)])
    if not ref:
        _copy(call, normalise(path))
        return _result(head.ref if head else "", head.sha if head else "")
    return _export(call, ref, path)


def _export(call: HostCall, ref: str, path: str) -> HostResult:
    from runner.workspace.git import export_commit

    if not path:
        discard_tree(call.workspace, keep_root=True)
    export = export_commit(call.source, ref, call.workspace, path=path or ".")
    for notice in export.notices:
        call.log(f"warning: {notice.message}")
    call.log(f"{export.files} files of {ref} ({export.commit[:12]})")
    return _result(ref, export.commit)


def _copy(call: HostCall, path: str) -> None:
    """Copy the source tree to a new folder of the workspace, whose parents may be a guest's."""
    parent, _, name = path.rpartition("/")
    root = os.open(call.workspace, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        directory = make_directories(root, parent or ".")
    finally:
        os.close(root)
    try:
        target = f"/proc/self/fd/{directory}/{name}"
        clone = clone_tree(call.source, target, list_files(call.source).files)
    finally:
        os.close(directory)
    call.log(f"{clone.files} files in {path}")


def _result(ref: str, commit: str) -> HostResult:
    return HostResult(outputs={"ref": ref, "commit": commit})
