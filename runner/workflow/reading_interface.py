"""Checked `workflow_dispatch` and `workflow_call` nodes to records (spec §3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Mapping, Scalar
from runner.workflow.interface import CallOutput, CallSecret, Input, Interface
from runner.workflow.leaves import fields_of

if TYPE_CHECKING:
    from runner.documents.nodes import Node
    from runner.workflow.leaves import Fields, Leaves
    from runner.workflow.values import Text


def read_call(leaves: Leaves, call: Fields) -> Interface:
    """Return what the value of `workflow_call` declares."""
    outputs = [
        CallOutput(name, leaves.given(fields["value"]), _words(leaves, fields.get("description")))
        for name, fields in _named(leaves, call.get("outputs"))
    ]
    secrets = [
        CallSecret(name, _flag(fields.get("required")), _words(leaves, fields.get("description")))
        for name, fields in _named(leaves, call.get("secrets"))
    ]
    return Interface(read_inputs(leaves, call.get("inputs")), tuple(outputs), tuple(secrets))


def read_inputs(leaves: Leaves, node: Node | None) -> tuple[Input, ...]:
    """Return the inputs of an `inputs` mapping, which may be empty or absent."""
    return tuple(
        Input(
            name,
            type=_words(leaves, fields.get("type")) or "string",
            description=_words(leaves, fields.get("description")),
            is_required=_flag(fields.get("required")),
            default=leaves.value(fields.get("default")),
            options=leaves.texts(fields.get("options")),
        )
        for name, fields in _named(leaves, node)
    )


def _named(leaves: Leaves, node: Node | None) -> list[tuple[Text, Fields]]:
    if not isinstance(node, Mapping):
        return []
    return [(leaves.given(key), fields_of(value)) for key, value in node.entries]


def _words(leaves: Leaves, node: Node | None) -> str:
    text = leaves.text(node)
    return text.value if text else ""


def _flag(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.value is True
