"""Scalars with `${{ }}` in them (LANGUAGE §4.1)."""

from __future__ import annotations

from typing import Any

import pytest

from runner.expressions import ExpressionError
from runner.expressions.template import (
    NOT_CLOSED,
    check_template,
    evaluate_template,
    parse_template,
)

CONTEXTS = {"a": {"n": 1.5, "t": "x", "l": [1], "o": {}, "b": True, "z": None, "e": "${{ a.n }}"}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ""),
        ("plain }} text { }", "plain }} text { }"),
        ("$ {{ a }}", "$ {{ a }}"),
        ("${{ a.n }}", 1.5),
        ("${{a.n}}", 1.5),
        ("${{\n  a.n\n}}", 1.5),
        ("${{ a.l }}", [1]),
        ("${{ a.o }}", {}),
        ("${{ a.b }}", True),
        ("${{ a.z }}", None),
        ("${{ a.t }}", "x"),
        (" ${{ a.n }}", " 1.5"),
        ("${{ a.n }}\n", "1.5\n"),
        ("${{ a.l }}\n", "Array\n"),
        ("${{ a.n }}${{ a.b }}", "1.5true"),
        ("[${{ a.z }}]", "[]"),
        ("v${{ a.n }}-${{ a.t }}!", "v1.5-x!"),
        ("{${{ a.n }}}", "{1.5}"),
        ("{0} ${{ a.t }} {{1}}", "{0} x {{1}}"),
        ("it's ${{ a.t }}", "it's x"),
        ("${{ '}}' }}", "}}"),
        ("${{ 'it''s }}' }}", "it's }}"),
        ("${{ '${{' }}", "${{"),
        ("${{ '${{' }} a.n }}", "${{ a.n }}"),
        ("${{ format('{{0}}') }}", "{0}"),
        ("${{ format('{0}', a.t)}}}", "x}"),
        ("${{ a.e }}", "${{ a.n }}"),
        ("x${{ a.e }}", "x${{ a.n }}"),
        ("$${{ a.t }}", "$x"),
        ("${{ a.t }} ${ a }", "x ${ a }"),
        ("é😀${{ a.t }}", "é😀x"),
    ],
)
def test_value(text: str, value: Any) -> None:
    """One expression keeps its type; with text around it, all is joined; nothing is read twice."""
    result = evaluate_template(text, CONTEXTS)
    assert (type(value), value) == (type(result), result)


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("ab ${{ a.n", NOT_CLOSED, 3),
        ("ab ${{ 'x }}", NOT_CLOSED, 3),
        ("${{ a.n }} ${{", NOT_CLOSED, 11),
        ("${{ a.n } }", NOT_CLOSED, 0),
        ("${{ }}", "An expression was expected", 0),
        ("ab ${{}}", "An expression was expected", 3),
        (
            "ab ${{  a.n + 1 }}",
            "Unexpected symbol: '+'. Located at position 5 within expression: a.n + 1",
            12,
        ),
        (
            "${{ ${{ a }} }}",
            "Unexpected symbol: '${{'. Located at position 1 within expression: ${{ a",
            4,
        ),
        (
            "${{ a }} ${{ b.c }}",
            "Unrecognized named-value: 'b'. Located at position 1 within expression: b.c",
            13,
        ),
        ("x ${{ fromJSON('') }}", "Error parsing fromJson: the text is empty", 6),
    ],
)
def test_failure(text: str, message: str, offset: int) -> None:
    """Errors tell the position within their expression, and carry the offset in the scalar."""
    with pytest.raises(ExpressionError) as caught:
        evaluate_template(text, CONTEXTS)
    assert (message, offset) == (str(caught.value), caught.value.offset)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("plain", []),
        ("${{ a }} ${{ A.b }}", []),
        (
            "${{ a }} ${{ b }} ${{ c + }}",
            ["Unrecognized named-value: 'b'", "Unrecognized named-value: 'c'"],
        ),
        ("${{ a + }} ${{ b }}", ["Unexpected symbol: '+'", "Unrecognized named-value: 'b'"]),
        (
            "${{ }} ${{ a }} ${{ f() + b }}",
            ["An expression was expected", "Unrecognized function: 'f'"],
        ),
        ("${{ b }} ${{", ["Unrecognized named-value: 'b'", "The expression is not closed"]),
        ("${{ a }} ${{", ["The expression is not closed"]),
        ("${{ f() }}", ["Unrecognized function: 'f'"]),
        ("${{ g(1) }} ${{ g() }}", ["Too few parameters supplied: 'g'"]),
        ("${{ insert }}", ["Unrecognized named-value: 'insert'"]),
    ],
)
def test_check(text: str, kinds: list[str]) -> None:
    """The first problem of each expression is found, in the order of the scalar."""
    problems = check_template(text, ["a"], {"g": (1, 1)})
    assert kinds == [str(problem).partition(".")[0] for problem in problems]


def test_the_rewritten_form_is_limited_to_21000_characters() -> None:
    """Text around an expression counts, doubled quotes and braces included."""
    room = 21_000 - len("format('{0}', a.n)")
    for filler, width in (("x", 1), ("'", 2), ("{", 2)):
        fits = filler * (room // width)
        assert check_template(fits + "${{ a.n }}", ["a"]) == []
        assert evaluate_template(fits + "${{ a.n }}", CONTEXTS) == fits + "1.5"
        problems = check_template(fits + filler + "x${{ a.n }}", ["a"])
        assert [str(problem) for problem in problems] == ["Exceeded max expression length 21000"]


def test_text_without_expressions_has_no_limit() -> None:
    """A long script without `${{` is left alone."""
    script = "echo {}'\n" * 100_000
    assert evaluate_template(script, {}) is script
    assert check_template(script, []) == []


def test_a_scalar_holds_at_most_254_expressions() -> None:
    """The rewritten `format` takes 255 arguments, its text included."""
    assert evaluate_template(" ".join(["${{ 1 }}"] * 254), {}) == " ".join("1" * 254)
    problems = check_template(" ".join(["${{ 1 }}"] * 255), [])
    assert str(problems[0]).startswith("Too many parameters supplied: 'format'. Located at")


def test_joining_takes_one_level_of_depth() -> None:
    """In the rewritten form every expression is one level deeper."""
    deepest = "${{ " + "!" * 49 + "1 }}"
    assert check_template(deepest, []) == []
    assert [str(e) for e in check_template("x" + deepest, [])] == [
        "Exceeded max expression depth 50"
    ]


def test_joining_is_limited_in_memory() -> None:
    """Many short expressions cannot make a text beyond 10 MB."""
    contexts = {"a": {"t": "x" * 1_000_000}}
    with pytest.raises(ExpressionError, match="maximum allowed memory"):
        evaluate_template("${{ a.t }}" * 10, contexts)


def test_parts_are_listed_with_their_places() -> None:
    """A template tells its expressions and where they start."""
    template = parse_template("a ${{ a.n }} b ${{a.t}}")
    assert [(part.expression, part.base) for part in template.parts] == [("a.n", 6), ("a.t", 18)]
    assert parse_template("a").parts == ()
