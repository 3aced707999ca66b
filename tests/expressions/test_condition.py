"""The rules of `if:` (LANGUAGE §4.1)."""

from __future__ import annotations

import functools

import pytest

from runner.expressions import ExpressionError, format_expression
from runner.expressions.condition import (
    SUCCESS,
    check_condition,
    evaluate_condition,
    parse_condition,
)
from runner.expressions.parser import parse_once

CONTEXTS = {"a": {"yes": True, "no": False, "text": "false"}}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (None, "success()"),
        ("", "success()"),
        (" \n", "success()"),
        ("a.yes", "success() && a.yes"),
        ("${{ a.yes }}", "success() && a.yes"),
        ("a.yes && a.no", "success() && a.yes && a.no"),
        ("a.yes || a.no", "success() && (a.yes || a.no)"),
        ("success()", "success()"),
        ("Always()", "Always()"),
        ("!cancelled()", "!cancelled()"),
        ("a.no && failure()", "a.no && failure()"),
        ("contains('x', FAILURE())", "contains('x', FAILURE())"),
        ("'failure()'", "success() && 'failure()'"),
        ("a.failure == 'always'", "success() && a.failure == 'always'"),
        ("${{ a.no }} == true", "success() && format('{0} == true', a.no)"),
        ("${{ a.no }}\n", "success() && format('{0}\n', a.no)"),
        ("${{ failure() }} == true", "format('{0} == true', failure())"),
        ("!${{ a.yes }}", "success() && format('!{0}', a.yes)"),
    ],
)
def test_meaning(text: str | None, meaning: str) -> None:
    """Success is asked for too, unless a status function is called, be it in a part of the text."""
    condition = parse_condition(text)
    assert meaning == format_expression(condition.node)
    written = (text or "").lower()
    assert condition.adds_success == ("success()" in meaning and "success()" not in written)


@pytest.mark.parametrize(
    ("text", "healthy", "failed"),
    [
        ("", True, False),
        ("a.yes", True, False),
        ("a.no", False, False),
        ("a.text", True, False),
        ("a.missing", False, False),
        ("'false'", True, False),
        ("false", False, False),
        ("always()", True, True),
        ("failure()", False, True),
        ("!success()", False, True),
        ("success() || a.yes", True, True),
        ("${{ a.no }}", False, False),
        ("${{ a.no }} == 'x'", True, False),
        ("${{ a.no }}\n", True, False),
        ("'a' == 'A' && always()", True, True),
    ],
)
def test_truth(text: str, *, healthy: bool, failed: bool) -> None:
    """A condition holds or not, in a job that is well and in one that has failed."""
    for has_failed, expected in ((False, healthy), (True, failed)):
        status = {"success": not has_failed, "failure": has_failed, "always": True}
        functions = {name: functools.partial(bool, value) for name, value in status.items()}
        assert expected is evaluate_condition(text, CONTEXTS, functions)


def test_status_functions_are_the_callers() -> None:
    """Without `success` a condition that needs it is an expression error."""
    with pytest.raises(ExpressionError, match="Unrecognized function: 'success'"):
        evaluate_condition("a.yes", CONTEXTS)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (None, []),
        ("", []),
        ("a.yes && success()", []),
        ("${{ a.yes && success() }}", []),
        ("secrets.x", ["Unrecognized named-value: 'secrets'"]),
        ("${{ secrets.x }}", ["Unrecognized named-value: 'secrets'"]),
        ("a.yes +", ["Unexpected symbol: '+'"]),
        ("${{ }}", ["An expression was expected"]),
        ("${{ a.yes", ["The expression is not closed"]),
        ("failure(1)", ["Too many parameters supplied: 'failure'"]),
    ],
)
def test_check(text: str | None, kinds: list[str]) -> None:
    """A condition is checked as a whole text or by its `${{ }}` parts."""
    problems = check_condition(text, ["a"], {"success": (0, 0), "failure": (0, 0)})
    assert kinds == [str(problem).partition(".")[0] for problem in problems]


def test_success_is_what_the_parser_makes_of_it() -> None:
    """The condition that stands for none is kept read, and reads as if it were written."""
    assert parse_once("success()") == SUCCESS
