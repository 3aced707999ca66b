"""The `${{ }}` language: read, check, evaluate (LANGUAGE §4). Pure; knows no workflow.

`template` treats scalars with `${{ }}` in them, `condition` the value of `if:`, `values` the
conversions and comparisons, for callers that need them without an expression.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.expressions.checker import check
from runner.expressions.error import ExpressionError
from runner.expressions.evaluator import evaluate
from runner.expressions.parser import parse
from runner.expressions.registry import Function

if TYPE_CHECKING:
    from runner.expressions.dependencies import References, references
    from runner.expressions.printer import format_expression

__all__ = [
    "ExpressionError",
    "Function",
    "References",
    "check",
    "evaluate",
    "format_expression",
    "parse",
    "references",
]


def __getattr__(name: str) -> Any:
    # 1 ms; a run neither prints expressions nor explains what they depend on.
    if name == "format_expression":
        from runner.expressions.printer import format_expression

        return format_expression
    if name in {"References", "references"}:
        from runner.expressions import dependencies

        return getattr(dependencies, name)
    raise AttributeError(name)
