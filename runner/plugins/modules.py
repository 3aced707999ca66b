"""The WebAssembly files of plugins: beside the manifest, or fetched once and kept by digest."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.errors import Denied, InvalidInput, Problem, Unavailable
from runner.plugins import sources
from runner.records import NamedTuple
from runner.workspace.digestmemory import Digests

if TYPE_CHECKING:
    from runner.plugins.manifest import Module


class ModuleFile(NamedTuple):
    """A WebAssembly file on this machine: absolute path, hex SHA-256 of its bytes."""

    path: str
    digest: str


def obtain(module: Module, *, folder: str, base: str, cache: str) -> ModuleFile:
    """Return the file of `module`, fetching it if it is not in the cache yet.

    `folder` is the plugin's, `base` the project's. Safe to call from several threads and
    processes at once.
    """
    digests = Digests(os.path.join(cache, "digests"))
    if not module.source:
        return _find_beside(module.path, folder=folder, digests=digests)
    path = os.path.join(cache, "modules", f"{module.sha256}.wasm")
    if not os.path.isfile(path) or _digest(path, digests) != module.sha256:
        _keep(_fetch(module, base=base), path)
    return ModuleFile(path, module.sha256)


def _find_beside(name: str, *, folder: str, digests: Digests) -> ModuleFile:
    path = os.path.join(folder, name)
    root = os.path.join(os.path.realpath(folder), "")
    if not os.path.realpath(path).startswith(root):
        raise _refused(f"module `{name}` is a link out of the plugin's folder")
    try:
        return ModuleFile(path, _digest(path, digests))
    except OSError as error:
        message = f"cannot read module `{name}`: {error.strerror}"
        hint = "build it, or correct `module` in the manifest"
        raise InvalidInput([Problem("module-not-found", message, hint=hint)]) from error


def _digest(path: str, digests: Digests) -> str:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return digests.of(descriptor)
    finally:
        os.close(descriptor)


def _fetch(module: Module, *, base: str) -> bytes:
    content = sources.load(module.source).fetch(module.reference, module.path, base=base)
    import hashlib  # 4 ms; only for a module that is new to us

    digest = hashlib.sha256(content).hexdigest()
    if digest != module.sha256:
        raise _refused(
            f"`{module.path}` of {module.source} package `{module.reference}` is not what the "
            f"manifest pins",
            f"expected sha256 {module.sha256}, got {digest}",
        )
    return bytes(content)


def _keep(content: bytes, path: str) -> None:
    """Write beside and rename: a module may be mapped into memory by whoever runs it."""
    beside = f"{path}.{os.getpid()}.{os.urandom(4).hex()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        os.replace(beside, path)
    except OSError as error:
        message = f"cannot write to the cache `{os.path.dirname(path)}`: {error.strerror}"
        raise Unavailable([Problem("cache-unwritable", message)]) from error


def _refused(message: str, hint: str = "") -> Denied:
    return Denied([Problem("module-refused", message, hint=hint)])
