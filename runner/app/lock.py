"""`lock`: approve the plugins of other repositories that pipelines use, as they are now."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.app.places import find_source
from runner.app.reading import open_catalogue, parse_overrides, read_plan
from runner.errors import Problem, Unavailable
from runner.permissions import describe
from runner.plugins.lockfile import FILE_NAME, write_text
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.permissions import Permissions
    from runner.plugins.resolve import Plugin


class Approval(NamedTuple):
    """A plugin and what it may do, a line each."""

    name: str
    may: tuple[str, ...]


class LockOutcome(NamedTuple):
    """`path` of the lock, and whether it `is_current`: the same before and after."""

    path: str
    approvals: tuple[Approval, ...]
    is_current: bool


def lock(
    files: Sequence[str], *, is_check: bool, local_repositories: Sequence[str] = ()
) -> LockOutcome:
    """Write `runner.lock` for all plugins of other repositories that have no `grant:`.

    It names those of these pipelines and no others. With `is_check` nothing is written. Raises
    InvalidInput for a pipeline that is not valid, Unavailable.
    """
    source = find_source("")
    found: dict[str, Plugin] = {}
    overrides = parse_overrides(local_repositories)
    catalogue = open_catalogue(source, overrides=overrides, is_complete=False)

    def approve(plugin: Plugin) -> Permissions:
        found[plugin.reference] = plugin
        return plugin.manifest.permissions

    for file in files:
        read_plan(file, catalogue, approve)
    path, text = os.path.join(source, FILE_NAME), write_text(found.values())
    is_current = _read(path) == text
    if not is_current and not is_check:
        _replace(path, text)
    approvals = (
        Approval(name, tuple(describe(plugin.manifest.permissions)))
        for name, plugin in sorted(found.items())
    )
    return LockOutcome(os.path.relpath(path), tuple(approvals), is_current)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, ValueError):
        return ""


def _replace(path: str, text: str) -> None:
    beside = f"{path}.{os.getpid()}"
    try:
        with open(beside, "x", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError as error:
        message = f"cannot write `{path}`: {error.strerror}"
        raise Unavailable([Problem("lock-unwritable", message)]) from error
