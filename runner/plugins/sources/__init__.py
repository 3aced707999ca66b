"""Where plugins and modules come from: a file per source, registered here by one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from types import ModuleType

SOURCES = {
    "npm": "runner.plugins.sources.npm",
}


class Source(Protocol):
    """A place that modules are fetched from; filled by a Python module."""

    def fetch(self, reference: str, path: str, *, base: str) -> bytes:
        """Return the bytes of `path` in the package `reference`; the caller checks their digest.

        `base` is the project's folder. Raises `InvalidInput` for what is not there, `Denied` for
        what must not be taken, `Unavailable` when the place cannot be reached.
        """
        ...


def load(name: str) -> ModuleType:
    """Import the member `name` of `SOURCES`: their libraries are heavy and seldom needed."""
    import importlib  # built in; only when a module is fetched

    return importlib.import_module(SOURCES[name])
