"""Static checks, as validation asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.expressions import Function, check

if TYPE_CHECKING:
    from runner.expressions.checker import AllowedFunctions


def test_nothing_wrong() -> None:
    """A right expression has no problems; values do not matter."""
    assert check("github.a.b[0] == fromJSON('nonsense')", ["github"]) == []


def test_only_the_first_problem_is_told() -> None:
    """Like GitHub, the check stops at the first problem in the text."""
    problems = check("github.x && secrets.y && foo()", ["github"])
    expression = "github.x && secrets.y && foo()"
    message = "Unrecognized named-value: 'secrets'. Located at position 13 within expression: "
    assert [message + expression] == [str(problem) for problem in problems]
    assert problems[0].offset == 12


def test_context_names_ignore_case() -> None:
    """Allowed names and written names may differ in case."""
    assert check("GitHub.x || ENV.y", ["GITHUB", "Env"]) == []


def test_names_in_strings_are_text() -> None:
    """A name inside a string is not looked up."""
    assert check("'secrets.x' == 'success()'", []) == []


def test_code_that_never_runs_is_checked() -> None:
    """An unknown name is wrong even where evaluation would not come."""
    assert check("true || secrets.x", ["github"])


@pytest.mark.parametrize(
    "allowed",
    [
        {"hashFiles": Function(lambda *_: "", 1, 2)},
        {"HASHFILES": (1, 2)},
    ],
)
def test_counts_of_allowed_functions(allowed: AllowedFunctions) -> None:
    """Functions may be allowed with their fewest and most arguments."""
    assert check("hashFiles('a') && hashfiles('a', 'b')", [], allowed) == []
    few, many = check("hashFiles()", [], allowed), check("hashFiles(1, 2, 3)", [], allowed)
    assert [str(problem).partition(".")[0] for problem in few + many] == [
        "Too few parameters supplied: 'hashFiles'",
        "Too many parameters supplied: 'hashFiles'",
    ]


@pytest.mark.parametrize("allowed", [["success"], {"Success": lambda: True}])
def test_functions_allowed_by_name(allowed: AllowedFunctions) -> None:
    """Functions allowed by name alone take any number of arguments."""
    assert check("success() && success('a', 'b')", [], allowed) == []


def test_global_functions_need_no_permission() -> None:
    """The eight global functions are known everywhere."""
    text = (
        "contains('a', 'b') && startsWith('a', 'b') && endsWith('a', 'b') && format('a') && "
        "join('a') && toJSON(1) && fromJSON('1') && case(true, 1, 2)"
    )
    assert check(text, []) == []


@pytest.mark.parametrize(
    ("count", "expected"), [(255, []), (257, ["Too many parameters supplied"])]
)
def test_case_takes_up_to_255(count: int, expected: list[str]) -> None:
    """`case` is checked for too many arguments before it is checked for an odd number."""
    text = f"case({', '.join(['true'] * count)})"
    assert expected == [str(problem).partition(":")[0] for problem in check(text, [])]


def test_an_empty_expression_is_wrong() -> None:
    """Nothing is no expression."""
    assert [str(problem) for problem in check("  ", [])] == ["An expression was expected"]
