"""From what `uses:` says to a plugin whose module lies on this disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.errors import InvalidInput, Problem, nearest
from runner.plugins import modules, reader, reference
from runner.plugins.manifest import FILE_NAME, SHELL
from runner.plugins.sources import local, standard
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plugins.manifest import Dependency, Manifest
    from runner.plugins.modules import ModuleFile

MAX_MANIFEST = 2**20
STANDARD_NAMESPACE = "runner/"


class Plugin(NamedTuple):
    """A manifest with its folder (absolute) and, by entry point, its modules.

    `is_trusted` holds for the standard steps and plugins of the same repository: they are granted
    what they request. `interpreters` are the plugins, by id, that run scripts of this one.
    """

    reference: str
    folder: str
    manifest: Manifest
    modules: dict[str, ModuleFile] = {}
    is_trusted: bool = True
    interpreters: dict[str, Plugin] = {}


def find(uses: str, *, base: str, cache: str) -> Plugin:
    """Read the manifest that `uses` names, without its modules: enough to validate and plan.

    `base` is the absolute folder that `./dir` is relative to, `cache` the user's cache folder.
    What it depends on is looked for, too. Raises `InvalidInput` with every problem of the
    reference or the manifest.
    """
    plugin = _read(uses, base=base, cache=cache)
    if plugin.manifest.dependencies:
        check_dependencies(plugin, base=base, cache=cache)
    return plugin


def find_id(name: str, *, near: str, base: str, cache: str) -> Plugin:
    """Return the plugin whose id is `name`, without its modules.

    It is a standard step, or lies beside `near`, the folder of the plugin that speaks of it.
    Raises `InvalidInput`.
    """
    known = {}
    for uses in _list_references(name, near=near, base=base):
        try:
            plugin = _read(uses, base=base, cache=cache)
        except InvalidInput:
            if uses.endswith(f"/{name.rpartition('/')[2]}"):  # this one was meant
                raise
            continue
        if plugin.manifest.id == name:
            return plugin
        known[plugin.manifest.id] = uses
    message = f"there is no plugin with the id `{name}`"
    raise InvalidInput([Problem("dependency-not-found", message, hint=nearest(name, known))])


def resolve(uses: str, *, base: str, cache: str) -> Plugin:
    """`find`, then get the modules: from the folder, the cache or the manifest's source.

    Raises `InvalidInput`, `Denied` for a module that is not what was pinned, or `Unavailable`
    when a source cannot be reached.
    """
    return complete(find(uses, base=base, cache=cache), base=base, cache=cache)


def complete(plugin: Plugin, *, base: str, cache: str) -> Plugin:
    """Return a plugin that was found together with its modules; raises as `resolve` does."""
    interpreters: dict[str, Plugin] = {}
    known: dict[object, ModuleFile] = {}
    files = {}
    for entry in plugin.manifest.entry_points.values():
        module, folder = entry.module, plugin.folder
        if module is None:
            if entry.interpreter not in interpreters:
                found = find_id(entry.interpreter, near=plugin.folder, base=base, cache=cache)
                interpreters[entry.interpreter] = found
            shell = interpreters[entry.interpreter].manifest.entry_points.get(SHELL)
            if shell is None or shell.module is None:
                raise _no_interpreter(plugin, entry.interpreter)
            module, folder = shell.module, interpreters[entry.interpreter].folder
        if (module, folder) not in known:
            found_file = modules.obtain(module, folder=folder, base=base, cache=cache)
            known[module, folder] = found_file
        files[entry.name] = known[module, folder]
    return plugin._replace(modules=files, interpreters=interpreters)


def _read(uses: str, *, base: str, cache: str) -> Plugin:
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
    manifest = reader.read(shown, content, memory=memory)
    if kind == reference.LOCAL and manifest.id.startswith(STANDARD_NAMESPACE):
        _check_is_standard(manifest.id, folder, shown)
    return Plugin(uses, folder, manifest)


def _check_is_standard(name: str, folder: str, shown: str) -> None:
    """Refuse the id of a standard step to others: policies and interpreters go by it."""
    known = standard.list_names()
    if any(os.path.samefile(folder, standard.locate(one)) for one in known):
        return  # in the repository that they come from
    message = f"`{shown}`: the namespace of `{name}` is that of the standard steps"
    hint = "take a namespace of your own"
    raise InvalidInput([Problem("plugin-id", message, hint=hint)])


def _list_references(name: str, *, near: str, base: str) -> Iterator[str]:
    """Yield where a plugin may be, the likeliest first: folders are named as ids end."""
    last = name.rpartition("/")[2]
    parent = os.path.dirname(near)
    relative = os.path.relpath(parent, base)
    if relative != ".." and not relative.startswith("../"):
        names = sorted(local.list_plugins(parent), key=lambda one: one != last)
        yield from (f"./{os.path.normpath(os.path.join(relative, one))}" for one in names)
    names = sorted(standard.list_names(), key=lambda one: one != last)
    yield from (f"steps/{one}" for one in names)


def check_dependencies(plugin: Plugin, *, base: str, cache: str) -> None:
    """Raise `InvalidInput` for everything that this plugin, or one that it needs, lacks."""
    from runner.plugins.features import check_feature  # 1 ms; few plugins depend on anything

    problems: list[Problem] = []
    waiting, seen = [plugin], {plugin.manifest.id}
    while waiting:
        one = waiting.pop()
        for needed in one.manifest.dependencies:
            try:
                if needed.feature:
                    check_feature(needed.feature, needed.version)
                    continue
                found = find_id(needed.id, near=one.folder, base=base, cache=cache)
                _check_version(found, needed)
            except InvalidInput as error:
                about = f"plugin `{one.manifest.id}`: "
                problems += [item._replace(message=about + item.message) for item in error.problems]
                continue
            if needed.id not in seen:
                seen.add(needed.id)
                waiting.append(found)
    if problems:
        raise InvalidInput(problems)


def _check_version(found: Plugin, needed: Dependency) -> None:
    from runner.plugins.versions import parse_range  # as above

    if not parse_range(needed.version).holds(found.manifest.version):
        message = (
            f"`{needed.id}` is needed as `{needed.version}`, and `{found.reference}` is "
            f"{found.manifest.version}"
        )
        raise InvalidInput([Problem("dependency-version", message)])


def _no_interpreter(plugin: Plugin, name: str) -> InvalidInput:
    message = f"plugin `{plugin.manifest.id}`: `{name}` is no interpreter"
    hint = f"an interpreter has an entry point `{SHELL}` with a module of its own"
    return InvalidInput([Problem("entry-point", message, hint=hint)])


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
