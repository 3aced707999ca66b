"""The outline of a WebAssembly binary: sections, imports, exports, sizes. Work grows with its
number of items, not with its code, which is passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.plugins.wasm.cursor import Cursor, Malformed
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Export", "Import", "Malformed", "Outline", "read_outline"]

PAGE = 65536
KINDS = ("function", "table", "memory", "global", "tag")
SECTIONS = (
    *("custom", "type", "import", "function", "table", "memory", "global", "export", "start"),
    *("element", "code", "data", "data count", "tag"),
)
_MAGIC = b"\0asm"
_VERSIONS = {b"\1\0\0\0": False, b"\x0d\0\1\0": True}
_ORDER = {name: index for index, name in enumerate(("type", "import", "function", "table"))} | {
    name: index + 4
    for index, name in enumerate(
        ("memory", "tag", "global", "export", "start", "element", "data count", "code", "data")
    )
}
_COMPONENT_IMPORT, _COMPONENT_EXPORT = 10, 11
_MAX_SECTIONS = 100_000


class Section(NamedTuple):
    """`name` is that of a custom section, else of its kind; sizes and places in bytes."""

    kind: str
    name: str
    at: int
    size: int


class Import(NamedTuple):
    """`kind` is one of `KINDS`; in a component both names are those of the interface."""

    module: str
    name: str
    kind: str


class Export(NamedTuple):
    name: str
    kind: str


class Memory(NamedTuple):
    """In pages of 64 KiB; `most` is None without a bound."""

    least: int
    most: int | None
    is_shared: bool


class Outline(NamedTuple):
    """What a binary says of itself. `bodies` are the places of its functions: (start, end)."""

    size: int
    is_component: bool
    sections: tuple[Section, ...] = ()
    imports: tuple[Import, ...] = ()
    exports: tuple[Export, ...] = ()
    memories: tuple[Memory, ...] = ()
    has_start: bool = False
    bodies: tuple[tuple[int, int], ...] = ()

    def total(self, kind: str) -> int:
        """Return how many bytes the sections of a kind have."""
        return sum(section.size for section in self.sections if section.kind == kind)


def read_outline(data: bytes) -> Outline:
    """Read a module or component; raises Malformed with the place of the first fault."""
    if data[:4] != _MAGIC:
        raise Malformed("is not WebAssembly: it does not begin with `\\0asm`")
    if data[4:8] not in _VERSIONS:
        raise Malformed(f"is of a version that is not known: {data[4:8].hex() or 'none'}")
    is_component = _VERSIONS[data[4:8]]
    reading = _Reading(data, is_component=is_component)
    cursor, sections = Cursor(data, 8, len(data)), []
    while cursor.left:
        sections.append(reading.section(cursor))
        if len(sections) > _MAX_SECTIONS:
            raise Malformed(f"has more than {_MAX_SECTIONS} sections")
    return reading.outline._replace(sections=tuple(sections))


class _Reading:
    """Goes through the sections of one binary; `outline` fills up."""

    def __init__(self, data: bytes, *, is_component: bool) -> None:
        self.outline = Outline(len(data), is_component)
        self._last = -1

    def section(self, cursor: Cursor) -> Section:
        number, size = cursor.byte(), cursor.number()
        body = cursor.part(size)
        start = body.at
        if self.outline.is_component:
            return self._component_section(number, body, size)
        if number >= len(SECTIONS):
            raise Malformed(f"has a section of an unknown kind, {number} (at byte {start})")
        kind = SECTIONS[number]
        if kind == "custom":
            return Section(kind, body.name(), start, size)
        if _ORDER[kind] <= self._last:
            raise Malformed(f"has a {kind} section in the wrong place (at byte {start})")
        self._last = _ORDER[kind]
        if kind in _READERS:
            self.outline = _READERS[kind](self.outline, body)
            if body.left:
                raise body.failure(f"has a {kind} section that is too long")
        return Section(kind, kind, start, size)

    def _component_section(self, number: int, body: Cursor, size: int) -> Section:
        start = body.at
        if number == 0:
            return Section("custom", body.name(), start, size)
        if number == _COMPONENT_IMPORT:
            names = _read_component_names(body, has_index=False)
            found = tuple(Import(name, "", "function") for name in names)
            self.outline = self.outline._replace(imports=(*self.outline.imports, *found))
        if number == _COMPONENT_EXPORT:
            names = _read_component_names(body, has_index=True)
            exports = tuple(Export(name, "function") for name in names)
            self.outline = self.outline._replace(exports=(*self.outline.exports, *exports))
        return Section(f"component {number}", f"component {number}", start, size)


def _read_component_names(body: Cursor, *, has_index: bool) -> list[str]:
    """Return the names of a component's imports or exports, as far as they can be told apart."""
    names = []
    for _ in range(body.count(3)):
        if body.byte() > 2:
            raise body.failure("has a name of an unknown form")
        names.append(body.name())
        if has_index:
            if body.byte() == 0:  # a core item has a byte more
                body.byte()
            body.skip_number()
            if body.byte() == 0:
                continue
        if body.byte() == 0:  # likewise, of what a type is of
            body.byte()
        body.skip_number()
    return names


def _read_imports(outline: Outline, body: Cursor) -> Outline:
    found, memories = [], []
    for _ in range(body.count(4)):
        module, name, kind = body.name(), body.name(), body.byte()
        if kind >= len(KINDS):
            raise body.failure("imports something of an unknown kind")
        if kind == 0:
            body.skip_number()
        elif kind == 1:
            _skip_type(body)
            _read_limits(body)
        elif kind == 2:
            memories.append(_read_limits(body))
        elif kind == 3:
            _skip_type(body)
            body.byte()
        else:
            body.byte()
            body.skip_number()
        found.append(Import(module, name, KINDS[kind]))
    return outline._replace(imports=tuple(found), memories=(*outline.memories, *memories))


def _read_exports(outline: Outline, body: Cursor) -> Outline:
    found = []
    for _ in range(body.count(3)):
        name, kind = body.name(), body.byte()
        if kind >= len(KINDS):
            raise body.failure("exports something of an unknown kind")
        body.skip_number()
        found.append(Export(name, KINDS[kind]))
    return outline._replace(exports=tuple(found))


def _read_memories(outline: Outline, body: Cursor) -> Outline:
    found = tuple(_read_limits(body) for _ in range(body.count(2)))
    return outline._replace(memories=(*outline.memories, *found))


def _read_start(outline: Outline, body: Cursor) -> Outline:
    body.skip_number()
    return outline._replace(has_start=True)


def _read_code(outline: Outline, body: Cursor) -> Outline:
    places = []
    for _ in range(body.count(2)):
        size = body.number()
        start = body.take(size)
        places.append((start, start + size))
    return outline._replace(bodies=tuple(places))


def _read_limits(body: Cursor) -> Memory:
    flags = body.byte()
    if flags > 0x0F:
        raise body.failure("has limits of an unknown form")
    bits = 64 if flags & 4 else 32
    least = body.number(bits)
    most = body.number(bits) if flags & 1 else None
    if flags & 8:
        body.skip_number()
    return Memory(least, most, bool(flags & 2))


def _skip_type(body: Cursor) -> None:
    if body.byte() in {0x63, 0x64}:  # a reference to a type follows
        body.skip_number(33)


_READERS: dict[str, Callable[[Outline, Cursor], Outline]] = {
    "import": _read_imports,
    "export": _read_exports,
    "memory": _read_memories,
    "start": _read_start,
    "code": _read_code,
}
