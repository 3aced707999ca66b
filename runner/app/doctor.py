"""What this machine offers, and whether the sandbox holds on it."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING

from runner.app.places import cache_folder
from runner.records import NamedTuple
from runner.sandbox import library
from runner.sandbox.kernel import Feature, list_features
from runner.sandbox.sandbox import Sandbox
from runner.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.sandbox.escape.attempt import Outcome


class Health(NamedTuple):
    """`versions` are (what, version); `cache` its folder, and `cached` its (files, bytes)."""

    versions: tuple[tuple[str, str], ...]
    features: tuple[Feature, ...]
    cache: str
    cached: tuple[int, int]

    @property
    def is_fit(self) -> bool:
        """Whether guests can run here at all."""
        return all(feature.state != "missing" for feature in self.features)


def examine() -> Health:
    """Look at this machine; runs nothing."""
    folder = cache_folder()
    versions = (
        ("runner", __version__),
        ("Python", platform.python_version()),
        ("wasmtime", library.VERSION),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("machine", platform.machine()),
    )
    return Health(versions, (_find_library(), *list_features()), folder, _measure(folder))


def try_sandbox() -> Iterator[Outcome]:
    """Run the attempts to break out and yield what came of each; raises Unavailable."""
    from runner.sandbox.escape.suite import run_suite  # imports wasmtime: 50 ms

    with Sandbox(cache=os.path.join(cache_folder(), "compiled")) as sandbox:
        yield from run_suite(sandbox)


def _find_library() -> Feature:
    from runner.errors import Unavailable

    try:
        return Feature("wasmtime", "ok", library.find())
    except Unavailable as error:
        (problem,) = error.problems
        return Feature("wasmtime", "missing", problem.message, problem.hint)


def _measure(folder: str) -> tuple[int, int]:
    sizes = [
        os.lstat(os.path.join(place, name)).st_size
        for place, _, names in os.walk(folder)
        for name in names
    ]
    return len(sizes), sum(sizes)
