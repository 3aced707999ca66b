"""What `uses:` names, found on this disk: plugins, actions, workflows, from whatever repository."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from runner.app.places import cache_folder
from runner.errors import InvalidInput, Problem
from runner.plan.model import Found, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.app.repositories import Repositories
    from runner.documents.nodes import Document
    from runner.plugins.resolve import Plugin
    from runner.workflow.action import Action
    from runner.workflow.model import Workflow
    from runner.workflow.references import Reference

MAX_FILE = 8 * 1024 * 1024
_ACTIONS = ("action.yml", "action.yaml")


class Catalogue:
    """Answers a planner (`runner.plan.catalogue`); asks for each reference once.

    `find_plugin` reads the plugin that a `./dir` or `steps/NAME` means in a folder;
    `find_modules` gets what its entry points name. `tree` is the folder that the run works on.
    """

    def __init__(
        self,
        tree: str,
        *,
        find_plugin: Callable[[str, str], Plugin],
        find_modules: Callable[[Plugin], Plugin],
        repositories: Callable[[], Repositories],
    ) -> None:
        self.origin = Origin(tree)
        self._find_plugin = find_plugin
        self._find_modules = find_modules
        self._make_repositories = repositories
        self._repositories: Repositories | None = None
        self._plugins: dict[tuple[str, str], Plugin] = {}
        self._found: dict[tuple[Origin, str], Found] = {}
        self._workflows: dict[tuple[Origin, str], Workflow] = {}

    def standard(self, uses: str) -> Plugin:
        return self._plugin(uses, self.origin)

    def find(self, reference: Reference, origin: Origin) -> Found:
        place, path = self._enter(reference, origin)
        key = place, path
        if key not in self._found:
            self._found[key] = self._look_into(place, path, reference)
        return self._found[key]

    def read(self, reference: Reference, origin: Origin) -> tuple[Workflow, Origin]:
        from runner.workflow.reader import SCHEMA, check_workflow, read_workflow

        place, path = self._enter(reference, origin)
        if reference.kind == "local":
            place = origin
        key = place, path
        if key not in self._workflows:
            document = _load(place, path, SCHEMA, check_workflow)
            self._workflows[key] = read_workflow(document)
        return self._workflows[key], place

    def is_overridden(self, reference: Reference) -> bool:
        is_remote = reference.kind == "remote"
        return is_remote and self._remote().is_overridden(reference.slug, reference.ref)

    def find_by_id(self, name: str, near: str) -> Plugin:
        """Return the plugin with the id `name`: a standard one, or one beside the folder `near`."""
        from runner.plugins.resolve import find_id  # loaded already

        tree = self.origin.folder
        return self._find_modules(find_id(name, near=near, base=tree, cache=cache_folder()))

    def locate(self, slug: str, ref: str) -> str:
        """Return the folder of another repository's files, for `actions/checkout`."""
        return self._remote().locate(slug, ref).folder

    def _remote(self) -> Repositories:
        if self._repositories is None:
            self._repositories = self._make_repositories()
        return self._repositories

    def _enter(self, reference: Reference, origin: Origin) -> tuple[Origin, str]:
        """Return the repository of a reference and the path in it; nothing leads out of it."""
        place, path = self.origin, reference.path
        if reference.kind == "remote":
            checkout = self._remote().locate(reference.slug, reference.ref)
            place = Origin(checkout.folder, reference.slug, reference.ref, checkout.commit)
        elif reference.kind == "own":
            place = origin
        parts = [part for part in path.replace("\\", "/").split("/") if part not in {"", "."}]
        if ".." in parts or "\0" in path:
            message = f"`{reference.text.value}` leaves the repository"
            hint = "write a folder of this repository"
            raise InvalidInput([Problem("reference", message, hint=hint)])
        return place, "/".join(parts)

    def _look_into(self, place: Origin, path: str, reference: Reference) -> Found:
        folder = _resolve(place, path)
        has_manifest = os.path.isfile(os.path.join(folder, "step.yml"))
        if not has_manifest:
            for name in _ACTIONS:
                if os.path.isfile(os.path.join(folder, name)):
                    return self._read_action(place, path, name)
            if os.path.isfile(os.path.join(folder, "Dockerfile")):
                message = f"`{reference.text.value}` is a docker action, which cannot be run"
                hint = "steps run in a WebAssembly sandbox: bring the tool in as a plugin"
                raise InvalidInput([Problem("unsupported.docker-action", message, hint=hint)])
        if not has_manifest and os.path.isdir(folder):
            message = f"`{reference.text.value}` has no `step.yml` and no `action.yml`"
            raise InvalidInput([Problem("plugin-not-found", message)])
        plugin = self._plugin(f"./{path}" if path else ".", place)
        if place.slug:
            uses = reference.text.value
            plugin = plugin._replace(reference=uses, is_trusted=False)
        return Found(place, path, plugin)

    def _read_action(self, place: Origin, path: str, name: str) -> Found:
        from runner.workflow.action import SCHEMA, check_action, read_action

        document = _load(place, os.path.join(path, name), SCHEMA, check_action)
        action = read_action(document)
        if action.using == "composite":
            return Found(place, path, action=action)
        return Found(place, path, self._make_plugin(action, place, path), action)

    def _make_plugin(self, action: Action, place: Origin, path: str) -> Plugin:
        from runner.app.wasmaction import make_plugin  # few pipelines use one

        plugin = make_plugin(action, os.path.join(place.folder, path), is_trusted=not place.slug)
        return self._find_modules(plugin)

    def _plugin(self, uses: str, place: Origin) -> Plugin:
        key = place.folder, uses
        if key not in self._plugins:
            self._plugins[key] = self._find_plugin(uses, place.folder)
        return self._plugins[key]


def _resolve(place: Origin, path: str) -> str:
    """Return the absolute path of something in a repository, to which no link may lead from it."""
    whole = os.path.join(place.folder, path) if path else place.folder
    root = os.path.realpath(place.folder)
    real = os.path.realpath(whole)
    if real != root and not real.startswith(os.path.join(root, "")):
        raise InvalidInput([Problem("reference", f"`{path}` is a link out of the repository")])
    return whole


def _load(
    place: Origin, path: str, schema: str, rules: Callable[[Document], list[Problem]]
) -> Document:
    """Read a document of a repository, checked; its problems have their places in it."""
    from runner.documents.reader import load

    file = _resolve(place, path)
    shown = f"{place.slug}/{path}@{place.ref}" if place.slug else os.path.relpath(file)
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as source:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise InvalidInput([Problem("call.unreadable", f"`{shown}` is not a file")])
            content = source.read(MAX_FILE)
    except OSError as error:
        message = f"cannot read `{shown}`: {error.strerror}"
        raise InvalidInput([Problem("call.unreadable", message)]) from error
    memory = os.path.join(cache_folder(), "documents")
    return load(shown, content, schema, rules=rules, memory=memory)
