"""Which value a scalar is, and which text a value is (spec §1)."""

from __future__ import annotations

import math

import pytest

from runner.documents.scalars import Scalarish, resolve, resolve_tagged, to_text

CORE = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "nUll": "nUll",
    "true": True,
    "True": True,
    "TRUE": True,
    "tRUE": "tRUE",
    "false": False,
    "yes": "yes",
    "on": "on",
    "off": "off",
    "No": "No",
    "0": 0,
    "-0": 0,
    "+12": 12,
    "-12": -12,
    "007": 7,
    "0777": 777,
    "0x1F": 31,
    "0o17": 15,
    "-0x1": "-0x1",
    "0b1": "0b1",
    "1_000": "1_000",
    "22:22": "22:22",
    "2024-01-01": "2024-01-01",
    "1.2.3": "1.2.3",
    "3.10": 3.1,
    ".5": 0.5,
    "5.": 5.0,
    "1e3": 1000.0,
    "-1.5E-3": -0.0015,
    "0E0": 0.0,
    "1e": "1e",
    "e1": "e1",
    ".": ".",
    "-": "-",
    "+": "+",
    "..": "..",
    ".inf": math.inf,
    "-.INF": -math.inf,
    "+.Inf": math.inf,
    "inf": "inf",
    "nan": "nan",
    "٣": "٣",
    "1 2": "1 2",
    "123456789012345": 123456789012345,
    "1234567890123456789": 1234567890123456789.0,
}
TEXTS = [
    (None, ""),
    (True, "true"),
    (False, "false"),
    (0, "0"),
    (-0.0, "0"),
    (1.0, "1"),
    (3.1, "3.1"),
    (0.1, "0.1"),
    (1e15, "1E+15"),
    (1e-5, "1E-05"),
    (123456789012345678, "1.23456789012346E+17"),
    (math.inf, "Infinity"),
    (-math.inf, "-Infinity"),
    (math.nan, "NaN"),
    ("0x10", "0x10"),
]
PREFIX = "tag:yaml.org,2002:"


@pytest.mark.parametrize(("text", "value"), CORE.items())
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    """A plain scalar is what YAML 1.2 core says, in value and in type."""
    resolved = resolve(text)
    assert (value, type(value)) == (resolved, type(resolved))


def test_not_a_number() -> None:
    """`.nan` in its three spellings is a number that is none."""
    assert [math.isnan(float(resolve(t) or 0)) for t in (".nan", ".NaN", ".NAN")] == [True] * 3


@pytest.mark.parametrize(("value", "text"), TEXTS)
def test_values_become_text(value: Scalarish, text: str) -> None:
    """Where a string is wanted, numbers have fifteen significant digits."""
    assert text == to_text(value)


@pytest.mark.parametrize("digits", [1_000, 200_000])
def test_long_numbers_are_doubles(digits: int) -> None:
    """A number with more digits than a double holds is a double, however long."""
    assert math.inf == resolve("9" * digits)
    assert math.inf == resolve("0x" + "f" * digits)


def test_tags() -> None:
    """`!!str` suits any scalar, the others only a plain one of their own kind."""
    assert resolve_tagged("3.10", PREFIX + "str", is_plain=True) == "3.10"
    assert resolve_tagged("5", PREFIX + "int", is_plain=True) == 5
    assert resolve_tagged("", PREFIX + "null", is_plain=True) is None
    value = resolve_tagged("5", PREFIX + "float", is_plain=True)
    assert (5.0, float) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "kind", "is_plain"),
    [("5", "int", False), ("5.5", "int", True), ("true", "int", True), ("x", "bool", True)],
)
def test_tags_that_do_not_fit(text: str, kind: str, is_plain: bool) -> None:
    """A quoted scalar, or one of another kind, cannot be tagged."""
    with pytest.raises(ValueError, match=text):
        resolve_tagged(text, PREFIX + kind, is_plain=is_plain)


def test_unknown_tags() -> None:
    """Any other tag is told by a KeyError."""
    with pytest.raises(KeyError):
        resolve_tagged("2024-01-01", PREFIX + "timestamp", is_plain=True)
