"""Numbers are IEEE doubles, read and written as .NET does (LANGUAGE §4.2, §4.4)."""

from __future__ import annotations

import math
import re

# Given to `re` as text: compiled when the first number is met, and kept there.
_DECIMAL = r"[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?"
_RADIX = r"0(?:x0*([0-9a-fA-F]{1,8})|o0*([0-7]{1,11}))"
_INFINITIES = {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}
_WORD = 2**32
_EXACT = 2**53


def parse_number(text: str) -> float:
    """Return the double `text` means, NaN when it means none; empty text is 0."""
    text = text.strip()
    if not text:
        return 0.0
    if re.fullmatch(_DECIMAL, text):
        return float(text)
    if match := re.fullmatch(_RADIX, text):
        return _parse_word(match)
    return _INFINITIES.get(text, math.nan)


def format_number(value: float) -> str:
    """Return the 15 digit form (`G15`): `0.1`, `1E+15`, `1E-05`, `NaN`, `-Infinity`."""
    value = as_double(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    # Adding zero turns -0 into 0.
    return f"{value + 0.0:.15G}"


def as_double(value: float) -> float:
    """Return `value` as a double; an integer beyond its range is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def narrow(value: float) -> int | float:
    """Return an `int` for a whole number up to 2**53, else a `float`: the form of all results."""
    double = as_double(value)
    return int(double) if abs(double) <= _EXACT and double.is_integer() else double


def _parse_word(match: re.Match[str]) -> float:
    hexadecimal, octal = match.groups()
    word = int(hexadecimal, 16) if hexadecimal else int(octal, 8)
    if word >= _WORD:
        return math.nan
    # Thirty-two bits in two's complement: 0xFFFFFFFF is -1.
    return float(word - _WORD if word >= _WORD // 2 else word)
