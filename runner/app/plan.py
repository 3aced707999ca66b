"""`plan`: what a pipeline would do, nothing run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.app.places import cache_folder, find_source
from runner.app.reading import open_catalogue, parse_overrides, read_plan, read_policy
from runner.plan.outline import outline_plan
from runner.plugins.wasm.capabilities import list_capabilities
from runner.plugins.wasm.outline import Malformed, read_outline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.plan.outline import PlanOutline
    from runner.plugins.resolve import Plugin

MAX_MODULE = 256 * 1024 * 1024


def outline(file: str, *, policy: str = "", local_repositories: Sequence[str] = ()) -> PlanOutline:
    """Return the outline of the pipeline in `file`. Raises InvalidInput with all its problems."""
    source, overrides = find_source(""), parse_overrides(local_repositories)
    cap = read_policy(policy, source)
    catalogue = open_catalogue(source, overrides=overrides, is_complete=False)
    return outline_plan(read_plan(file, catalogue), {}, policy=cap, look=_look_into)


def _look_into(plugin: Plugin) -> tuple[str, ...] | None:
    """Return what the plugin's modules import, in words; None if one is not on this machine."""
    found: set[str] = set()
    for entry in plugin.manifest.entry_points.values():
        module = entry.module
        if module is None:  # a script: its interpreter is a plugin of its own
            continue
        path = os.path.join(plugin.folder, module.path)
        if module.source:
            path = os.path.join(cache_folder(), "modules", f"{module.sha256}.wasm")
        try:
            with open(path, "rb") as file:
                found.update(list_capabilities(read_outline(file.read(MAX_MODULE))))
        except (OSError, Malformed):
            return None
    return tuple(sorted(found))
