"""The value of `if:`, where `${{ }}` is optional and success is asked for (LANGUAGE §4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.expressions.checker import check
from runner.expressions.evaluator import evaluate_node
from runner.expressions.nodes import Call, Logical
from runner.expressions.parser import Parsed, Use, parse_once
from runner.expressions.template import OPEN, check_template, parse_template
from runner.expressions.values import is_truthy
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from runner.expressions.checker import AllowedFunctions
    from runner.expressions.error import ExpressionError
    from runner.expressions.evaluator import Functions
    from runner.expressions.nodes import Node

STATUS_FUNCTIONS = frozenset({"always", "cancelled", "failure", "success"})

# What `success()` is read as: with it at hand most runs need no lexer, whose pattern costs 3 ms.
_SUCCESS = Call("success", (), 0)
_SUCCESS_USES = (Use("function", "success", 0, 0), Use("arity", "success", 0, 0))
SUCCESS = Parsed("success()", _SUCCESS, 1, _SUCCESS_USES, None)


class Condition(NamedTuple):
    """What an `if:` means; `node` includes the `success() &&` that was not written."""

    node: Node
    parts: tuple[Parsed, ...]
    adds_success: bool


def parse_condition(text: str | None) -> Condition:
    """Return the meaning of `if: text` (None and blank text: `success()`), or raise.

    A condition that calls no status function also asks for `success()`. Text that is only partly
    in `${{ }}` becomes a string, which is always true.
    """
    if text is None or not text.strip():
        return Condition(_SUCCESS, (SUCCESS,), adds_success=True)
    node, parts = _parse(text)
    if any(_calls_status(part) for part in parts):
        return Condition(node, parts, adds_success=False)
    operands = node.operands if isinstance(node, Logical) and node.operator == "&&" else (node,)
    wrapped = Logical("&&", (_SUCCESS, *operands))
    return Condition(wrapped, (SUCCESS, *parts), adds_success=True)


def check_condition(
    text: str | None, allowed_contexts: Iterable[str], allowed_functions: AllowedFunctions = ()
) -> list[ExpressionError]:
    """Return the first problem of an `if:`, or nothing, as `check` does."""
    if text is None or not text.strip():
        return []
    if OPEN in text:
        return check_template(text, allowed_contexts, allowed_functions)
    return check(text, allowed_contexts, allowed_functions)


def evaluate_condition(
    text: str | None, contexts: Mapping[str, Any], functions: Functions | None = None
) -> bool:
    """Tell whether an `if:` holds; raises `ExpressionError` (also without `success`)."""
    condition = parse_condition(text)
    return is_truthy(evaluate_node(condition.node, condition.parts, contexts, functions))


def _calls_status(part: Parsed) -> bool:
    return any(use.kind == "function" and use.name.lower() in STATUS_FUNCTIONS for use in part.uses)


def _parse(text: str) -> tuple[Node, tuple[Parsed, ...]]:
    if OPEN in text:
        template = parse_template(text)
        return template.node, template.parts
    parsed = parse_once(text)
    if parsed.node is None:
        raise parsed.failure()
    return parsed.node, (parsed,)
