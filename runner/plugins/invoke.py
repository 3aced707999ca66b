"""A call of a plugin as the one record that crosses the sandbox wall."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from runner import permissions as algebra
from runner.abi import Clock, Directory, Invocation, Limits
from runner.abi.guest import COMMAND_FILES, COMMANDS, PLUGIN, TMP, WORKSPACE
from runner.errors import Denied, InvalidInput, Position, Problem, nearest
from runner.permissions import Permissions
from runner.permissions.kinds.system import sees
from runner.permissions.paths import is_plain
from runner.plugins import inputs, templates
from runner.plugins.manifest import MAIN, SHELL
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from runner.plugins.manifest import EntryPoint, Manifest
    from runner.plugins.modules import ModuleFile
    from runner.plugins.policy import Policy
    from runner.plugins.resolve import Plugin

SCRIPT = "/script"
# 1980, the earliest time that archives can hold: what a fixed clock shows if nobody knows better.
FIXED_CLOCK = Clock(315_532_800 * 10**9)


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
    the inputs. `allowed` is what the plugin is allowed in the end; where its paths are files or
    patterns, `runner.plugins.staging` makes room for them, and without it they are not shown.
    `secrets` are the values that the plugin knows by handle only.
    """

    invocation: Invocation
    folders: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    allowed: Permissions = Permissions()
    secrets: dict[str, str] = {}


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
    policy: Policy | None = None,
    clock: Clock = FIXED_CLOCK,
) -> Call:
    """Build the invocation of an entry point; pure.

    `given` is what stands in `with`; None for an entry point that takes no inputs, such as the
    one that runs a pipeline's scripts. `arguments` replaces the manifest's whole argv, program name
    included. `environment` reaches every plugin (it wins over `offered`, of which the plugin sees
    the names it requests as `env_vars`). `grant` narrows the manifest's request; without it
    everything requested is granted to a trusted plugin, and nothing to another. `policy` caps both.
    `limits` tighten the manifest's; a 0 leaves it as it is. `clock` is for those without
    `system_time`.

    Raises `InvalidInput` for wrong inputs and `Denied` for a request wider than grant or policy.
    """
    entry = _find_entry_point(plugin, entry_point)
    declared = {} if given is None else plugin.manifest.inputs
    values = inputs.hide_secrets(declared, inputs.check(declared, given or {}))
    allowed = _settle(plugin, values.typed, grant, policy)
    directories, folders = _list_directories(plugin, entry, places, allowed)
    seen = {name: text for name, text in offered.items() if sees(allowed.system, name)}
    module = plugin.modules[entry.name]
    check_module(plugin.manifest, module, policy)
    variables = {
        "HOME": TMP if allowed.filesystem.temp_access else "/",
        **({"TMPDIR": TMP} if allowed.filesystem.temp_access else {}),
        **seen,
        **environment,
        **_build_environment(plugin, entry, values.typed),
        **{f"INPUT_{name.replace(' ', '_').upper()}": text for name, text in values.texts.items()},
        **{name: f"{COMMANDS}/{file}" for name, file in COMMAND_FILES.items()},
        "PWD": posixpath.normpath(f"{WORKSPACE}/{places.working_directory}"),
    }
    threads = min(plugin.manifest.threads or allowed.system.max_threads, allowed.system.max_threads)
    invocation = Invocation(
        module.path,
        module.digest,
        tuple(arguments) if arguments is not None else _build_argv(plugin, entry, values.typed),
        tuple(sorted(variables.items())),
        directories,
        _tighten(plugin.manifest.limits, allowed, limits),
        export=_implement(plugin, entry).export,
        clock=None if allowed.system.system_time else clock,
        can_create_directories=allowed.filesystem.create_directories,
        max_threads=threads,
        host_calls=_list_host_calls(allowed),
        max_message_size=allowed.communication.max_message_size,
    )
    withheld = tuple(name for name in offered if name not in seen)
    return Call(invocation, folders, withheld, values.warnings, allowed, values.secrets)


def _find_entry_point(plugin: Plugin, name: str) -> EntryPoint:
    known = plugin.manifest.entry_points
    if name not in known:
        message = f"plugin `{plugin.manifest.id}` has no entry point `{name}`"
        raise InvalidInput([Problem("entry-point", message, hint=nearest(name, known))])
    return known[name]


def _implement(plugin: Plugin, entry: EntryPoint) -> EntryPoint:
    """Return the entry point whose module runs: that of the interpreter, if there is one."""
    if not entry.interpreter:
        return entry
    return plugin.interpreters[entry.interpreter].manifest.entry_points[SHELL]


def _build_argv(plugin: Plugin, entry: EntryPoint, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Put the name of the file first: a program of several names looks at it."""
    runs = _implement(plugin, entry)
    program = posixpath.basename(runs.module.path if runs.module else "").removesuffix(".wasm")
    own = templates.evaluate_arguments(entry.arguments, values)
    if runs is entry:
        return (program, *own)
    before = templates.evaluate_arguments(runs.arguments, {})
    return (program, *before, f"{SCRIPT}/{entry.script}", *own)


def _build_environment(
    plugin: Plugin, entry: EntryPoint, values: Mapping[str, Any]
) -> dict[str, str]:
    runs = _implement(plugin, entry)
    first = {} if runs is entry else dict(runs.environment)
    texts = {key: templates.evaluate_text(text, {}) for key, text in first.items()}
    return texts | {key: templates.evaluate_text(text, values) for key, text in entry.environment}


def _settle(
    plugin: Plugin,
    values: Mapping[str, Any],
    grant: Permissions | None,
    policy: Policy | None,
) -> Permissions:
    """Return `requested ∩ granted ∩ policy`, having refused what is lacking there."""
    requested, faults = algebra.expand(
        plugin.manifest.permissions, lambda text: templates.evaluate_text(text, values)
    )
    if faults:
        raise InvalidInput(Problem(fault.code, fault.message, hint=fault.hint) for fault in faults)
    if grant is None and not plugin.is_trusted:
        grant = Permissions()
    return settle(plugin.manifest, requested, grant, policy)


def check_module(manifest: Manifest, module: ModuleFile, policy: Policy | None) -> None:
    """Raise `Denied` for a module that the policy blocks."""
    if policy and module.digest in policy.blocked:
        message = f"the policy blocks the module of plugin `{manifest.id}`"
        hint = f"its sha256 is {module.digest}"
        raise Denied([Problem("module-blocked", message, Position(policy.file), hint)])


def settle(
    manifest: Manifest, requested: Permissions, grant: Permissions | None, policy: Policy | None
) -> Permissions:
    """Return what is allowed of what is `requested`; raises `Denied` unless that is all of it."""
    who = f"plugin `{manifest.id}` requests more than"
    problems = []
    if grant is not None and (lacking := algebra.missing(requested, grant)):
        hint = algebra.grant_text(lacking)
        problems.append(Problem("permission-denied", f"{who} it is granted", hint=hint))
    cap, where = policy.cap(manifest.id, manifest.kind) if policy else (None, None)
    if cap is not None and (lacking := algebra.missing(requested, cap)):
        hint = f"it allows no {algebra.grant_text(lacking)}"
        problems.append(Problem("policy-denied", f"{who} the policy allows", where, hint))
    if problems:
        raise Denied(problems)
    return algebra.intersect(requested, *(one for one in (grant, cap) if one is not None))


def _list_directories(
    plugin: Plugin, entry: EntryPoint, places: Places, allowed: Permissions
) -> tuple[tuple[Directory, ...], tuple[str, ...]]:
    """Return what is shown, and the folders of the workspace that must exist for it.

    Only a read-only base with writable leaves protects anything (a read-only folder within a
    writable one is reached by `x/./y`), so no folder is shown within a writable one.
    """
    writable = [path for path in allowed.filesystem.write_paths if is_plain(path)]
    readable = [
        path for path in allowed.filesystem.read_paths if is_plain(path) and path not in writable
    ]
    shown = [
        Directory(guest_path(path), places.workspace, "" if path == "." else path, path in writable)
        for path in sorted((*readable, *writable))
    ]
    if "." not in (*readable, *writable):
        shown.insert(0, Directory(WORKSPACE, places.empty, is_partial=True))
    shown.insert(0, Directory("/", places.empty, is_partial=True))
    if entry.interpreter:
        shown.append(_show(PLUGIN, plugin.interpreters[entry.interpreter], places))
        shown.append(_show(SCRIPT, plugin, places))
    else:
        shown.append(_show(PLUGIN, plugin, places))
    shown.append(Directory(COMMANDS, places.commands, writable=True))
    if allowed.filesystem.temp_access:
        shown.append(Directory(TMP, places.temporary, writable=True))
    return tuple(shown), tuple(path for path in writable if path != ".")


def _show(guest: str, plugin: Plugin, places: Places) -> Directory:
    """Show the plugin's own folder; one in the workspace may be a planted link."""
    root = posixpath.join(places.workspace, "")
    if plugin.folder.startswith(root):
        return Directory(guest, places.workspace, plugin.folder.removeprefix(root))
    return Directory(guest, plugin.folder)


def guest_path(path: str) -> str:
    """Return where a plugin sees the `path` of the workspace."""
    return WORKSPACE if path == "." else f"{WORKSPACE}/{path}"


def _list_host_calls(allowed: Permissions) -> tuple[str, ...]:
    wanted = {
        "http": allowed.network.allowed_domains,
        "message": allowed.communication.host_communication,
        "call": allowed.communication.allowed_plugins,
        "spawn": allowed.system.spawn_processes,
    }
    return tuple(name for name, is_allowed in wanted.items() if is_allowed)


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
