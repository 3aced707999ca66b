"""The tables in `cases/`: a line `expression => JSON`, or `=> !! message`; `@ N` adds the place."""

from __future__ import annotations

import json
import os

import pytest

from runner.expressions import ExpressionError, check, evaluate, format_expression, parse

CASES = os.path.join(os.path.dirname(__file__), "cases")


def read_cases() -> list[tuple[str, str, str]]:
    """Return the section, the expression and what is expected of every case."""
    cases = []
    for name in sorted(os.listdir(CASES)):
        if not name.endswith(".txt"):
            continue
        with open(os.path.join(CASES, name), encoding="utf-8") as file:
            lines = [line.rstrip("\n") for line in file]
        for line in lines:
            if line and not line.startswith("#"):
                expression, _, expected = line.rpartition(" => ")
                cases.append((name.removesuffix(".txt"), expression, expected))
    return cases


def expected_message(expected: str, expression: str) -> str:
    message, _, position = expected.removeprefix("!! ").rpartition(" @ ")
    if not message:
        return position
    return f"{message}. Located at position {position} within expression: {expression}"


with open(os.path.join(CASES, "contexts.json"), encoding="utf-8") as source:
    CONTEXTS = json.load(source)
TABLE = read_cases()
VALUES = [case[1:] for case in TABLE if not case[2].startswith("!! ")]
FAILURES = [case[1:] for case in TABLE if case[2].startswith("!! ")]


@pytest.mark.parametrize(("expression", "expected"), VALUES)
def test_value(expression: str, expected: str) -> None:
    """An expression has the value its table says, type included."""
    assert json.dumps(json.loads(expected)) == json.dumps(evaluate(expression, CONTEXTS))


@pytest.mark.parametrize(("expression", "expected"), FAILURES)
def test_failure(expression: str, expected: str) -> None:
    """A wrong expression is refused with the specified message, at the specified place."""
    with pytest.raises(ExpressionError) as caught:
        evaluate(expression, CONTEXTS)
    assert expected_message(expected, expression) == str(caught.value)
    if " @ " in expected:
        assert int(expected.rpartition(" @ ")[2]) == caught.value.offset + 1


@pytest.mark.parametrize(("expression", "expected"), FAILURES)
def test_check_finds_what_does_not_depend_on_values(expression: str, expected: str) -> None:
    """`check` reports what evaluation would, before it, and nothing that only values decide."""
    messages = [str(problem) for problem in check(expression, CONTEXTS)]
    assert ([expected_message(expected, expression)] if " @ " in expected else []) == messages


@pytest.mark.parametrize(("expression", "expected"), VALUES)
def test_printed_form_means_the_same(expression: str, expected: str) -> None:
    """A tree that is printed and read again has the value of the original."""
    again = format_expression(parse(expression))
    assert json.dumps(json.loads(expected)) == json.dumps(evaluate(again, CONTEXTS))


def test_the_tables_are_large_enough() -> None:
    """No section of the specification may lose its table unnoticed."""
    sections = {"comparison", "conversion", "dereference", "functions", "grammar", "literals"}
    assert sections == {case[0] for case in TABLE}
    assert len(TABLE) >= 700
