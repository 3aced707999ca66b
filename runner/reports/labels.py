"""Names and numbers as people read them, the same in every report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.events.controls import strip_controls

if TYPE_CHECKING:
    from runner.events.model import Denial, Leg


def job_label(job: str, leg: Leg) -> str:
    """Return `job`, or `job (value, value)` for a leg of a matrix."""
    return f"{job} ({', '.join(map(_value, leg.values()))})" if leg else job


def step_label(step: int, name: str) -> str:
    """Return a name that is unique within its job, such as `02 Run tests`."""
    return f"{step + 1:02} {name}"


def duration_label(seconds: float) -> str:
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f}ms"
    if seconds < 59.95:
        return f"{seconds:.1f}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}m {rest:02}s"
    return f"{minutes // 60}h {minutes % 60:02}m"


def size_label(size: int) -> str:
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 999.5:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def count_label(count: int, thing: str) -> str:
    """Return `1 file` or `2 files`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def denial_label(denial: Denial) -> str:
    """Return what was refused and what would allow it."""
    cure = f"; to allow it: {one_line(denial.grant)}" if denial.grant else ""
    return f"refused: {one_line(denial.act)}{cure}"


def one_line(text: str) -> str:
    """Return a guest's or a pipeline's `text` as one line that does nothing but be read."""
    return " ".join(strip_controls(text).split())


def _value(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)
