"""From what an application hands over to a version of a plugin that nobody can change any more."""

from __future__ import annotations

import hashlib
import os
import tempfile
from typing import TYPE_CHECKING

from runner.errors import InvalidInput, Problem, Unavailable
from runner.plugins import reader
from runner.plugins.manifest import FILE_NAME, MAIN, Manifest
from runner.plugins.modules import ModuleFile
from runner.plugins.resolve import MAX_MANIFEST, Plugin, check_dependencies, complete
from runner.records import NamedTuple
from runner.workspace.clone import clone_tree, discard_tree
from runner.workspace.snapshot import PRIVATE, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.plugins.manifest import EntryPoint

Wasm = bytes | str | os.PathLike[str] | None
Description = bytes | str | os.PathLike[str] | Manifest

_FILES = "files"


class Loaded(NamedTuple):
    """A version of a plugin, in the private `folder` that holds its modules and its files."""

    folder: str
    plugin: Plugin

    @property
    def id(self) -> str:
        return self.plugin.manifest.id

    @property
    def version(self) -> str:
        return self.plugin.manifest.version


class Source(NamedTuple):
    """What was handed over, read: `folder` is the plugin's own, '' if it has none.

    `wasm` stands for the module of `main`; None if the manifest says where it is.
    """

    manifest: Manifest
    folder: str
    wasm: bytes | None


class Text(NamedTuple):
    """A manifest as it was written; `folder` is where it lies, '' if it was handed over."""

    file: str
    folder: str
    content: bytes


def read_source(wasm: Wasm, manifest: Description) -> Source:
    """Read both; see `PluginManager.load`. Raises InvalidInput with every problem."""
    content = _read_wasm(wasm)
    if isinstance(manifest, Manifest):
        return Source(manifest, os.path.dirname(os.path.abspath(manifest.file)), content)
    text = read_text(manifest)
    return Source(reader.read(text.file, text.content), text.folder, content)


def read_text(manifest: Description) -> Text:
    """Read the text of a manifest; raises InvalidInput, also for a record whose text is gone."""
    if isinstance(manifest, Manifest):
        content = _read(manifest.file, "manifest", MAX_MANIFEST)
        if hashlib.sha256(content).hexdigest() != manifest.digest:
            message = f"`{manifest.file}` is no longer what the record was read from"
            raise InvalidInput([Problem("manifest-changed", message, hint="read it anew")])
        return Text(manifest.file, os.path.dirname(os.path.abspath(manifest.file)), content)
    if isinstance(manifest, bytes) or (isinstance(manifest, str) and "\n" in manifest):
        content = manifest if isinstance(manifest, bytes) else manifest.encode()
        return Text(FILE_NAME, "", content)
    path = os.fspath(manifest)
    file = os.path.join(path, FILE_NAME) if os.path.isdir(path) else path
    folder = os.path.dirname(os.path.abspath(file))
    return Text(file, folder, _read(file, "manifest", MAX_MANIFEST))


def store(source: Source, *, root: str, cache: str) -> Loaded:
    """Copy all that belongs to the plugin into a new folder below `root`.

    A plugin whose module was handed over has no other files; else all files of its folder are
    its own. `cache` keeps modules that are fetched. Raises RunnerError.
    """
    try:
        folder = tempfile.mkdtemp(prefix="version-", dir=root)
        try:
            return Loaded(folder, _store(source, folder, cache))
        except BaseException:
            discard_tree(folder)
            raise
    except OSError as error:
        message = f"the plugin cannot be copied to `{root}`: {error.strerror}"
        raise Unavailable([Problem("store-unwritable", message)]) from error


def _store(source: Source, folder: str, cache: str) -> Plugin:
    files = os.path.join(folder, _FILES)
    if source.wasm is None and source.folder:
        clone_tree(source.folder, files, take_snapshot(source.folder, skip=PRIVATE).entries)
    else:
        os.mkdir(files)
    entries = source.manifest.entry_points
    own = [] if source.wasm is None else _served(entries)
    others = {name: entry for name, entry in entries.items() if name not in own}
    plugin = Plugin(
        source.manifest.file or source.manifest.id,
        source.folder or files,
        source.manifest._replace(entry_points=others),
    )
    base = os.path.dirname(plugin.folder)
    if source.manifest.dependencies:
        check_dependencies(plugin, base=base, cache=cache)
    plugin = complete(plugin, base=base, cache=cache)
    found = {name: _keep(module, folder, cache) for name, module in plugin.modules.items()}
    if source.wasm is not None:
        module = _write(source.wasm, folder)
        found.update(dict.fromkeys(own, module))
    return plugin._replace(folder=files, manifest=source.manifest, modules=found)


def _served(entries: Mapping[str, EntryPoint]) -> list[str]:
    """Return the entry points that a module that was handed over is for."""
    return [name for name, entry in entries.items() if entry.module == entries[MAIN].module]


def _keep(module: ModuleFile, folder: str, cache: str) -> ModuleFile:
    """Return the copy of a module; fetched ones lie in the cache by their digest already."""
    if module.path.startswith(os.path.join(cache, "")):
        return module
    kept = _write(_read(module.path, "module", -1), folder)
    if kept.digest != module.digest:
        message = f"`{module.path}` changes while it is loaded"
        raise InvalidInput([Problem("module-changed", message, hint="load it when it is built")])
    return kept


def _write(wasm: bytes, folder: str) -> ModuleFile:
    digest = hashlib.sha256(wasm).hexdigest()
    path = os.path.join(folder, f"{digest}.wasm")
    with open(path, "wb") as file:
        file.write(wasm)
    return ModuleFile(path, digest)


def _read_wasm(wasm: Wasm) -> bytes | None:
    if wasm is None or isinstance(wasm, bytes):
        return wasm
    return _read(os.fspath(wasm), "module", -1)


def _read(path: str, what: str, limit: int) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(limit + 1 if limit >= 0 else -1)
    except OSError as error:
        message = f"cannot read the {what} `{path}`: {error.strerror}"
        raise InvalidInput([Problem(f"{what}-not-found", message)]) from error
    if 0 <= limit < len(content):
        message = f"`{path}` is larger than {limit // 2**20} MiB"
        raise InvalidInput([Problem(f"{what}-size", message)])
    return content
