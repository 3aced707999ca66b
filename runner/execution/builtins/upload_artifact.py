"""actions/upload-artifact: files of the workspace into the run's artifacts."""

from __future__ import annotations

from runner.errors import InvalidInput, Problem
from runner.execution.builtins.protocol import HostCall, HostResult, SavedArtifact
from runner.workspace.artifacts import collect_files
from runner.workspace.artifactstore import save_artifact
from runner.workspace.glob import parse_patterns

INPUTS = {
    "name": "artifact",
    "path": "",
    "if-no-files-found": "warn",
    "retention-days": "",
    "compression-level": "",
    "overwrite": "false",
    "include-hidden-files": "false",
    "archive": "",
}
_REACTIONS = ("warn", "error", "ignore")


def run(call: HostCall) -> HostResult:
    """Save what `path` means, links refused by name; nothing found is told or fails, as asked."""
    inputs = call.inputs
    if not inputs["path"].strip():
        raise InvalidInput([Problem("artifact.path", "the input `path` is required")])
    reaction = inputs["if-no-files-found"]
    if reaction not in _REACTIONS:
        message = f"`if-no-files-found` cannot be `{reaction}`"
        raise InvalidInput([Problem("artifact.input", message, hint=" or ".join(_REACTIONS))])
    if call.hides(inputs["name"]):
        message = "the name of the artifact holds a secret, and names cannot be hidden"
        raise InvalidInput([Problem("artifact.secret", message)])
    patterns = parse_patterns(inputs["path"])
    hidden = inputs["include-hidden-files"].lower() == "true"
    collection = collect_files(call.workspace, patterns, include_hidden=hidden)
    if not collection.entries:
        return _nothing_found(call, reaction)
    overwrite = inputs["overwrite"].lower() == "true"
    artifact = save_artifact(
        call.artifacts, inputs["name"], call.workspace, collection, overwrite=overwrite
    )
    files = len(artifact.contents)
    return HostResult(
        outputs={"artifact-id": artifact.name, "artifact-digest": artifact.digest},
        artifact=SavedArtifact(artifact.name, files, artifact.size, artifact.digest),
    )


def _nothing_found(call: HostCall, reaction: str) -> HostResult:
    paths = ", ".join(call.inputs["path"].split())
    message = f"No files were found with the provided path: {paths}. No artifacts will be uploaded."
    if reaction == "error":
        return HostResult(failure=message)
    if reaction == "warn":
        call.log(f"warning: {message}")
    return HostResult()
