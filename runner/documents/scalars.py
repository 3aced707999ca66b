"""YAML 1.2 core: which value a plain scalar is, and which text a value is (spec §1.1, §1.3)."""

from __future__ import annotations

import math
import re

Scalarish = None | bool | int | float | str

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
# Texts: compiling them costs 0.5 ms, and a file that is remembered is not read anew.
_INTEGER = r"[-+]?[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+"
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
_NUMBER_START = frozenset("+-.0123456789")
# Beyond 15 digits a double no longer holds every integer, and int() of a long text is quadratic.
_EXACT_DIGITS = 15

_TAG = "tag:yaml.org,2002:"
_KINDS: dict[str, tuple[type, ...]] = {
    _TAG + "null": (type(None),),
    _TAG + "bool": (bool,),
    _TAG + "int": (int,),
    _TAG + "float": (float, int),
}


def resolve(text: str) -> Scalarish:
    """Return the value of the untagged plain scalar `text`."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START:
        return text
    if re.fullmatch(_INTEGER, text):
        return _integer(text)
    return float(text) if re.fullmatch(_FLOAT, text) else text


def resolve_tagged(text: str, tag: str, *, is_plain: bool) -> Scalarish:
    """Return the value of a scalar with an explicit `tag` (resolved, `tag:yaml.org,2002:int`).

    Raises KeyError if the tag is not one of the core schema's scalar tags, and ValueError if
    the text is not of that kind.
    """
    if tag == _TAG + "str":
        return text
    kinds = _KINDS[tag]
    value = resolve(text) if is_plain else text
    if type(value) not in kinds:
        raise ValueError(text)
    return float(value) if tag.endswith("float") and isinstance(value, int) else value


def to_text(value: Scalarish) -> str:
    """Return `value` as where a string is wanted: numbers have 15 significant digits (§1.3)."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if math.isfinite(value):
        return f"{value:.15G}" if value else "0"
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _integer(text: str) -> int | float:
    if text.startswith(("0x", "0o")):
        value = int(text[2:], 16 if text[1] == "x" else 8)  # linear: the base is a power of two
        return value if value < 10**_EXACT_DIGITS else _double(value)
    return int(text) if len(text) <= _EXACT_DIGITS else float(text)


def _double(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
