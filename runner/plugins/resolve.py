"""From what `uses:` says to a plugin whose module lies on this disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.errors import InvalidInput, Problem
from runner.plugins import modules, reader, reference
from runner.plugins.manifest import FILE_NAME
from runner.plugins.sources import local, standard
from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.plugins.manifest import Manifest
    from runner.plugins.modules import ModuleFile

MAX_MANIFEST = 2**20


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
    kind, name, _ = reference.parse(uses)
    if kind == reference.LOCAL:
        folder = local.locate(name, base=base)
    elif kind == reference.STANDARD:
        folder = standard.locate(name)
    else:
        raise InvalidInput([Problem("reference", f"`{uses}` is done by the host, it is no plugin")])
    shown = os.path.normpath(os.path.join(uses, FILE_NAME))
    content = _read_file(os.path.join(folder, FILE_NAME), shown)
    memory = os.path.join(cache, "documents")
    return Plugin(uses, folder, reader.read(shown, content, memory=memory))


def resolve(uses: str, *, base: str, cache: str) -> Plugin:
    """`find`, then get the modules: from the folder, the cache or the manifest's source.

    Raises `InvalidInput`, `Denied` for a module that is not what was pinned, or `Unavailable`
    when a source cannot be reached.
    """
    plugin = find(uses, base=base, cache=cache)
    entry_points = plugin.manifest.entry_points.values()
    files = {
        module: modules.obtain(module, folder=plugin.folder, base=base, cache=cache)
        for module in {one.module for one in entry_points}
    }
    return plugin._replace(modules={one.name: files[one.module] for one in entry_points})


def _read_file(path: str, shown: str) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_MANIFEST + 1)
    except OSError as error:
        message = f"cannot read `{shown}`: {error.strerror}"
        raise InvalidInput([Problem("plugin-not-found", message)]) from error
    if len(content) > MAX_MANIFEST:
        message = f"`{shown}` is larger than {MAX_MANIFEST // 2**20} MiB"
        raise InvalidInput([Problem("manifest-size", message)])
    return content
