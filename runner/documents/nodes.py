"""A document as a tree whose every node knows its place."""

from __future__ import annotations

from typing import Any

from runner.errors import Position
from runner.records import NamedTuple


class Scalar(NamedTuple):
    """A leaf: None, bool, int, float or str, resolved by YAML 1.2 core. 1-based place."""

    value: bool | int | float | str | None
    line: int
    column: int


class Sequence(NamedTuple):
    items: tuple[Node, ...]
    line: int
    column: int


class Mapping(NamedTuple):
    """Keys are always text (a Scalar whose value is a str), in document order, never twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """Return the value of `key`, or None if it is absent."""
        for name, node in self.entries:
            if name.value == key:
                return node
        return None


Node = Scalar | Sequence | Mapping


class Document(NamedTuple):
    """A file that was read: `file` as the user named it, `digest` hex SHA-256 of its bytes."""

    file: str
    text: str
    digest: str
    root: Node

    def position(self, node: Node) -> Position:
        """Return where `node` stands, for a problem about it."""
        return Position(self.file, node.line, node.column)


def plain(node: Node) -> Any:
    """Return `node` as plain dicts, lists and scalars."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {str(key.value): plain(value) for key, value in node.entries}
