"""Trees as text, and what they refer to."""

from __future__ import annotations

import pytest

from runner.expressions import format_expression, parse, references


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a==b", "a == b"),
        ("(a)", "a"),
        ("(a == b) == c", "a == b == c"),
        ("a == (b == c)", "a == (b == c)"),
        ("a && (b && c) && d", "a && b && c && d"),
        ("((a || b) || c) && d", "(a || b || c) && d"),
        ("a && b || c && d", "a && b || c && d"),
        ("!(a && b)", "!(a && b)"),
        ("!(a.b)", "!a.b"),
        ("(!a).b", "(!a).b"),
        ("!(!a)", "!!a"),
        ("!a == b", "!a == b"),
        ("!(a == b)", "!(a == b)"),
        ("(a < b) == c", "a < b == c"),
        ("a < (b == c)", "a < (b == c)"),
        ("a['b']['c d'][ 0 ][*].*", "a.b['c d'][0].*.*"),
        ("a['-x']['1']['']", "a['-x']['1']['']"),
        ("(1)['x']", "(1).x"),
        ("('a').b", "('a').b"),
        ("fromJSON( x ).a", "fromJSON(x).a"),
        ("'it''s'", "'it''s'"),
        ("1.50", "1.5"),
        ("-.5", "-0.5"),
        ("1e20", "1e+20"),
        ("0xff", "255"),
        ("-Infinity", "-Infinity"),
        ("format('{0}', null, true, NaN)", "format('{0}', null, true, NaN)"),
    ],
)
def test_printed_form(text: str, printed: str) -> None:
    """A tree is printed with the brackets it needs, and reads as the same tree."""
    assert printed == format_expression(parse(text))
    assert printed == format_expression(parse(printed))


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("1", []),
        ("GitHub.Event.x", [("github", "Event", "x")]),
        ("needs['a'].outputs['b c']", [("needs", "a", "outputs", "b c")]),
        ("needs.*.result", [("needs", "*", "result")]),
        ("steps.a.x || steps.a.x || github", [("steps", "a", "x"), ("github",)]),
        ("env[matrix.name].y", [("env", "*", "y"), ("matrix", "name")]),
        ("data[0][env.x]", [("data", "*", "*"), ("env", "x")]),
        ("fromJSON(needs.a.x).b[env.y]", [("needs", "a", "x"), ("env", "y")]),
        ("(a || b).c", [("a",), ("b",)]),
        ("!a.b == c.d", [("a", "b"), ("c", "d")]),
        ("join(a.b.*, 'a.c')", [("a", "b", "*")]),
    ],
)
def test_paths(text: str, paths: list[tuple[str, ...]]) -> None:
    """Every chain of keys that starts at a context is listed once, in the order of the text."""
    assert paths == list(references(parse(text)).paths)


def test_contexts_and_functions() -> None:
    """Contexts and functions are listed in lower case, wherever they stand."""
    found = references(parse("Success() && toJSON(Secrets[format(env.x)]) || secrets.y"))
    assert found.contexts == ("secrets", "env")
    assert found.functions == ("success", "tojson", "format")
