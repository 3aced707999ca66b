"""Sizes and times as people write them: `64MiB`, `1.5GB`, `30s`, `250ms`."""

from __future__ import annotations

import re

_SIZES = {
    "": 1,
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
}
_TIMES = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
# A text: few runs read one, and compiling it costs 0.3 ms.
_QUANTITY = r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s?([A-Za-z]*)"


def parse_size(value: float | str) -> int:
    """Return bytes; raises `ValueError` with a text that names the units."""
    number, unit = _split(value)
    if unit not in _SIZES:
        raise ValueError(f"`{value}` is not a size; write bytes, or a number with KB, MiB, GiB …")
    return int(number * _SIZES[unit])


def parse_duration(value: float | str) -> float:
    """Return seconds; raises `ValueError` with a text that names the units."""
    number, unit = _split(value)
    if unit not in _TIMES:
        raise ValueError(f"`{value}` is not a time; write seconds, or a number with ms, s, m or h")
    return number * _TIMES[unit]


def format_size(size: int) -> str:
    """Return `size` in the largest binary unit that divides it."""
    for unit in ("GiB", "MiB", "KiB"):
        if size and size % _SIZES[unit] == 0:
            return f"{size // _SIZES[unit]}{unit}"
    return f"{size}B"


def _split(value: float | str) -> tuple[float, str]:
    found = re.fullmatch(_QUANTITY, str(value))
    return (float(found[1]), found[2]) if found else (0.0, "?")
