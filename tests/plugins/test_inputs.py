"""The values of `with` against what a manifest declares."""

from __future__ import annotations

from typing import Any

import pytest

from runner.errors import InvalidInput
from runner.plugins.inputs import check
from runner.plugins.manifest import Input


def _declare(**inputs: Input) -> dict[str, Input]:
    return {name: one._replace(name=name) for name, one in inputs.items()}


def _one(kind: str, text: str, **fields: Any) -> Any:
    return check({"x": Input("x", type=kind, **fields)}, {"x": text}).typed["x"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", " a b ", " a b "),
        ("boolean", "true", True),
        ("boolean", "FALSE", False),
        ("number", "12", 12),
        ("number", "-1.5e2", -150),
        ("number", ".5", 0.5),
        ("path", "a//b/./c/", "a/b/c"),
        ("json", '{"a": [1]}', {"a": [1]}),
    ],
)
def test_values_have_their_declared_type(kind: str, text: str, value: Any) -> None:
    """Expressions see booleans as booleans, numbers as numbers, JSON as data."""
    assert _one(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("boolean", "yes"),
        ("number", "1_000"),
        ("number", "nan"),
        ("number", "0x10"),
        ("path", "/etc/passwd"),
        ("path", "a/../../b"),
        ("path", "a\0b"),
        ("json", "{"),
        ("json", "[" * 100_000),
        ("string", "a\0b"),
    ],
)
def test_wrong_values_are_refused(kind: str, text: str) -> None:
    """A value of the wrong type is an error that names the input."""
    with pytest.raises(InvalidInput, match="input `x`"):
        _one(kind, text)


def test_choices_and_patterns_are_checked() -> None:
    """A choice outside the options and a text off the pattern are both named."""
    declared = _declare(
        level=Input("", type="choice", options=("low", "high")),
        tag=Input("", pattern="v[0-9]+"),
    )
    assert check(declared, {"level": "low", "tag": "v1"}).typed == {"level": "low", "tag": "v1"}
    with pytest.raises(InvalidInput) as caught:
        check(declared, {"level": "medium", "tag": "1"})
    assert [problem.message for problem in caught.value.problems] == [
        "input `level`: `medium` is not one of: low, high",
        "input `tag`: `1` does not match `v[0-9]+`",
    ]


def test_defaults_fill_what_is_not_given() -> None:
    """An empty text counts as not given; without default the guest sees '' and expressions null."""
    declared = _declare(
        a=Input("", default="x"), b=Input(""), c=Input("", "boolean", default="true")
    )
    values = check(declared, {"a": ""})
    assert values.texts == {"a": "x", "b": "", "c": "true"}
    assert values.typed == {"a": "x", "b": None, "c": True}


def test_required_inputs_must_be_given() -> None:
    """Every missing one is reported, with its description as the hint."""
    declared = _declare(
        a=Input("", required=True, description="the file"), b=Input("", required=True)
    )
    with pytest.raises(InvalidInput) as caught:
        check(declared, {})
    assert [problem.code for problem in caught.value.problems] == ["input-missing"] * 2
    assert caught.value.problems[0].hint == "the file"


def test_unknown_inputs_are_passed_on_with_a_warning() -> None:
    """The warning has GitHub's words, and lists what would be right."""
    values = check(_declare(a=Input(""), b=Input("")), {"A": "1", "c": "2"})
    assert values.texts == {"a": "1", "b": "", "c": "2"}
    assert values.typed == {"a": "1", "b": None}
    (warning,) = values.warnings
    assert warning.message == "Unexpected input(s) 'c', valid inputs are ['a', 'b']"
    assert warning.severity == "warning"


def test_deprecated_inputs_warn_when_given() -> None:
    """The manifest's text is shown, only if the input is used."""
    declared = _declare(old=Input("", deprecation="use `new`"))
    assert check(declared, {}).warnings == ()
    (warning,) = check(declared, {"old": "x"}).warnings
    assert warning.message == "input `old` is deprecated: use `new`"


@pytest.mark.parametrize("given", [{"a=b": "x"}, {"a": "x\0y"}, {"a\0": ""}])
def test_what_cannot_be_a_variable_is_refused(given: dict[str, str]) -> None:
    """Names and texts that would corrupt the environment never reach it."""
    with pytest.raises(InvalidInput, match="environment variable"):
        check({}, given)
