"""Nodes that may hold `${{ }}` anywhere, to plain values (spec §3.5, §4.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from runner.documents.nodes import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OPEN = "${{"
_INSERT = r"\$\{\{\s*insert\s*\}\}"


def expand(node: Node, evaluate: Callable[[str], Any]) -> Any:
    """Return the plain value of `node`; `evaluate` turns a text with `${{ }}` into its value.

    A list that is the value of a list item is spliced into the list, and so is the mapping under
    a key `${{ insert }}` into the mapping. Keys become text; a later key wins.
    """
    if isinstance(node, Scalar):
        is_template = isinstance(node.value, str) and OPEN in node.value
        return evaluate(str(node.value)) if is_template else node.value
    if isinstance(node, Sequence):
        items: list[Any] = []
        for item in node.items:
            value = expand(item, evaluate)
            if isinstance(value, list) and is_expression(item):
                items += value
            else:
                items.append(value)
        return items
    return _expand_mapping(node, evaluate)


def expressions_in(node: Node) -> Iterator[Scalar]:
    """Yield every scalar, keys too, that holds `${{`; `${{ insert }}` keys are left out."""
    if isinstance(node, Scalar):
        if isinstance(node.value, str) and OPEN in node.value:
            yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from expressions_in(item)
    else:
        for key, value in node.entries:
            if OPEN in str(key.value) and not is_insert(key):
                yield key
            yield from expressions_in(value)


def is_expression(node: Node | None) -> bool:
    """Tell whether `node` holds an expression where something else could stand."""
    return isinstance(node, Scalar) and isinstance(node.value, str) and OPEN in node.value


def is_insert(key: Scalar) -> bool:
    """Tell whether `key` asks for its mapping to be spliced into the one around it."""
    text = str(key.value)
    return OPEN in text and re.fullmatch(_INSERT, text) is not None


def _expand_mapping(node: Mapping, evaluate: Callable[[str], Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, item in node.entries:
        value = expand(item, evaluate)
        if is_insert(key):
            values.update(value if isinstance(value, dict) else {})
        elif OPEN in str(key.value):
            values[str(evaluate(str(key.value)))] = value
        else:
            values[str(key.value)] = value
    return values
