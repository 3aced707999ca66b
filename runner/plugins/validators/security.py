"""Does the module match what the manifest requests, and is there anything hidden in it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.errors import Position, Problem
from runner.permissions import units
from runner.plugins.wasm.capabilities import WASI, asks_host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plugins.validators.subject import Binary, Subject
    from runner.plugins.wasm import Outline

MAX_DATA = 64 * 2**20
MAX_CUSTOM = 2**20
# Written by compilers; debug information is large and harmless.
_KNOWN_CUSTOM = frozenset(
    {
        *("name", "producers", "target_features", "linking", "dylink.0", "go:buildid"),
        *("component-name", "component-type", "metadata.code.branch_hint", "sourceMappingURL"),
        *("external_debug_info", "core", "package-docs", "version", "authors", "licenses"),
    }
)


def check(subject: Subject) -> Iterator[Problem]:
    """Yield what a reviewer would want to know before granting anything."""
    for binary, outline in subject.distinct():
        if binary.digest in subject.blocked:
            message = "the module is on the list of those that are known to be bad"
            hint = f"do not use it; its sha256 is {binary.digest}"
            yield Problem("module-blocked", message, Position(binary.file), hint)
        yield from _check_imports(subject, binary, outline)
        yield from _check_hidden(binary, outline)
    yield from _check_unused(subject)


def _check_imports(subject: Subject, binary: Binary, outline: Outline) -> Iterator[Problem]:
    requested = subject.manifest.permissions
    place = Position(binary.file)
    if any(map(asks_host, outline.imports)) and not _requests_host(subject):
        message = "the module can ask the host for something, and the manifest requests nothing"
        hint = "request `network`, `communication` or `system.spawn_processes`, or do without"
        yield Problem("import-unrequested", message, place, hint, "warning")
    names = {one.name for one in outline.imports if one.module == WASI}
    if "random_get" in names and not requested.system.system_time:
        message = "the module uses random numbers, which repeat without `system_time`"
        hint = "do not make keys or tokens with them"
        yield Problem("random-repeats", message, place, hint, "warning")


def _check_hidden(binary: Binary, outline: Outline) -> Iterator[Problem]:
    place = Position(binary.file)
    if outline.has_start:
        message = "the module has a start function, which runs before any entry point"
        hint = "build it without; WASI commands do not need one"
        yield Problem("start-function", message, place, hint, "warning")
    data = outline.total("data")
    if data > MAX_DATA:
        message = f"the module carries {units.format_size(data)} of data"
        hint = "ship large files beside the module, where one can look at them"
        yield Problem("data-size", message, place, hint, "warning")
    for section in outline.sections:
        name = ascii(section.name)[1:-1][:100]
        is_known = section.name in _KNOWN_CUSTOM or section.name.startswith((".debug", "reloc."))
        if section.kind == "custom" and not is_known and section.size > MAX_CUSTOM:
            message = f"the custom section `{name}` has {section.size} bytes of nobody knows what"
            yield Problem("section-unknown", message, place, "strip the module", "warning")


def _check_unused(subject: Subject) -> Iterator[Problem]:
    """Tell of permissions that no module can make use of: they are for nothing, or for later."""
    outlines = [outline for _, outline in subject.distinct()]
    if not outlines or any(entry.interpreter for entry in subject.manifest.entry_points.values()):
        return
    can_ask = any(
        outline.is_component or any(map(asks_host, outline.imports)) for outline in outlines
    )
    if _requests_host(subject) and not can_ask:
        message = "the manifest requests what only the host can do, and no module can ask it"
        hint = "leave it out of `permissions`, or import `runner.call`"
        yield Problem("permission-unused", message, subject.place("permissions"), hint, "warning")


def _requests_host(subject: Subject) -> bool:
    requested = subject.manifest.permissions
    return bool(
        requested.network.allowed_domains
        or requested.communication.allowed_plugins
        or requested.communication.host_communication
        or requested.system.spawn_processes
    )
