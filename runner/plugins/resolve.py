"""From what `uses:` says to a plugin whose module lies on this disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from runner.plugins.manifest import Manifest


class ModuleFile(NamedTuple):
    """A WebAssembly file on this machine: absolute path, hex SHA-256 of its bytes."""

    path: str
    digest: str


class Plugin(NamedTuple):
    """A manifest with its folder (absolute) and, by entry point, its modules.

    `is_trusted` holds for the standard steps and plugins of the same repository: they are granted
    what they request.
    """

    reference: str
    folder: str
    manifest: Manifest
    modules: dict[str, ModuleFile] = {}
    is_trusted: bool = True


def find(uses: str, *, base: str, cache: str) -> Plugin:
    """Read the manifest that `uses` names, without its modules: enough to validate and plan.

    `base` is the absolute folder that `./dir` is relative to, `cache` the user's cache folder.
    Raises `InvalidInput` with every problem of the reference or the manifest.
    """
    raise NotImplementedError


def resolve(uses: str, *, base: str, cache: str) -> Plugin:
    """`find`, then get the modules: from the folder, the cache or the manifest's source.

    Raises `InvalidInput`, or `Unavailable` when a source cannot be reached.
    """
    raise NotImplementedError
