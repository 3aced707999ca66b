"""What a tree depends on: for `runner plan`, and for rules about secrets and status functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.expressions.nodes import Call, Comparison, Context, Filter, Index, Literal, Logical, Not
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.expressions.nodes import Node


class References(NamedTuple):
    """All in the order of first use, each once.

    `contexts` and `functions` are in lower case. A path starts with its context and goes on with
    keys as written; `*` stands for a filter or a key known only at run time:
    `("needs", "*", "result")`.
    """

    contexts: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]
    functions: tuple[str, ...]


def references(node: Node) -> References:
    """Return the contexts, paths and functions that `node` names, evaluated or not."""
    paths: dict[tuple[str, ...], None] = {}
    functions: dict[str, None] = {}
    pending = [node]
    while pending:
        current = pending.pop()
        path = _path_of(current)
        if path:
            paths[path] = None
        if isinstance(current, Call):
            functions[current.name.lower()] = None
        children = _keys_of(current) if path else _children_of(current)
        pending.extend(reversed(list(children)))
    contexts = dict.fromkeys(path[0] for path in paths)
    return References(tuple(contexts), tuple(paths), tuple(functions))


def _path_of(node: Node) -> tuple[str, ...]:
    """Return the path of a chain of keys that starts at a context; else nothing."""
    keys: list[str] = []
    while isinstance(node, (Index, Filter)):
        literal = isinstance(node, Index) and isinstance(node.key, Literal) and node.key.value
        keys.append(literal if isinstance(literal, str) else "*")
        node = node.base
    return (node.name.lower(), *reversed(keys)) if isinstance(node, Context) else ()


def _keys_of(node: Node) -> Iterator[Node]:
    while isinstance(node, (Index, Filter)):
        if isinstance(node, Index):
            yield node.key
        node = node.base


def _children_of(node: Node) -> Iterator[Node]:
    if isinstance(node, Call):
        yield from node.arguments
    elif isinstance(node, Logical):
        yield from node.operands
    elif isinstance(node, Comparison):
        yield from (node.left, node.right)
    elif isinstance(node, Not):
        yield node.operand
    elif isinstance(node, (Index, Filter)):
        yield node.base
        if isinstance(node, Index):
            yield node.key
