"""Is it really WebAssembly, of a form that runs here, and does it have what is to be called?"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from runner.errors import Position, Problem, nearest
from runner.permissions import units
from runner.plugins.manifest import EXPORT
from runner.plugins.wasm.capabilities import HOST, HOST_FUNCTIONS, WASI, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plugins.manifest import EntryPoint
    from runner.plugins.validators.subject import Binary, Subject
    from runner.plugins.wasm import Import, Outline

MAX_SIZE = 512 * 2**20
_RUN = "wasi:cli/run@0.2."
_MOST_IMPORTS = 20


def check(subject: Subject) -> Iterator[Problem]:
    """Yield what would keep the plugin from starting at all."""
    seen = set()
    for name, binary in subject.binaries.items():
        place = Position(binary.file)
        if binary.digest in seen:
            continue
        seen.add(binary.digest)
        if binary.outline is None:
            hint = "build it for WASI: GOOS=wasip1 GOARCH=wasm, --target=wasm32-wasip1"
            yield Problem("module-malformed", f"the module {binary.fault}", place, hint)
        elif len(binary.data) > MAX_SIZE:
            message = f"the module is larger than {units.format_size(MAX_SIZE)}"
            where = subject.place("entry_points", name, "module")
            yield Problem("module-size", message, where, "strip it of debug information")
    for binary, outline in subject.distinct():
        if not outline.is_component:
            yield from _check_imports(binary, outline)
    for entry, binary, outline in subject.entry_points():
        yield from _check_export(subject, entry, binary, outline)
    yield from _check_scripts(subject)


def _check_imports(binary: Binary, outline: Outline) -> Iterator[Problem]:
    unknown = [one for one in outline.imports if not is_known(one)]
    for one in unknown[:_MOST_IMPORTS]:
        message = f"the module imports the {one.kind} `{_shown(one)}`, which this host has not"
        yield Problem("import-unknown", message, Position(binary.file), _advise(one))
    if len(unknown) > _MOST_IMPORTS:
        message = f"the module has {len(unknown) - _MOST_IMPORTS} more unknown imports"
        yield Problem("import-unknown", message, Position(binary.file))
    if not any(one.kind == "memory" for one in outline.exports):
        message = "the module exports no memory, so it can hand nothing to its host"
        hint = 'export it as "memory"'
        yield Problem("memory-missing", message, Position(binary.file), hint, "warning")


def _check_export(
    subject: Subject, entry: EntryPoint, binary: Binary, outline: Outline
) -> Iterator[Problem]:
    where = subject.place("entry_points", entry.name, "export")
    names = [one.name for one in outline.exports if one.kind == "function"]
    if outline.is_component:
        if not any(name.startswith(_RUN) for name in names):
            message = f"the component `{binary.file}` does not export `{_RUN}x`"
            hint = "build a command: `wasi:cli/command`"
            yield Problem("export-missing", message, where, hint)
    elif entry.export not in names:
        message = f"`{binary.file}` exports no function `{_escape(entry.export)}`"
        hint = nearest(_escape(entry.export), map(_escape, names[:_MOST_IMPORTS]))
        if entry.export == EXPORT and "_initialize" in names:
            hint = "it is a library (reactor); name the function to call by `export`"
        yield Problem("export-missing", message, where, hint)


def _check_scripts(subject: Subject) -> Iterator[Problem]:
    for entry in subject.manifest.entry_points.values():
        if entry.script and posixpath.normpath(entry.script) != entry.script:
            where = subject.place("entry_points", entry.name, "script")
            message = f"script `{entry.script}` has a roundabout path"
            hint = f"write `{posixpath.normpath(entry.script)}`"
            yield Problem("script-path", message, where, hint, "warning")


def _advise(one: Import) -> str:
    if one.module == "wasi_unstable":
        return f"it was built for a WASI before preview 1; build it for `{WASI}`"
    if one.module == HOST:
        return nearest(_escape(one.name), HOST_FUNCTIONS)
    if one.module in {"env", "go", "gojs", "wbg", "__wbindgen_placeholder__"}:
        return "it was built for a browser or an embedder; build it for WASI preview 1"
    if one.module == "wasi" and one.name == "thread-spawn":
        return "threads are not offered; build it without them"
    return f"a plugin may import from `{WASI}` and `{HOST}` only"


def _shown(one: Import) -> str:
    return _escape(f"{one.module}.{one.name}")


def _escape(name: str) -> str:
    """Return a hostile name as one short line."""
    return ascii(name)[1:-1][:100]
