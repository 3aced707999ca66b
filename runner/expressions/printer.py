"""A tree back to text: parsing what is printed gives the same tree, offsets aside."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from runner.expressions.lexer import is_identifier
from runner.expressions.nodes import (
    Call,
    Comparison,
    Context,
    Filter,
    Index,
    Literal,
    Logical,
    Not,
)
from runner.expressions.parser import PRECEDENCE

if TYPE_CHECKING:
    from runner.expressions.nodes import Node, Scalar

_POSTFIX = 6
_LITERAL = 7


def format_expression(node: Node) -> str:
    """Return the expression, without `${{ }}`, with no more brackets than needed."""
    return _write(node)[0]


def _write(node: Node) -> tuple[str, int]:
    """Return the text and how tightly its outermost operator binds."""
    if isinstance(node, Literal):
        return _write_literal(node.value), _LITERAL
    if isinstance(node, Context):
        return node.name, _POSTFIX
    if isinstance(node, Call):
        return f"{node.name}({', '.join(map(format_expression, node.arguments))})", _POSTFIX
    if isinstance(node, Filter):
        return f"{_write_base(node.base)}.*", _POSTFIX
    if isinstance(node, Index):
        return _write_base(node.base) + _write_key(node.key), _POSTFIX
    return _write_operator(node)


def _write_operator(node: Not | Comparison | Logical) -> tuple[str, int]:
    if isinstance(node, Not):
        return f"!{_enclose(node.operand, PRECEDENCE['!'])}", PRECEDENCE["!"]
    binding = PRECEDENCE[node.operator]
    if isinstance(node, Logical):
        operands = [_enclose(operand, binding + 1) for operand in node.operands]
    else:
        operands = [_enclose(node.left, binding), _enclose(node.right, binding + 1)]
    return f" {node.operator} ".join(operands), binding


def _write_base(node: Node) -> str:
    text, binding = _write(node)
    # A literal takes no index, unless it stands in brackets.
    return text if binding == _POSTFIX else f"({text})"


def _write_key(key: Node) -> str:
    if isinstance(key, Literal) and isinstance(key.value, str) and is_identifier(key.value):
        return f".{key.value}"
    return f"[{format_expression(key)}]"


def _enclose(node: Node, least: int) -> str:
    text, binding = _write(node)
    return text if binding >= least else f"({text})"


def _write_literal(value: Scalar) -> str:
    if isinstance(value, str):
        escaped = value.replace("'", "''")
        return f"'{escaped}'"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if math.isfinite(value):
        # All digits, unlike conversion to a string: reading gives back the same double.
        return repr(value)
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
