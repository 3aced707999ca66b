"""Which names an expression may use, and with how many arguments (LANGUAGE §4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from runner.expressions.error import ExpressionError, locate
from runner.expressions.functions import FUNCTIONS
from runner.expressions.parser import parse_once
from runner.expressions.registry import MAX_PARAMETERS, Function

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from runner.expressions.parser import Parsed, Use

AllowedFunctions: TypeAlias = (
    "Mapping[str, Function | tuple[int, int] | Callable[..., Any]] | Iterable[str]"
)

_ANY_COUNT = (0, MAX_PARAMETERS)


def check(
    expression: str,
    allowed_contexts: Iterable[str],
    allowed_functions: AllowedFunctions = (),
) -> list[ExpressionError]:
    """Return what is wrong with an expression written without `${{ }}`, without evaluating it.

    Like GitHub, this stops at the first problem: the list is empty or holds one. The functions
    are those beyond the global ones: by name, with a `Function`, a pair of the fewest and most
    arguments, or a callable (any number); names alone accept any number too.
    """
    problem = find_problem(
        parse_once(expression), lower_names(allowed_contexts), arities(allowed_functions)
    )
    return [problem] if problem else []


def find_problem(
    parsed: Parsed, contexts: Mapping[str, Any], functions: Mapping[str, tuple[int, int]]
) -> ExpressionError | None:
    """Return the first thing wrong in the order of the text; all names are in lower case."""
    for use in parsed.uses:
        kind = _problem_of(use, contexts, functions)
        if kind:
            return locate(
                kind,
                use.name,
                expression=parsed.expression,
                offset=use.offset,
                base=parsed.base,
            )
    return parsed.failure() if parsed.node is None else None


def lower_names(names: Iterable[str]) -> dict[str, str]:
    """Return the names by their lower-case form; the first of several spellings counts."""
    lowered: dict[str, str] = {}
    for name in names:
        lowered.setdefault(name.lower(), name)
    return lowered


def arities(functions: AllowedFunctions) -> dict[str, tuple[int, int]]:
    """Return the fewest and most arguments by lower-case name."""
    if not isinstance(functions, Mapping):
        return {name.lower(): _ANY_COUNT for name in functions}
    return {name.lower(): _arity(entry) for name, entry in functions.items()}


def _arity(entry: Function | tuple[int, int] | Callable[..., Any]) -> tuple[int, int]:
    if isinstance(entry, Function):
        return entry.minimum, entry.maximum
    return entry if isinstance(entry, tuple) else _ANY_COUNT


def _problem_of(
    use: Use, contexts: Mapping[str, Any], functions: Mapping[str, tuple[int, int]]
) -> str:
    name = use.name.lower()
    if use.kind == "context":
        return "" if name in contexts else "Unrecognized named-value"
    builtin = FUNCTIONS.get(name)
    if use.kind == "function":
        return "" if builtin or name in functions else "Unrecognized function"
    minimum, maximum = _arity(builtin) if builtin else functions.get(name, _ANY_COUNT)
    if use.arguments < minimum:
        return "Too few parameters supplied"
    if use.arguments > maximum:
        return "Too many parameters supplied"
    if name == "case" and use.arguments % 2 == 0:
        return "Even number of parameters supplied, requires an odd number of parameters"
    return ""
