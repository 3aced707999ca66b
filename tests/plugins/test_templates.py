"""Expressions in manifests."""

from __future__ import annotations

from typing import Any

import pytest

from runner.errors import InvalidInput
from runner.plugins.templates import evaluate_arguments, evaluate_text, find_fault

VALUES: dict[str, Any] = {
    "name": "a b",
    "nothing": None,
    "empty": "",
    "yes": True,
    "no": False,
    "zero": 0,
    "list": ["x", "", 3],
    "args": "-v 'two words' x\\ y",
    "files": " one.ts \n\n two.ts\n",
    "out": "dist/app.js",
    "base": "app.js",
}


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["plain", ""], ("plain", "")),
        (["${{ inputs.name }}"], ("a b",)),
        (["--x=${{ inputs.name }}"], ("--x=a b",)),
        (["${{ inputs.nothing }}", "${{ inputs.empty }}"], ()),
        (["${{ inputs.empty }}${{ inputs.nothing }}"], ("",)),
        (["${{ inputs.yes && '--on' }}", "${{ inputs.no && '--off' }}"], ("--on",)),
        (["${{ inputs.zero }}", "${{ inputs.yes }}"], ("0", "true")),
        (["a", "${{ inputs.list }}", "b"], ("a", "x", "", "3", "b")),
        (["${{ words(inputs.args) }}"], ("-v", "two words", "x y")),
        (["${{ words(inputs.nothing) }}"], ()),
        (["${{ lines(inputs.files) }}"], ("one.ts", "two.ts")),
        (["${{ prefix('--l:', words('a b')) }}"], ("--l:a", "--l:b")),
        (["${{ prefix('--o=', inputs.out) }}", "${{ prefix('-', '') }}"], ("--o=dist/app.js",)),
        (["${{ folder(inputs.out) }}", "${{ folder(inputs.base) }}"], ("dist", ".")),
        (["${{ folder(inputs.nothing) }}"], ()),
    ],
)
def test_argument_lists(items: list[str], expected: tuple[str, ...]) -> None:
    """A lone expression may vanish or become several arguments; text around it keeps it one."""
    assert evaluate_arguments(items, VALUES) == expected


def test_values_are_not_evaluated_again() -> None:
    """An input that looks like an expression stays text."""
    assert evaluate_text("<${{ inputs.x }}>", {"x": "${{ 1 }}"}) == "<${{ 1 }}>"


def test_unclosed_quotes_are_the_users_error() -> None:
    """A value that cannot be split is reported, not raised as a crash."""
    with pytest.raises(InvalidInput, match="no closing quotation"):
        evaluate_arguments(["${{ words(inputs.x) }}"], {"x": "it's"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${{ inputs.nam }}", "there is no input `nam`"),
        ("${{ inputs['nam'] }}", "there is no input `nam`"),
        ("${{ github.sha }}", "Unrecognized named-value: 'github'"),
        ("${{ words() }}", "Too few parameters supplied"),
        ("${{ nope(1) }}", "Unrecognized function: 'nope'"),
        ("${{ inputs.name", "The expression is not closed"),
    ],
)
def test_faults_are_found_without_values(text: str, message: str) -> None:
    """A manifest's expression is checked before anybody runs it."""
    assert message in find_fault(text, ["name"])[0]


def test_sound_expressions_have_no_fault() -> None:
    """Names match without regard to case; `inputs` as a whole is fine."""
    for text in ("plain", "${{ inputs.NAME }}", "${{ toJSON(inputs) }}", "${{ lines('') }}"):
        assert find_fault(text, ["name"]) == ("", "")
    assert "did you mean `name`" in find_fault("${{ inputs.nam }}", ["name"])[1]
