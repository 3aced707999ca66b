"""Is what a plugin requests reasonable, and has it grown since somebody approved it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner import permissions
from runner.errors import Problem
from runner.permissions import domains, paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plugins.validators.subject import Subject

_GROUP = "permissions"


def check(subject: Subject) -> Iterator[Problem]:
    """Yield requests that are wider than a plugin should need."""
    requested = subject.manifest.permissions
    if subject.approved is not None:
        lacking = permissions.grant_text(permissions.missing(requested, subject.approved))
        if lacking:
            message = "the plugin requests more than was approved"
            where = subject.place(_GROUP)
            yield Problem("permission-growth", message, where, f"it adds {lacking}")
    for code, message, path, hint in _find_wide(subject):
        yield Problem(code, message, subject.place(_GROUP, *path), hint, "warning")


def _find_wide(subject: Subject) -> Iterator[tuple[str, str, tuple[str, str], str]]:
    files, _, system, talk = subject.manifest.permissions
    if paths.EVERYTHING in files.write_paths:
        message = "it may change every file of the workspace"
        hint = "name the folders that it writes, by inputs if need be"
        yield "permission-wide", message, ("filesystem", "write_paths"), hint
    yield from _find_leaks(subject)
    for group, field, names in (
        ("system", "spawn_processes", system.spawn_processes),
        ("communication", "allowed_plugins", talk.allowed_plugins),
    ):
        if "*" in names:
            message = "it may run any plugin there is"
            yield "permission-wide", message, (group, field), "name the plugins, or a namespace"


def _find_leaks(subject: Subject) -> Iterator[tuple[str, str, tuple[str, str], str]]:
    network, system = subject.manifest.permissions.network, subject.manifest.permissions.system
    place = ("network", "allowed_domains")
    wild = [
        name for name in network.allowed_domains if name.startswith("*") or name == domains.PRIVATE
    ]
    if wild:
        shown = ", ".join(f"`{name}`" for name in wild)
        message = f"it may talk to hosts that nobody has named: {shown}"
        yield "permission-wide", message, place, "name the hosts"
    secrets = [name for name, one in subject.manifest.inputs.items() if one.secret]
    if secrets and wild:
        message = f"it may send the secret `{secrets[0]}` to hosts that nobody has named"
        yield "permission-leak", message, place, "name the hosts"
    if network.allowed_domains and not network.require_https:
        message = "what it sends and gets can be read and changed on the way"
        hint = "leave `require_https` out"
        yield "permission-plain-http", message, ("network", "require_https"), hint
    if network.allowed_domains and "*" in system.env_vars:
        message = "it sees every variable of the step and may send it out"
        hint = "name the variables, and take secrets by `secret: true`"
        yield "permission-leak", message, ("system", "env_vars"), hint
