"""A call of a plugin as the one record that crosses the sandbox wall."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from runner import permissions as algebra
from runner.abi import Directory, Invocation, Limits
from runner.abi.guest import COMMAND_FILES, COMMANDS, PLUGIN, TMP, WORKSPACE
from runner.errors import Denied, InvalidInput, Problem, nearest
from runner.permissions.kinds.system import sees
from runner.plugins import inputs, templates
from runner.plugins.manifest import MAIN
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from runner.permissions import Permissions
    from runner.plugins.manifest import EntryPoint
    from runner.plugins.resolve import Plugin


class Places(NamedTuple):
    """Host folders, absolute and trusted, for what the guest sees.

    `working_directory` is relative to `workspace`. `empty` is a folder that holds nothing: it
    stands in for `/`, without which Go programs fail, and for a `/workspace` that the plugin may
    not read as a whole.
    """

    workspace: str
    commands: str
    temporary: str
    empty: str
    working_directory: str = ""


class Call(NamedTuple):
    """`folders` must exist below the workspace before the call: make them, never through links.

    `withheld` are the names of `offered` that the plugin does not request, `warnings` are about
    the inputs.
    """

    invocation: Invocation
    folders: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()


def prepare(
    plugin: Plugin,
    given: Mapping[str, str] | None,
    *,
    places: Places,
    entry_point: str = MAIN,
    arguments: Sequence[str] | None = None,
    environment: Mapping[str, str] = {},
    offered: Mapping[str, str] = {},
    grant: Permissions | None = None,
    limits: Limits | None = None,
) -> Call:
    """Build the invocation of an entry point; pure.

    `given` is what stands in `with`; None for an entry point that takes no inputs, such as the
    one that runs a pipeline's scripts. `arguments` replaces the manifest's whole argv, program name
    included. `environment` reaches every plugin (it wins over `offered`, of which the plugin sees
    the names it requests as `env_vars`). `grant` narrows the manifest's request; without it
    everything requested is granted. `limits` tighten the manifest's; a 0 leaves it as it is.

    Raises `InvalidInput` for wrong inputs and `Denied` for a request wider than the grant.
    """
    entry = _find_entry_point(plugin, entry_point)
    declared = {} if given is None else plugin.manifest.inputs
    values = inputs.check(declared, given or {})
    allowed = _settle(plugin, values.typed, grant)
    directories, folders = _list_directories(plugin, places, allowed)
    seen = {name: text for name, text in offered.items() if sees(allowed.system, name)}
    module = plugin.modules[entry.name]
    variables = {
        "HOME": TMP if allowed.filesystem.temp_access else "/",
        **({"TMPDIR": TMP} if allowed.filesystem.temp_access else {}),
        **seen,
        **environment,
        **{key: templates.evaluate_text(text, values.typed) for key, text in entry.environment},
        **{f"INPUT_{name.replace(' ', '_').upper()}": text for name, text in values.texts.items()},
        **{name: f"{COMMANDS}/{file}" for name, file in COMMAND_FILES.items()},
        "PWD": posixpath.normpath(f"{WORKSPACE}/{places.working_directory}"),
    }
    invocation = Invocation(
        module.path,
        module.digest,
        tuple(arguments) if arguments is not None else _build_argv(entry, values.typed),
        tuple(sorted(variables.items())),
        directories,
        _tighten(plugin.manifest.limits, allowed, limits),
    )
    withheld = tuple(name for name in offered if name not in seen)
    return Call(invocation, folders, withheld, values.warnings)


def _find_entry_point(plugin: Plugin, name: str) -> EntryPoint:
    known = plugin.manifest.entry_points
    if name not in known:
        message = f"plugin `{plugin.manifest.id}` has no entry point `{name}`"
        raise InvalidInput([Problem("entry-point", message, hint=nearest(name, known))])
    return known[name]


def _build_argv(entry: EntryPoint, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Put the name of the file first: a program of several names looks at it."""
    program = posixpath.basename(entry.module.path).removesuffix(".wasm")
    return (program, *templates.evaluate_arguments(entry.arguments, values))


def _settle(plugin: Plugin, values: Mapping[str, Any], grant: Permissions | None) -> Permissions:
    requested, faults = algebra.expand(
        plugin.manifest.permissions, lambda text: templates.evaluate_text(text, values)
    )
    if faults:
        raise InvalidInput(Problem(fault.code, fault.message, hint=fault.hint) for fault in faults)
    if grant is not None and not algebra.covers(grant, requested):
        allowed = algebra.describe(algebra.intersect(requested, grant))
        missing = [line for line in algebra.describe(requested) if line not in allowed]
        message = f"plugin `{plugin.manifest.id}` requests more than it is granted"
        raise Denied([Problem("permission-denied", message, hint="; ".join(missing))])
    return requested


def _list_directories(
    plugin: Plugin, places: Places, allowed: Permissions
) -> tuple[tuple[Directory, ...], tuple[str, ...]]:
    """Return what is shown, and the folders of the workspace that must exist for it.

    Only a read-only base with writable leaves protects anything (a read-only folder within a
    writable one is reached by `x/./y`), so no folder is shown within a writable one.
    """
    writable = allowed.filesystem.write_paths
    readable = [path for path in allowed.filesystem.read_paths if path not in writable]
    shown = [
        Directory(
            _guest_path(path), places.workspace, "" if path == "." else path, path in writable
        )
        for path in sorted((*readable, *writable))
    ]
    if "." not in (*readable, *writable):
        shown.insert(0, Directory(WORKSPACE, places.empty))
    shown.insert(0, Directory("/", places.empty))
    shown.append(Directory(PLUGIN, plugin.folder))
    shown.append(Directory(COMMANDS, places.commands, writable=True))
    if allowed.filesystem.temp_access:
        shown.append(Directory(TMP, places.temporary, writable=True))
    return tuple(shown), tuple(path for path in writable if path != ".")


def _guest_path(path: str) -> str:
    return WORKSPACE if path == "." else f"{WORKSPACE}/{path}"


def _tighten(declared: Limits, allowed: Permissions, limits: Limits | None) -> Limits:
    """Take the smaller of each pair; 0 means no limit."""
    own = declared._replace(file_size=allowed.filesystem.max_file_size)
    if limits is None:
        return own
    smaller: dict[str, Any] = {
        name: min(one, other) if one and other else one or other
        for name, one, other in zip(Limits._fields, own, limits, strict=True)
    }
    return own._replace(**smaller)
