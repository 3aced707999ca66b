"""The six kinds of value: conversion and comparison (LANGUAGE §4.4, §4.5)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from runner.expressions.error import ExpressionError
from runner.expressions.number import as_double, format_number, narrow, parse_number

COLLECTIONS = frozenset({"array", "object"})

# .NET leaves it as it is, lest it be an `I`.
_DOTLESS_I = "\u0131"


class FilteredArray(list[Any]):
    """The value of `x.*`: an array on which `.name` applies to every element (§4.6)."""

    __slots__ = ()


_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    tuple: "array",
    FilteredArray: "array",
    dict: "object",
}


def kind_of(value: Any) -> str:
    """Return null, boolean, number, string, array or object; raise for any other Python type."""
    kind = _KINDS.get(type(value))
    return kind or _kind_of_subclass(value)


def is_truthy(value: Any) -> bool:
    """Tell what `&&`, `||`, `!` and `if:` make of a value; empty arrays and `'false'` are true."""
    kind = kind_of(value)
    if kind == "number":
        return bool(value) and not math.isnan(value)
    return kind in COLLECTIONS or bool(value)


def to_number(value: Any) -> float:
    """Return a double; NaN for arrays, objects and strings that are no number."""
    kind = kind_of(value)
    if kind == "string":
        return parse_number(value)
    if kind in COLLECTIONS:
        return math.nan
    return 0.0 if value is None else as_double(value)


def to_text(value: Any) -> str:
    """Return the string form; arrays and objects are only named: `Array`, `Object`."""
    kind = kind_of(value)
    if kind == "string":
        return str(value)
    if kind == "number":
        return format_number(value)
    if kind == "boolean":
        return "true" if value else "false"
    return "" if kind == "null" else kind.capitalize()


def fold(text: str) -> str:
    """Return `text` with each character in simple upper case; its length never changes."""
    upper = text.upper()
    if len(upper) == len(text) and _DOTLESS_I not in text:
        return upper
    return "".join(map(_simple_upper, text))


def equals(left: Any, right: Any) -> bool:
    """Tell whether `left == right` in the loose sense of the language."""
    kinds = kind_of(left), kind_of(right)
    if kinds[0] != kinds[1]:
        return COLLECTIONS.isdisjoint(kinds) and to_number(left) == to_number(right)
    if kinds[0] == "string":
        # Folding keeps the length, so most unequal strings are told apart for nothing.
        return len(left) == len(right) and (left == right or fold(left) == fold(right))
    if kinds[0] == "number":
        return as_double(left) == as_double(right)
    return left is right if kinds[0] in COLLECTIONS else bool(left == right)


def is_greater(left: Any, right: Any) -> bool:
    """Tell whether `left > right`; false whenever the two cannot be compared."""
    kinds = kind_of(left), kind_of(right)
    if kinds == ("string", "string"):
        return _ordinal(left) > _ordinal(right)
    if kinds == ("null", "null") or not COLLECTIONS.isdisjoint(kinds):
        return False
    return to_number(left) > to_number(right)


def to_plain(value: Any) -> Any:
    """Return a result as the caller gets it: None, bool, int, float, str, list or dict."""
    kind = kind_of(value)
    if kind == "number":
        return narrow(value)
    if kind == "array":
        return value if type(value) is list else list(value)
    return dict(value) if kind == "object" and type(value) is not dict else value


def _kind_of_subclass(value: Any) -> str:
    if isinstance(value, Mapping):
        return "object"
    for base, kind in _KINDS.items():
        if isinstance(value, base):
            return kind
    name = type(value).__name__
    raise ExpressionError(
        f"a context holds a value of type `{name}`, which expressions do not have"
    )


def _simple_upper(character: str) -> str:
    # Python only offers the full mapping. Where that is longer than one character, the title
    # case is the simple mapping if it is a single one (Greek with iota), else there is none (ß).
    if character == _DOTLESS_I:
        return character
    upper = character.upper()
    if len(upper) == 1:
        return upper
    title = character.title()
    return title if len(title) == 1 else character


def _ordinal(text: str) -> bytes:
    # .NET compares UTF-16 units, which order differently from code points beyond U+FFFF.
    return fold(text).encode("utf-16-be", "surrogatepass")
