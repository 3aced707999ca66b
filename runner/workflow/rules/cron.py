"""When a schedule runs: five fields of numbers, names, ranges, lists and steps (spec §3.2)."""

from __future__ import annotations

from runner.records import NamedTuple

INVALID_CRON = (
    "Invalid cron expression. Expected format: '* * * * *' (minute hour day month weekday)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class _Field(NamedTuple):
    """`names` stand for the numbers from `least` on."""

    least: int
    most: int
    names: tuple[str, ...] = ()


_FIELDS = (_Field(0, 59), _Field(0, 23), _Field(1, 31), _Field(1, 12, _MONTHS), _Field(0, 6, _DAYS))


def is_cron(text: str) -> bool:
    """Tell whether GitHub takes `text` for a schedule."""
    parts = text.strip().split()
    return len(parts) == len(_FIELDS) and all(map(_is_list, parts, _FIELDS))


def _is_list(text: str, field: _Field) -> bool:
    return all(_is_step(part, field) for part in text.split(","))


def _is_step(text: str, field: _Field) -> bool:
    start, slash, step = text.partition("/")
    if slash and _number(step, _Field(1, field.most)) is None:
        return False
    return start == "*" or _is_range(start, field)


def _is_range(text: str, field: _Field) -> bool:
    first, dash, last = text.partition("-")
    start = _number(first, field)
    end = _number(last, field) if dash else start
    return start is not None and end is not None and start <= end


def _number(text: str, field: _Field) -> int | None:
    if text.lower() in field.names:
        return field.least + field.names.index(text.lower())
    is_short = text.isascii() and text.isdigit() and len(text) <= 3  # `int` of more takes its time
    number = int(text) if is_short else -1
    return number if field.least <= number <= field.most else None
