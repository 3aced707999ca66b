"""`plugin validate` and `plugin inspect`: a plugin's folder looked at without running it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.app.places import cache_folder, find_source
from runner.app.reading import read_policy
from runner.documents.nodes import plain
from runner.documents.reader import examine
from runner.errors import Denied, InvalidInput, Position, Problem, RunnerError
from runner.plugins import modules, resolve
from runner.plugins.invoke import settle
from runner.plugins.manifest import FILE_NAME, build
from runner.plugins.reader import SCHEMA, read
from runner.plugins.rules import find_problems
from runner.plugins.validators import Subject, read_subject, validate
from runner.records import NamedTuple
from runner.workspace.paths import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.documents.nodes import Document
    from runner.permissions import Permissions
    from runner.plugins.manifest import Manifest
    from runner.plugins.policy import Policy

_MAX_MANIFEST = resolve.MAX_MANIFEST
_MAX_MODULE = 1 << 30


class Inspection(NamedTuple):
    """What a plugin is and may do. `allowed` is None if it is refused, and `refusal` says why."""

    subject: Subject
    allowed: Permissions | None
    refusal: tuple[Problem, ...] = ()


def validate_plugin(folder: str, *, approved: str = "", policy: str = "") -> tuple[Problem, ...]:
    """Return everything that is wrong or doubtful with the plugin in `folder`, errors first.

    `approved` is the manifest of an older version, if its permissions are to be compared.
    Raises InvalidInput for what cannot be read at all.
    """
    shown, content = _read_manifest(folder)
    document, problems = examine(shown, content, SCHEMA, rules=find_problems)
    if any(problem.severity == "error" for problem in problems):
        return problems
    before = _read_approved(approved) if approved else None
    cap = read_policy(policy, find_source(""))
    found, missing = _read_modules(folder, document)
    blocked = cap.blocked if cap else frozenset[str]()
    subject = read_subject(shown, content, found, approved=before, blocked=blocked)
    return (*problems, *missing, *validate(subject))


def inspect_plugin(folder: str, *, policy: str = "") -> Inspection:
    """Return what the plugin in `folder` could do, requests and gets as a local one.

    Raises InvalidInput for a plugin that is not valid, Unavailable if a module cannot be fetched.
    """
    shown, content = _read_manifest(folder)
    document, problems = examine(shown, content, SCHEMA, rules=find_problems)
    if any(problem.severity == "error" for problem in problems):
        raise InvalidInput(problems)
    found, missing = _read_modules(folder, document)
    if missing:
        raise InvalidInput(missing)
    subject = read_subject(shown, content, found)
    allowed, refusal = _settle(subject.manifest, read_policy(policy, find_source("")))
    return Inspection(subject, allowed, refusal)


def _settle(
    manifest: Manifest, policy: Policy | None
) -> tuple[Permissions | None, tuple[Problem, ...]]:
    try:
        return settle(manifest, manifest.permissions, None, policy), ()
    except Denied as error:
        return None, error.problems


def _read_manifest(folder: str) -> tuple[str, bytes]:
    shown = os.path.normpath(os.path.join(folder, FILE_NAME))
    try:
        with open(shown, "rb") as file:
            content = file.read(_MAX_MANIFEST + 1)
    except OSError as error:
        message = f"cannot read the manifest: {error.strerror}"
        hint = f"name a folder with a `{FILE_NAME}`"
        raise InvalidInput([Problem("plugin-not-found", message, Position(shown), hint)]) from error
    if len(content) > _MAX_MANIFEST:
        message = f"the manifest is larger than {_MAX_MANIFEST // 2**20} MiB"
        raise InvalidInput([Problem("manifest-size", message, Position(shown))])
    return shown, content


def _read_approved(file: str) -> Permissions:
    try:
        with open(file, "rb") as source:
            return read(file, source.read(_MAX_MANIFEST)).permissions
    except OSError as error:
        message = f"cannot read the approved manifest: {error.strerror}"
        raise InvalidInput([Problem("plugin-not-found", message, Position(file))]) from error


def _read_modules(
    folder: str, document: Document
) -> tuple[Mapping[str, tuple[str, bytes]], list[Problem]]:
    """Return (file, bytes) by entry point, and what could not be had."""
    manifest = build(plain(document.root), file=document.file, digest=document.digest)
    place, cache = os.path.abspath(folder), cache_folder()
    base = find_source("")
    if os.path.relpath(place, base).startswith(".."):
        base = os.path.dirname(place)
    plugin = resolve.Plugin(folder, place, manifest)
    found: dict[str, tuple[str, bytes]] = {}
    known: dict[object, tuple[str, bytes]] = {}
    problems: list[Problem] = []
    try:
        resolve.check_dependencies(plugin, base=base, cache=cache)
    except RunnerError as error:
        problems += _placed(error, document)
    for entry in manifest.entry_points.values():
        if entry.module is None:
            script = os.path.join(place, entry.script)
            if not os.path.isfile(script):
                message = f"there is no script `{printable(entry.script)}`"
                problems.append(Problem("script-not-found", message, Position(document.file)))
            continue
        try:
            if entry.module not in known:
                file = modules.obtain(entry.module, folder=place, base=base, cache=cache)
                shown = os.path.normpath(os.path.join(folder, entry.module.path))
                known[entry.module] = (
                    shown if not entry.module.source else entry.module.path,
                    _read(file.path),
                )
            found[entry.name] = known[entry.module]
        except RunnerError as error:
            problems += _placed(error, document)
    return found, problems


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(_MAX_MODULE)


def _placed(error: RunnerError, document: Document) -> list[Problem]:
    where = Position(document.file)
    return [one if one.where else one._replace(where=where) for one in error.problems]
