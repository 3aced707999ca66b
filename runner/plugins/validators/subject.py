"""What validators look at: a manifest with its places, and the bytes of its modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from runner.documents.nodes import Mapping, Node
from runner.documents.reader import load
from runner.plugins.manifest import build
from runner.plugins.reader import SCHEMA
from runner.plugins.rules import find_problems
from runner.plugins.wasm import Malformed, Outline, read_outline
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as MappingOf

    from runner.documents.nodes import Document
    from runner.errors import Position, Problem
    from runner.permissions import Permissions
    from runner.plugins.manifest import EntryPoint, Manifest


class Binary(NamedTuple):
    """A module or component: `file` as the user would name it. `outline` is None if it is none,
    and `fault` says why.
    """

    file: str
    data: bytes
    digest: str
    outline: Outline | None
    fault: str = ""


class Subject(NamedTuple):
    """A plugin to be looked at.

    `binaries` are by entry point, without those that an interpreter runs. `approved` is what the
    plugin was allowed in the version that is locked, None if it is not. `blocked` are digests
    (hex SHA-256) of modules that are known to be bad.
    """

    manifest: Manifest
    document: Document
    binaries: dict[str, Binary]
    approved: Permissions | None = None
    blocked: frozenset[str] = frozenset()

    def entry_points(self) -> Iterable[tuple[EntryPoint, Binary, Outline]]:
        """Yield the entry points whose modules can be read."""
        for name, binary in self.binaries.items():
            if binary.outline is not None:
                yield self.manifest.entry_points[name], binary, binary.outline

    def distinct(self) -> Iterable[tuple[Binary, Outline]]:
        """Yield each module that can be read once."""
        known = {binary.digest: binary for binary in self.binaries.values()}
        for binary in known.values():
            if binary.outline is not None:
                yield binary, binary.outline

    def place(self, *path: str) -> Position:
        """Return where the value at `path` stands in the manifest, as far as it is there."""
        node: Node = self.document.root
        found = self.document.position(node)
        for step in path:
            deeper = node.get(step) if isinstance(node, Mapping) else None
            if deeper is None:
                break
            node = deeper
            found = self.document.position(node)
        return found


class Validator(Protocol):
    """Filled by a Python module; one file each."""

    def check(self, subject: Subject) -> Iterable[Problem]:
        """Yield findings: severity, code, message, place, and as hint the advice.

        Every byte of the subject is hostile; work grows at most linearly with it.
        """
        ...


def read_subject(
    file: str,
    content: bytes,
    modules: MappingOf[str, tuple[str, bytes]],
    *,
    approved: Permissions | None = None,
    blocked: frozenset[str] = frozenset(),
) -> Subject:
    """Read a manifest and its modules, (file, bytes) by entry point.

    Raises InvalidInput for a manifest that is not valid.
    """
    from runner.documents.nodes import plain

    document = load(file, content, SCHEMA, rules=find_problems)
    manifest = build(plain(document.root), file=file, digest=document.digest)
    known: dict[tuple[str, int], Binary] = {}
    binaries = {}
    for name, (shown, data) in modules.items():
        if (shown, id(data)) not in known:
            known[shown, id(data)] = _read_binary(shown, data)
        binaries[name] = known[shown, id(data)]
    return Subject(manifest, document, binaries, approved, blocked)


def _read_binary(file: str, data: bytes) -> Binary:
    import hashlib  # 3 ms; only for validation

    digest = hashlib.sha256(data).hexdigest()
    try:
        return Binary(file, data, digest, read_outline(data))
    except Malformed as error:
        return Binary(file, data, digest, None, str(error))
