"""The values of expressions at one moment of a job: contexts and functions together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.expressions import ExpressionError, Function
from runner.expressions.condition import evaluate_condition
from runner.expressions.template import evaluate_template
from runner.expressions.values import to_text
from runner.records import NamedTuple
from runner.workflow.templates import expand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.documents.nodes import Node
    from runner.workflow.values import Text, Value


class Scope(NamedTuple):
    """Every method raises ExpressionError if what is asked for cannot be evaluated."""

    contexts: Mapping[str, Any]
    functions: Mapping[str, Function]

    def value(self, text: str) -> Any:
        """Return the value of a scalar: typed if it is one expression, else text."""
        return evaluate_template(text, self.contexts, self.functions)

    def text(self, text: str) -> str:
        return to_text(self.value(text)) if "${{" in text else text

    def text_of(self, text: Text | None) -> str:
        return self.text(text.value) if text else ""

    def condition(self, condition: Text | None) -> bool:
        """Return whether an `if:` holds; none at all means `success()` (4.1)."""
        written = condition.value if condition else ""
        return evaluate_condition(written, self.contexts, self.functions)

    def data(self, node: Node | None) -> Any:
        """Return a node with all its expressions evaluated, as plain values."""
        return None if node is None else expand(node, self.value)

    def strings(self, node: Node | None) -> dict[str, str]:
        """Return an `env`, `with` or `outputs` map: every value becomes a string."""
        values = self.data(node) or {}
        return {name: to_text(value) for name, value in values.items()}

    def flag(self, value: Value | None, *, default: bool) -> bool:
        """Return a boolean; nothing else is turned into one (1.3)."""
        if value is None:
            return default
        given = self._scalar(value)
        if not isinstance(given, bool):
            raise ExpressionError(f"Unexpected value '{to_text(given)}'")
        return given

    def number(self, value: Value | None, *, default: float) -> float:
        """Return a finite number; nothing else is turned into one (1.3)."""
        if value is None:
            return default
        given = self._scalar(value)
        is_number = isinstance(given, int | float) and not isinstance(given, bool)
        if not is_number or not abs(given) < float("inf"):
            raise ExpressionError(f"Unexpected value '{to_text(given)}'")
        return float(given)

    def _scalar(self, value: Value) -> Any:
        return self.value(value.value) if isinstance(value.value, str) else value.value


def status_functions(
    *,
    is_success: Callable[..., bool],
    is_failure: Callable[..., bool],
    is_cancelled: Callable[[], bool],
    max_jobs: int = 0,
) -> dict[str, Function]:
    """Return success, failure, always and cancelled; `max_jobs` > 0 lets them take job ids."""
    return {
        "success": Function(is_success, 0, max_jobs),
        "failure": Function(is_failure, 0, max_jobs),
        "always": Function(lambda: True, 0, 0),
        "cancelled": Function(is_cancelled, 0, 0),
    }
