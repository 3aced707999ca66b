"""Whether a plugin may be loaded at all: its kind, what it requests, what validators say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.errors import InvalidInput, Problem, nearest
from runner.plugins.invoke import settle

if TYPE_CHECKING:
    from runner.permissions import Permissions
    from runner.plugins.manager.config import ManagerConfig
    from runner.plugins.manifest import Manifest

OTHER_KIND = "plugin-kind"


def check(manifest: Manifest, config: ManagerConfig) -> None:
    """Raise InvalidInput for a plugin of another application, Denied for one that asks too much."""
    if config.kinds and manifest.kind not in config.kinds:
        message = f"plugin `{manifest.id}` is of kind `{manifest.kind}`"
        raise InvalidInput(
            [Problem(OTHER_KIND, message, hint=nearest(manifest.kind, config.kinds))]
        )
    settle(manifest, _settled(manifest.permissions), config.grant, config.policy)


def _settled(requested: Permissions) -> Permissions:
    """Leave out paths that depend on inputs: they are checked when the inputs are known."""
    files = requested.filesystem
    return requested._replace(
        filesystem=files._replace(
            read_paths=tuple(path for path in files.read_paths if "${{" not in path),
            write_paths=tuple(path for path in files.write_paths if "${{" not in path),
        )
    )
