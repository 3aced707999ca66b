"""An `action.yml` with `using: wasm` as a plugin: its modules are the entry points."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from runner import permissions
from runner.abi import Limits
from runner.errors import InvalidInput
from runner.plan.grants import read_grant
from runner.plugins.manifest import EntryPoint, Input, Manifest, Module
from runner.plugins.resolve import Plugin

if TYPE_CHECKING:
    from runner.workflow.action import Action

_VERSION = "0.0.0"  # an action.yml tells none


def make_plugin(action: Action, folder: str, *, is_trusted: bool) -> Plugin:
    """Return the plugin, without its modules' places; `folder` (absolute) holds the action.

    What it may do stands under `permissions`, in the words of a `step.yml`. Raises InvalidInput
    with what is wrong there.
    """
    requested = permissions.Permissions()
    if action.permissions:
        requested, problems = read_grant(action.permissions, file=action.file)
        if problems:
            raise InvalidInput(problems)
    stages = (("pre", action.pre), ("main", action.main), ("post", action.post))
    inputs = (
        Input(one.name.value, description=one.description, deprecation=one.deprecation)
        for one in action.inputs
    )
    name = re.sub(r"[^a-z0-9]+", "-", action.name.lower()).strip("-") or "unnamed"
    manifest = Manifest(
        id=f"action/{name}",
        name=action.name,
        version=_VERSION,
        entry_points={
            stage: EntryPoint(stage, Module(written.value)) for stage, written in stages if written
        },
        permissions=requested,
        limits=Limits(file_size=requested.filesystem.max_file_size),
        inputs={one.name: one for one in inputs},
        file=action.file,
        digest=action.digest,
    )
    return Plugin(action.file, folder, manifest, is_trusted=is_trusted)
