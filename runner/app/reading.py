"""From a pipeline's file to its plan."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.app.catalogue import Catalogue
from runner.app.places import cache_folder
from runner.documents.reader import load
from runner.errors import InvalidInput, Position, Problem
from runner.execution.builtins import BUILTINS
from runner.plan.planner import make_plan
from runner.plugins import resolve as plugins
from runner.workflow.reader import SCHEMA, check_workflow, read_workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from runner.app.repositories import Repositories
    from runner.documents.nodes import Document
    from runner.plan.catalogue import Approve
    from runner.plan.model import Plan
    from runner.plugins.policy import Policy
    from runner.plugins.resolve import Plugin

MAX_PIPELINE = 8 * 1024 * 1024


def open_catalogue(tree: str, *, overrides: Mapping[str, str], is_complete: bool) -> Catalogue:
    """Return what finds plugins, actions and workflows for a plan.

    `overrides` are folders by `OWNER/REPO@REF`. If it `is_complete`, the modules of plugins are
    fetched too, as a run needs them; else manifests alone are read.
    """
    cache = cache_folder()

    def find_plugin(uses: str, base: str) -> Plugin:
        find = plugins.resolve if is_complete else plugins.find
        return find(uses, base=base, cache=cache)

    def find_modules(plugin: Plugin) -> Plugin:
        return plugins.complete(plugin, base=tree, cache=cache) if is_complete else plugin

    def make_repositories() -> Repositories:
        from runner.app.repositories import Repositories  # git; few pipelines need another one

        return Repositories(overrides, cache=cache)

    return Catalogue(
        tree,
        find_plugin=find_plugin,
        find_modules=find_modules,
        repositories=make_repositories,
    )


def parse_overrides(given: Iterable[str]) -> dict[str, str]:
    """Return the folders of repositories by `OWNER/REPO@REF`. Raises InvalidInput."""
    if not given:
        return {}
    from runner.app.repositories import parse_override

    return dict(map(parse_override, given))


def read_policy(file: str, source: str) -> Policy | None:
    """Return what caps the grants of all plugins, None if nothing does. Raises InvalidInput.

    `file` is as the user gave it; '' means `.runner/policy.yml` of `source`, if it is there.
    """
    path = file or os.path.join(source, ".runner", "policy.yml")
    if not file and not os.path.lexists(path):
        return None
    from runner.plugins import policy  # few have one

    return policy.read_file(path, memory=os.path.join(cache_folder(), "documents"))


def read_approvals(source: str) -> Approve | None:
    """Return what `runner.lock` of `source` approves, None without one. Raises InvalidInput."""
    path = os.path.join(source, "runner.lock")
    if not os.path.lexists(path):
        return None
    from runner.plugins import lockfile  # few have one

    shown, memory = os.path.relpath(path), os.path.join(cache_folder(), "documents")
    return lockfile.read_file(shown, memory=memory).approve


def read_plan(file: str, catalogue: Catalogue, approve: Approve | None = None) -> Plan:
    """Read, check and plan the pipeline in `file`.

    A file that was found valid before is not checked again. Raises InvalidInput with every
    problem of the file, or of all that its steps and jobs use.
    """
    memory = os.path.join(cache_folder(), "documents")
    document = load(file, read_file(file), SCHEMA, rules=check_workflow, memory=memory)
    return plan_document(document, catalogue, approve)


def plan_document(document: Document, catalogue: Catalogue, approve: Approve | None = None) -> Plan:
    """Plan a valid document; see `read_plan`. Without `approve`, `runner.lock` of the tree does."""
    return make_plan(
        read_workflow(document),
        origin=catalogue.origin,
        catalogue=catalogue,
        builtins=BUILTINS,
        approve=approve or read_approvals(catalogue.origin.folder),
    )


def read_file(file: str) -> bytes:
    """Return the bytes of a pipeline file. Raises InvalidInput."""
    try:
        with open(file, "rb") as source:
            return source.read(MAX_PIPELINE)
    except OSError as error:
        message = f"cannot read the pipeline: {error.strerror}"
        raise InvalidInput([Problem("run.unreadable", message, Position(file))]) from error
