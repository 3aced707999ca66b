"""A guest's text as it may stand in XML that other programs read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from runner.events.controls import strip_controls
from runner.reports.labels import count_label

if TYPE_CHECKING:
    from runner.events.summary import StepSummary

LEFT_OUT = "(left out, as the report would be too large)"

# Neither a control character nor allowed in XML 1.0.
_ILLEGAL = re.compile("[\ud800-\udfff\ufffe\uffff]")


class Budget:
    """Bytes that may be spent on long texts; GitLab refuses a report of more than 30 MB."""

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, text: str) -> str:
        """Return `text`, or a note in its place if it does not fit."""
        size = len(text.encode()) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))
        if size > self._left:
            return LEFT_OUT
        self._left -= size
        return text


def clean(text: str) -> str:
    """Take out what XML or its readers cannot bear.

    Readers attach files that a text names as `[[ATTACHMENT|path]]`: not at a guest's word.
    """
    text = _ILLEGAL.sub("\ufffd", strip_controls(text))
    return text.replace("[[ATTACHMENT|", "[ [ATTACHMENT|")


def log_text(step: StepSummary, *, most: int | None = None) -> str:
    """Return the last `most` lines that are known of a step's log, with a note of those before."""
    lines = step.log[-most:] if most else step.log
    missing = step.lines - len(lines)
    above = [f"({count_label(missing, 'line')} before)"] if missing else []
    return clean("\n".join([*above, *lines]))
