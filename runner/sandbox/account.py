"""By how much an execution made its writable folders grow, counted by the runner itself."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.abi import Verdict
from runner.sandbox.growth import measure
from runner.workspace.paths import open_beneath

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from runner.abi import Directory, Limits
    from runner.sandbox.verdict import Sighting


class Account:
    """Opened before a guest begins and closed when it is dead; costs nothing without limits.

    The shim counts too, and sooner, but a guest that has taken over its worker is past it.
    """

    def __init__(
        self, directories: Sequence[Directory], descriptors: Sequence[int], limits: Limits
    ) -> None:
        self._limits = limits
        self._folders: list[Callable[[str], int]] = []
        if limits.growth or limits.growth_files:
            self._folders = [
                _opener(descriptor)
                for directory, descriptor in zip(directories, descriptors, strict=True)
                if directory.writable
            ]
        self._before = measure(self._folders)

    def close(self, sighting: Sighting) -> Sighting:
        """Return `sighting`, with its cause if that is growth."""
        if sighting.cause or not self._folders:
            return sighting
        size, names = measure(self._folders)
        limits = self._limits
        is_too_large = 0 < limits.growth < size - self._before[0]
        has_too_many = 0 < limits.growth_files < names - self._before[1]
        if is_too_large or has_too_many:
            return sighting._replace(cause=Verdict.GROWTH_EXCEEDED)
        return sighting


def _opener(descriptor: int) -> Callable[[str], int]:
    root = f"/proc/self/fd/{descriptor}"
    return lambda path: open_beneath(root, path, flags=os.O_RDONLY | os.O_DIRECTORY)
