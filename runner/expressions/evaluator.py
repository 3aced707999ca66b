"""A tree and its contexts to a value (LANGUAGE §4.5, §4.6). Trees are at most 50 deep."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeAlias

from runner.expressions.checker import arities, find_problem, lower_names
from runner.expressions.error import ExpressionError
from runner.expressions.functions import FUNCTIONS
from runner.expressions.memory import Memory
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
from runner.expressions.parser import parse_once
from runner.expressions.registry import Arguments, Function
from runner.expressions.values import (
    COLLECTIONS,
    FilteredArray,
    equals,
    fold,
    is_greater,
    is_truthy,
    kind_of,
    to_number,
    to_plain,
    to_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from runner.expressions.nodes import Node
    from runner.expressions.parser import Parsed

Functions: TypeAlias = "Mapping[str, Function | Callable[..., Any]]"

_MISSING: Any = object()


def evaluate(
    expression: str, contexts: Mapping[str, Any], functions: Functions | None = None
) -> Any:
    """Return the value of an expression written without `${{ }}`.

    Contexts are plain JSON-like data by name; `functions` are added to the global ones (a bare
    callable takes any number of arguments). Names are case-insensitive, and so are keys of
    objects, except those of `env`. The result is None, bool, int (whole numbers up to 2**53),
    float, str, list or dict; lists and dicts may be the caller's own. Raises `ExpressionError`
    and nothing else.
    """
    parsed = parse_once(expression)
    return evaluate_node(parsed.node, [parsed], contexts, functions)


def evaluate_node(
    node: Node | None,
    parts: Iterable[Parsed],
    contexts: Mapping[str, Any],
    functions: Functions | None = None,
) -> Any:
    """Evaluate `node`, made of the expressions in `parts`, whose names are checked first."""
    names = lower_names(contexts)
    extra = functions or {}
    counts = arities(extra)
    for part in parts:
        if problem := find_problem(part, names, counts):
            raise problem
    calls = {name.lower(): _callable(entry) for name, entry in extra.items()}
    evaluation = _Evaluation(contexts, names, calls)
    try:
        return to_plain(evaluation.value_of(node))
    except (RecursionError, MemoryError) as error:
        raise ExpressionError("a value is nested too deeply or is too large") from error


class _Evaluation:
    """One evaluation: its memory, and the key indexes of the objects it has met."""

    __slots__ = ("_calls", "_contexts", "_env", "_indexes", "_memory", "_names")

    def __init__(
        self,
        contexts: Mapping[str, Any],
        names: Mapping[str, str],
        calls: Mapping[str, Callable[..., Any]],
    ) -> None:
        self._contexts = contexts
        self._names = names
        self._calls = calls
        self._memory = Memory()
        self._env: Any = _MISSING
        self._indexes: dict[int, tuple[Mapping[Any, Any], dict[str, Any]]] = {}

    def value_of(self, node: Node | None) -> Any:
        mark = self._memory.used
        value = _EVALUATORS[type(node)](self, node)
        self._memory.settle(mark, value)
        return value

    def literal(self, node: Literal) -> Any:
        return node.value

    def context(self, node: Context) -> Any:
        name = node.name.lower()
        value = self._contexts[self._names[name]]
        if name == "env":
            self._env = value
        return value

    def negate(self, node: Not) -> bool:
        return not is_truthy(self.value_of(node.operand))

    def choose(self, node: Logical) -> Any:
        """Return the operand that decides, or the last one."""
        decisive = node.operator == "||"
        value = None
        for operand in node.operands:
            value = self.value_of(operand)
            if is_truthy(value) is decisive:
                break
        return value

    def compare(self, node: Comparison) -> bool:
        left, right = self.value_of(node.left), self.value_of(node.right)
        operator = node.operator
        if operator in {"==", "!="}:
            return equals(left, right) is (operator == "==")
        if operator[-1] == "=" and equals(left, right):
            return True
        return is_greater(left, right) if operator[0] == ">" else is_greater(right, left)

    def call(self, node: Call) -> Any:
        thunks = [functools.partial(self.value_of, argument) for argument in node.arguments]
        name = node.name.lower()
        try:
            if builtin := FUNCTIONS.get(name):
                return builtin.call(Arguments(thunks, self._memory))
            return self._call_extra(node, [to_plain(thunk()) for thunk in thunks])
        except ExpressionError as error:
            # Arguments stand behind the name, so an error already placed is never at 0.
            error.offset = error.offset or node.offset
            raise

    def _call_extra(self, node: Call, values: list[Any]) -> Any:
        try:
            return self._calls[node.name.lower()](*values)
        except (ExpressionError, RecursionError, MemoryError):
            raise
        except Exception as error:
            # Whatever a caller's function meets (a lost file, a bad pattern) is the expression's
            # failure; callers of `evaluate` catch one error.
            raise ExpressionError(f"function `{node.name}` failed: {error}") from error

    def filter(self, node: Filter) -> FilteredArray:
        base = self.value_of(node.base)
        if not isinstance(base, FilteredArray):
            return self._gather([base])
        return self._gather(base)

    def _gather(self, collections: Iterable[Any]) -> FilteredArray:
        result = FilteredArray()
        for collection in collections:
            kind = kind_of(collection)
            if kind in COLLECTIONS:
                self._memory.add_items(len(collection))
                result.extend(collection.values() if kind == "object" else collection)
        return result

    def index(self, node: Index) -> Any:
        base = self.value_of(node.base)
        if kind_of(base) not in COLLECTIONS:
            return None
        key = _Key(self.value_of(node.key))
        if isinstance(base, FilteredArray):
            found = (self._find(item, key) for item in base)
            result = FilteredArray(value for value in found if value is not _MISSING)
            self._memory.add_items(len(result))
            return result
        value = self._find(base, key)
        return None if value is _MISSING else value

    def _find(self, base: Any, key: _Key) -> Any:
        kind = kind_of(base)
        if kind == "object":
            return _MISSING if key.text is None else self._find_member(base, key)
        if kind == "array" and 0 <= key.number < len(base):
            return base[int(key.number)]
        return _MISSING

    def _find_member(self, base: Mapping[Any, Any], key: _Key) -> Any:
        value = base.get(key.text, _MISSING)
        if value is not _MISSING or base is self._env:
            return value
        # Built on the first miss, once an object: a loop over its keys stays linear. The object
        # is kept with its index, so that its id is not given to another one meanwhile.
        known = self._indexes.get(id(base))
        if known is None:
            spellings = {fold(name): name for name in reversed(list(base)) if isinstance(name, str)}
            known = self._indexes[id(base)] = base, spellings
        name = known[1].get(key.folded, _MISSING)
        return _MISSING if name is _MISSING else base[name]


class _Key:
    """What stands in `[ ]` or behind the point; each reading of it is made once, when needed."""

    def __init__(self, value: Any) -> None:
        self._value = value
        self.text = None if kind_of(value) in COLLECTIONS else to_text(value)

    @functools.cached_property
    def folded(self) -> str:
        return fold(self.text or "")

    @functools.cached_property
    def number(self) -> float:
        return to_number(self._value)


def _callable(entry: Function | Callable[..., Any]) -> Callable[..., Any]:
    return entry.call if isinstance(entry, Function) else entry


_EVALUATORS: dict[type, Callable[[_Evaluation, Any], Any]] = {
    Literal: _Evaluation.literal,
    Context: _Evaluation.context,
    Index: _Evaluation.index,
    Filter: _Evaluation.filter,
    Not: _Evaluation.negate,
    Logical: _Evaluation.choose,
    Comparison: _Evaluation.compare,
    Call: _Evaluation.call,
}
