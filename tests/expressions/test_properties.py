"""What holds for every text and every value."""

from __future__ import annotations

import contextlib
import math
import re
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.expressions import ExpressionError, check, evaluate, format_expression, parse
from runner.expressions.condition import check_condition, evaluate_condition
from runner.expressions.json_text import read_json, write_json
from runner.expressions.memory import Memory
from runner.expressions.nodes import (
    Call,
    Comparison,
    Context,
    Filter,
    Index,
    Literal,
    Logical,
    Node,
    Not,
)
from runner.expressions.template import check_template, evaluate_template
from runner.expressions.values import equals, fold, is_greater, to_number, to_text

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
SNIPPETS = (
    *("github", "env", "x", "success()", "contains(", "format(", "join(", "toJSON(", "fromJSON("),
    *(
        "case(",
        ")",
        "(",
        "[",
        "]",
        ".",
        ",",
        "*",
        "[*]",
        ".*",
        "!",
        "!=",
        "==",
        "<",
        ">",
        "<=",
        ">=",
    ),
    *(
        "&&",
        "||",
        "'",
        "''",
        "'a'",
        "'{0}'",
        "'{'",
        "null",
        "true",
        "NaN",
        "1",
        "-1",
        "0x1",
        "1e999",
    ),
    *("${{", "}}", "{", "}", " ", "\n", "é", '"', "=", "&", "|", "+", "-", "\x00", "\ud800"),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(), max_size=8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
CONTEXTS = st.fixed_dictionaries({"github": VALUES, "env": VALUES, "x": VALUES})
TEXTS = st.lists(st.sampled_from(SNIPPETS), max_size=25).map("".join) | st.text(max_size=40)

NAMES = st.sampled_from(["github", "Env", "_", "a-b", "x1-", "Z__9", "nan", "True"])
LITERALS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats().filter(lambda number: not number.is_integer() or abs(number) > 2**53),
    st.text(max_size=8),
).map(Literal)


def build_chain(operator: str, operands: list[Node]) -> Node:
    """Return a logical node as the parser would make it: without chains in the chain."""
    flat: list[Node] = []
    for operand in operands:
        same = isinstance(operand, Logical) and operand.operator == operator
        flat += operand.operands if isinstance(operand, Logical) and same else [operand]
    return Logical(operator, tuple(flat))


def extend_nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    comparisons = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    return st.one_of(
        st.builds(Index, inner, inner),
        st.builds(Index, inner, NAMES.map(Literal)),
        st.builds(Filter, inner),
        st.builds(Not, inner),
        st.builds(Comparison, comparisons, inner, inner),
        st.builds(
            build_chain, st.sampled_from(["&&", "||"]), st.lists(inner, min_size=2, max_size=3)
        ),
        st.builds(Call, NAMES, st.lists(inner, max_size=2).map(tuple), st.just(0)),
    )


NODES: st.SearchStrategy[Node] = st.recursive(
    LITERALS | st.builds(Context, NAMES, st.just(0)), extend_nodes, max_leaves=8
)


def shape(node: Node) -> str:
    """Return the tree without its offsets; unlike equality, this tells records apart by name."""
    return re.sub(r"offset=-?\d+", "offset", repr(node))


def failure_of(run: Callable[..., Any], *arguments: Any) -> ExpressionError | None:
    try:
        run(*arguments)
    except ExpressionError as error:
        return error
    return None


@SETTINGS
@given(NODES)
def test_reading_what_was_printed(node: Node) -> None:
    """Parsing the printed form of any tree gives that tree."""
    assert shape(node) == shape(parse(format_expression(node)))


@SETTINGS
@given(TEXTS)
def test_printing_what_was_read(text: str) -> None:
    """The printed form of any text that can be read is read as the same tree."""
    with contextlib.suppress(ExpressionError):
        node = parse(text)
        assert shape(node) == shape(parse(format_expression(node)))


@SETTINGS
@given(TEXTS, CONTEXTS)
def test_only_expression_errors(text: str, contexts: dict[str, Any]) -> None:
    """No text and no value makes the language raise anything but its own error, in place."""
    functions = {"success": lambda *_: True}
    for run in (evaluate, evaluate_template, evaluate_condition):
        error = failure_of(run, text, contexts, functions)
        assert error is None or 0 <= error.offset <= len(text)


@SETTINGS
@given(NODES, VALUES)
def test_only_expression_errors_from_right_texts(node: Node, value: Any) -> None:
    """No tree that can be written raises anything but the one error when it is evaluated."""
    text = format_expression(node)
    names = set(re.findall(r"[A-Za-z_][A-Za-z0-9_-]*", text))
    with contextlib.suppress(ExpressionError):
        evaluate(text, dict.fromkeys(names, value), dict.fromkeys(names, lambda *_: value))


@SETTINGS
@given(TEXTS, CONTEXTS)
def test_what_is_checked_is_known(text: str, contexts: dict[str, Any]) -> None:
    """What the check finds is what evaluation raises first; the check itself never raises."""
    allowed = {"success": (0, 255)}
    check_template(text, contexts, allowed)
    check_condition(text, contexts, allowed)
    for problem in check(text, contexts, allowed):
        error = failure_of(evaluate, text, contexts, {"success": lambda *_: True})
        assert str(problem) == str(error)


@SETTINGS
@given(VALUES)
def test_json_there_and_back(value: Any) -> None:
    """Writing what was read from JSON text, and reading that again, changes nothing more."""
    with contextlib.suppress(ValueError):
        once = write_json(read_json(write_json(value, Memory()), Memory()), Memory())
        assert once == write_json(read_json(once, Memory()), Memory())


@SETTINGS
@given(VALUES, VALUES)
def test_comparison(left: Any, right: Any) -> None:
    """Equality goes both ways, and nothing is both equal and greater, or greater both ways."""
    assert equals(left, right) == equals(right, left)
    assert equals(left, right) + is_greater(left, right) + is_greater(right, left) <= 1


@SETTINGS
@given(st.text())
def test_folding(text: str) -> None:
    """Folding keeps the length, and folding twice is folding once."""
    assert len(text) == len(fold(text))
    assert fold(text) == fold(fold(text))


@SETTINGS
@given(st.floats(-1e300, 1e300) | st.integers() | st.sampled_from([math.inf, -math.inf]))
def test_numbers_there_and_back(number: float) -> None:
    """The text of a number is a number again, with the same text."""
    assert to_text(number) == to_text(to_number(to_text(number)))
