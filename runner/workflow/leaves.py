"""Leaves of a checked document as leaves of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Document, Mapping, Node, Scalar, Sequence
from runner.documents.scalars import to_text
from runner.errors import Position
from runner.workflow.values import Text, Value

if TYPE_CHECKING:
    Fields = dict[str, Node]


def fields_of(node: Node | None) -> Fields:
    """Return the values of a mapping by key; nothing for another kind of node."""
    if not isinstance(node, Mapping):
        return {}
    return {str(key.value): value for key, value in node.entries}


def items_of(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a list, or the single node that stands for a list of one."""
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


class Leaves:
    """Makes texts and values of one file's nodes; None stays None."""

    def __init__(self, document: Document) -> None:
        self.file = document.file

    def position(self, node: Node) -> Position:
        return Position(self.file, node.line, node.column)

    def text(self, node: Node | None) -> Text | None:
        return self.given(node) if isinstance(node, Scalar) else None

    def given(self, node: Node) -> Text:
        value = to_text(node.value) if isinstance(node, Scalar) else ""
        return Text(value, Position(self.file, node.line, node.column))

    def texts(self, node: Node | None) -> tuple[Text, ...]:
        return tuple(self.given(item) for item in items_of(node))

    def value(self, node: Node | None) -> Value | None:
        if not isinstance(node, Scalar) or node.value is None:
            return None
        return Value(node.value, self.position(node))
