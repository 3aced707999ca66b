"""actions/download-artifact: artifacts of this run into the workspace."""

from __future__ import annotations

import fnmatch
import posixpath

from runner.abi.guest import WORKSPACE
from runner.errors import InvalidInput, Problem
from runner.execution.builtins.protocol import HostCall, HostResult
from runner.workspace.artifactstore import list_artifacts, restore_artifact

INPUTS = {
    "name": "",
    "pattern": "",
    "path": "",
    "merge-multiple": "false",
    "artifact-ids": "",
    "github-token": "",
    "repository": "",
    "run-id": "",
}


def run(call: HostCall) -> HostResult:
    """Restore one artifact by `name`, or all that `pattern` names, each in a folder of its own."""
    inputs = call.inputs
    for name in ("repository", "run-id", "artifact-ids"):
        if inputs[name]:
            message = f"only artifacts of this run can be had: `{name}` is not supported"
            raise InvalidInput([Problem("artifact.input", message, hint="use `name` or `pattern`")])
    path = posixpath.normpath(inputs["path"] or ".")
    if posixpath.isabs(path):
        path = posixpath.relpath(path, WORKSPACE)
    if inputs["name"]:
        _restore(call, inputs["name"], path)
    else:
        is_merged = inputs["merge-multiple"].lower() == "true"
        wanted = inputs["pattern"] or "*"
        for name in fnmatch.filter(list_artifacts(call.artifacts), wanted):
            _restore(call, name, path if is_merged else posixpath.join(path, name))
    return HostResult(outputs={"download-path": posixpath.normpath(f"{WORKSPACE}/{path}")})


def _restore(call: HostCall, name: str, path: str) -> None:
    artifact = restore_artifact(call.artifacts, name, call.workspace, path=path)
    call.log(f"restored `{name}`: {len(artifact.contents)} files, {artifact.size} bytes")
