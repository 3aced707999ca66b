"""Work grows no faster than the text and the values, counted in calls, not in seconds."""

from __future__ import annotations

import pytest

from runner.expressions import ExpressionError, check, evaluate
from runner.expressions.lexer import tokens
from runner.expressions.template import check_template
from tests.support.growth import assert_linear, count_calls

REPEATED = {
    "open brackets": "(",
    "nots": "!",
    "chain": "1 && ",
    "chains": "1 && 1 || ",
    "groups to the right": "(1 && ",
    "groups of both": "(1 && (0 || ",
    "comparisons": "1 == ",
    "keys": "a.",
    "indexes": "a[",
    "filters": "a.*.*.*",
    "calls": "join(",
    "arguments": "join(1, 1) && ",
    "quotes": "'",
    "strings": "'a''b' == ",
    "blanks": " ",
    "names apart": "a  ",
    "numbers": "1.",
    "points": ".",
    "closing": ")",
    "words": "abc",
    "foreign": '"',
}


@pytest.mark.parametrize("piece", REPEATED.values(), ids=REPEATED.keys())
def test_reading_is_linear(piece: str) -> None:
    """Checking a repeated piece takes calls in proportion to its length."""
    # A mark at the end keeps texts of other tests out of the memory of what was parsed.
    assert_linear(lambda n: check(piece * (n // len(piece)) + "1" + " " * (n % 97), ["a"]), 5_000)


@pytest.mark.parametrize("piece", REPEATED.values(), ids=REPEATED.keys())
def test_every_character_is_read_once(piece: str) -> None:
    """Tokens do not overlap and go forward, so there are never more than characters."""
    text = piece * (20_000 // len(piece))
    end = 0
    for token in tokens(text):
        assert token.offset >= end
        assert text.startswith(token.text, token.offset)
        assert token.text
        end = token.offset + len(token.text)
        if token.kind == "unexpected":
            break


@pytest.mark.parametrize("closing", ["1" + ")" * 3_000, ""])
def test_growing_chains_are_flattened_once(closing: str) -> None:
    """Groups of one operator in one another are not copied at every level."""
    assert_linear(lambda n: check("(1 && " * n + closing[: n + 1], []), 700)


@pytest.mark.parametrize(
    "piece",
    ["${{ 1 }}", "${{", "}}", "${{ '", "{", "'", "${{ a", "${{ }", "x", "$", "${{ '}}' }} "],
)
def test_templates_are_linear(piece: str) -> None:
    """Scalars up to the size of a file are checked in calls in proportion to their length."""
    assert_linear(lambda n: check_template(piece * (n // len(piece)), []), 5_000)


@pytest.mark.parametrize("piece", ["(", "!", "'", "a.", "a && ", "1 ", "${{ 1 }}", "${{", "é"])
def test_a_mebibyte_is_refused_at_once(piece: str) -> None:
    """Texts of the size of the largest file are refused by their length alone."""
    text = piece * (2**20 // len(piece))
    assert count_calls(lambda: check(text, [])) < 100
    with pytest.raises(ExpressionError, match="Exceeded max expression length 21000"):
        evaluate(text, {})


def test_a_mebibyte_of_template_is_refused() -> None:
    """A script of the size of the largest file, with an expression, is refused soon."""
    text = "echo '{}'\n" * (2**20 // 10) + "${{ a }}"
    assert count_calls(lambda: check_template(text, ["a"])) < 500


def test_keys_are_found_without_searching() -> None:
    """Looking up every key of a large object in another case is linear in the object."""

    def look_up(size: int) -> None:
        keys = {f"Key{number}": number for number in range(size)}
        text = " && ".join(f"a.kEY{number} >= 0" for number in range(0, size, size // 50))
        assert evaluate(text, {"a": keys}) is True

    assert_linear(look_up, 2_000)


@pytest.mark.parametrize(
    "expression", ["a.*.NAME", "contains(a.*.name, 'x')", "join(a.*.name)", "toJSON(a)"]
)
def test_filtering_is_linear(expression: str) -> None:
    """Filters and functions over arrays look at each element once."""
    assert_linear(lambda n: evaluate(expression, {"a": [{"name": f"n{i}"} for i in range(n)]}), 500)
