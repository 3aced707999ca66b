"""What the tables cannot say: the caller's side, odd values, limits."""

from __future__ import annotations

import math
import pickle
from collections import UserDict
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import pytest

from runner.expressions import ExpressionError, Function, evaluate
from runner.expressions.memory import MAX_MEMORY
from runner.expressions.parser import MAX_DEPTH, MAX_LENGTH

HALF = "x" * (MAX_MEMORY // 4)
"""A text that takes half of the memory an evaluation may use."""


def refusal(expression: str, contexts: Any = None, functions: Any = None) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        evaluate(expression, contexts or {}, functions)
    return caught.value


def test_whole_numbers_are_ints_up_to_two_to_the_53rd() -> None:
    """A whole double comes back as `int` while it is exact, as `float` beyond."""
    results = [evaluate(text, {}) for text in ("3.0", "-0", "9007199254740992", "1e16", "0.5")]
    assert results == [3, 0, 9007199254740992, 1e16, 0.5]
    assert [int, int, int, float, float] == [type(result) for result in results]


def test_integers_beyond_every_double_are_infinite() -> None:
    """A Python integer that no double can hold does not overflow."""
    contexts = {"a": {"big": 10**400, "small": -(10**400)}}
    assert [math.inf, -math.inf, "Infinity", True] == [
        evaluate("a.big", contexts),
        evaluate("a.small", contexts),
        evaluate("format('{0}', a.big)", contexts),
        evaluate("a.big > a.small", contexts),
    ]


def test_collections_come_back_plain() -> None:
    """Tuples and other mappings are results as lists and dicts."""
    contexts = {"a": {"pair": (1, 2), "view": MappingProxyType({"K": 1})}, "b": UserDict(x=1)}
    assert evaluate("a.pair", contexts) == [1, 2]
    assert type(evaluate("a.*", contexts)) is list
    assert evaluate("a.view", contexts) == {"K": 1}
    assert [evaluate("a.view.k", contexts), evaluate("B.X", contexts)] == [1, 1]


def test_context_names_ignore_case() -> None:
    """Names of contexts match in any spelling, on both sides."""
    assert evaluate("GITHUB.Ref == gitHub.rEF", {"GitHub": {"REF": 1}})


def test_blanks_of_every_kind_separate() -> None:
    """Line ends, tabs and no-break spaces are white space between tokens."""
    assert evaluate("1\n==\t1 \u00a0&&\r\n'a\nb' == 'a\nb'", {}) is True


def test_a_value_no_expression_has_is_refused() -> None:
    """A context with a foreign Python type gives an expression error, not a Python one."""
    assert "`set`" in refusal("a.b", {"a": {"b": {1}}}).message
    assert "`bytes`" in refusal("toJSON(a)", {"a": [b""]}).message


def test_records_of_the_caller_are_what_they_derive_from() -> None:
    """Texts and numbers of derived types (a scalar with its place, say) are texts and numbers."""
    contexts = {"a": {"text": type("Placed", (str,), {})("X"), "code": HTTPStatus.OK}}
    assert evaluate("a.text == 'x' && a.code == 200 && toJSON(a.text) == '\"X\"'", contexts)


def test_keys_that_are_no_text_are_harmless() -> None:
    """Objects with keys of other types can be searched, filtered and written."""
    contexts = {"a": {1: "one", None: "none", "Name": "n"}}
    assert evaluate("a.name", contexts) == "n"
    assert evaluate("a.*", contexts) == ["one", "none", "n"]
    assert '"1": "one"' in evaluate("toJSON(a)", contexts)


@pytest.mark.parametrize("expression", ["toJSON(a)", "toJSON(fromJSON(b))", "fromJSON(b)"])
def test_deep_values_do_not_exhaust_the_stack(expression: str) -> None:
    """Nesting deeper than Python can follow is an expression error."""
    value: Any = []
    for _ in range(100_000):
        value = [value]
    refusal(expression, {"a": value, "b": "[" * 100_000})


def test_a_value_that_holds_itself_is_refused() -> None:
    """A cycle in a context ends in an error, not in an endless text."""
    loop: dict[str, Any] = {}
    loop["self"] = loop
    refusal("toJSON(a)", {"a": loop})
    assert evaluate("a.self.self.self == a", {"a": loop})


def test_lone_surrogates_are_compared_and_written() -> None:
    """Text that is no valid Unicode passes through every text function."""
    contexts = {"a": {"t": "\ud800x"}}
    assert evaluate("a.t > '😀' || contains(a.t, 'X') && toJSON(a.t) == a.t", contexts) is False
    assert evaluate("format('{0}', a.t)", contexts) == "\ud800x"


def test_functions_of_the_caller() -> None:
    """Functions are added by name in any spelling and get their arguments as values."""
    functions: dict[str, Any] = {"Success": lambda: True, "echo": Function(lambda *p: p, 1, 255)}
    assert evaluate("success() && SUCCESS()", {}, functions)
    values = evaluate("ECHO('a', 1.0, fromJSON('[[1]]').*)", {}, functions)
    assert values == ["a", 1, [[1]]]
    assert [type(value) for value in values] == [str, int, list]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("hash()", "Too few parameters supplied: 'hash'. Located at position 1"),
        ("!hash(1, 2, 3)", "Too many parameters supplied: 'hash'. Located at position 2"),
    ],
)
def test_argument_counts_of_the_callers_functions(expression: str, message: str) -> None:
    """The counts of an added function are checked like those of the global ones."""
    error = refusal(expression, functions={"hash": Function(lambda *_: "", 1, 2)})
    assert f"{message} within expression: {expression}" == str(error)


def test_a_failing_function_is_an_expression_error() -> None:
    """Whatever a caller's function raises arrives as the one error, with its cause."""
    error = refusal("1 == boom()", functions={"boom": lambda: 1 // 0})
    assert str(error) == "function `boom` failed: integer division or modulo by zero"
    assert isinstance(error.__cause__, ZeroDivisionError)
    assert error.offset == 5


def test_a_function_may_raise_the_error_itself() -> None:
    """An expression error from a caller's function is passed on, placed at the call."""

    def refuse() -> None:
        raise ExpressionError("not now")

    error = refusal("1 == no()", functions={"no": refuse})
    assert (str(error), error.offset) == ("not now", 5)


def test_global_functions_cannot_be_replaced() -> None:
    """A function of the caller does not shadow a global one."""
    assert evaluate("join('a')", {}, {"join": lambda _: "mine"}) == "a"


def test_an_evaluation_error_tells_the_call() -> None:
    """The offset of an error met while evaluating is that of the innermost call."""
    assert refusal("1 && format('{0}', fromJSON('x'))").offset == 19
    assert refusal("1 && format('{1}', 2)").offset == 5


def test_an_error_can_be_pickled() -> None:
    """An error keeps message and offset across processes."""
    error = pickle.loads(pickle.dumps(refusal("1 +")))  # noqa: S301 - our own bytes
    assert (error.message.partition(".")[0], error.offset) == ("Unexpected symbol: '+'", 2)


def test_the_same_failure_twice_is_two_errors() -> None:
    """Errors come fresh, although what is parsed is remembered."""
    assert refusal("1 +") is not refusal("1 +")


def test_length_limit() -> None:
    """21,000 characters are read, one more is refused before it is looked at."""
    assert evaluate("1" + " " * (MAX_LENGTH - 1), {}) == 1
    assert str(refusal("(" * (MAX_LENGTH + 1))) == "Exceeded max expression length 21000"
    assert str(refusal("!" * 2**20)) == "Exceeded max expression length 21000"


@pytest.mark.parametrize(
    ("start", "repeated", "end"),
    [
        ("1", " == 1", ""),
        ("", "!", "1"),
        ("a", ".a", ""),
        ("a", ".*", ""),
        ("a", "['a']", ""),
    ],
)
def test_depth_limit(start: str, repeated: str, end: str) -> None:
    """A tree of 50 levels is evaluated, one of 51 refused."""
    evaluate(start + repeated * (MAX_DEPTH - 1) + end, {"a": None})
    error = refusal(start + repeated * MAX_DEPTH + end, {"a": None})
    assert str(error) == "Exceeded max expression depth 50"


def test_calls_and_indexes_nest_to_the_same_depth() -> None:
    """Arguments and keys count as levels too."""
    evaluate("join(" * 49 + "1" + ")" * 49, {})
    refusal("join(" * 50 + "1" + ")" * 50)
    evaluate("a[" * 49 + "1" + "]" * 49, {"a": None})
    refusal("a[" * 50 + "1" + "]" * 50, {"a": None})


def test_brackets_and_chains_are_not_levels() -> None:
    """Groups leave no trace, and a chain of one logical operator is one level, however grouped."""
    assert evaluate("(" * 10_000 + "1" + ")" * 10_000, {}) == 1
    assert evaluate("1" + " && 1" * 4_000, {}) == 1
    assert evaluate("(0 || " * 2_900 + "1" + ")" * 2_900, {}) == 1
    assert evaluate("(" * 2_900 + "0" + " || 1)" * 2_900, {}) == 1


def test_alternating_operators_are_levels() -> None:
    """`&&` within `||` within `&&` counts, and never overflows the stack."""
    assert evaluate("(1 && (0 || " * 24 + "1" + "))" * 24, {}) == 1
    text = "(1 && (0 || " * 1_400 + "1" + "))" * 1_400
    assert str(refusal(text)) == "Exceeded max expression depth 50"


@pytest.mark.parametrize(
    "expression",
    [
        "format('{0}{0}{0}', a.half)",
        "format('" + "{0}" * 6_000 + "', a.half)",
        "join(a.halves)",
        "join(a.small, a.half)",
        "toJSON(a.halves)",
        "toJSON(a.shared)",
        "a.wide.*.*.*.*.*.*",
        "a.half == format('{0}', format('{0}', a.half))",
    ],
)
def test_memory_limit(expression: str) -> None:
    """An expression cannot build more than 10 MB, however small its parts."""
    wide: Any = 0
    for _ in range(7):
        wide = [wide] * 20
    shared: Any = "x"
    for _ in range(40):
        shared = [shared, shared]
    data = {
        "half": HALF,
        "halves": [HALF] * 3,
        "small": [1, 2, 3, 4],
        "shared": shared,
        "wide": wide,
    }
    error = refusal(expression, {"a": data})
    assert str(error) == "The maximum allowed memory size was exceeded"


def test_memory_of_what_is_done_with_is_free_again() -> None:
    """Large texts may be looked at one after the other."""
    text = " && ".join(["contains(a.half, 'x')"] * 20)
    assert evaluate(text, {"a": {"half": HALF}}) is True


def test_json_does_not_escape_the_memory_limit() -> None:
    """What fromJSON builds is charged as well."""
    many = "[" + ",".join(['{"a":1,"b":2}'] * 300_000) + "]"
    refusal("fromJSON(a.text)", {"a": {"text": many}})
