"""What a terminal, a pipe or a CI system's log can show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from runner.events.controls import RESET, keep_colours, strip_controls
from runner.events.summary import Status
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

# A CI system around us obeys what it finds in our output: `::name::` at the start of a line and
# `##[name]` (GitHub), `##vso[` (Azure), `##teamcity[`. Nothing a guest or a name says may do that.
_CI_COMMAND = r"(?m)^(\s*):(?=:)|#(?=#[A-Za-z]*\[)"
_CI_SYSTEMS = ("GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION")

_COLOURS = {
    "bold": "1",
    "dim": "2",
    "warning": "33",
    "error": "31",
    "notice": "36",
    Status.PASSED: "32",
    Status.FAILED: "31",
    Status.ERRORED: "1;35",
    Status.CANCELLED: "33",
    Status.SKIPPED: "2",
}
_JOB_COLOURS = ("36", "33", "35", "34", "32", "96", "93", "95", "94", "92")


class Marks(NamedTuple):
    passed: str = "✓"
    failed: str = "✗"
    errored: str = "!"
    cancelled: str = "■"
    skipped: str = "-"
    start: str = "▸"
    bar: str = "│"
    dot: str = "·"
    more: str = "…"


_PLAIN_MARKS = Marks("+", "x", "!", "#", "-", ">", "|", "-", "~")


class Style(NamedTuple):
    """How to write to one stream; `encoding` is the stream's."""

    is_coloured: bool
    is_in_ci: bool
    encoding: str
    marks: Marks

    def paint(self, text: str, role: str) -> str:
        """Colour `text`; `role` is a Status, an annotation level, `bold` or `dim`."""
        return self._colour(text, _COLOURS.get(role, ""))

    def paint_job(self, text: str, number: int) -> str:
        return self._colour(text, _JOB_COLOURS[number % len(_JOB_COLOURS)])

    def mark(self, status: str) -> str:
        return self.paint(getattr(self.marks, status), status)

    def clean(self, text: str) -> str:
        """Take from a guest's text what could do more than be read."""
        return keep_colours(text) if self.is_coloured else strip_controls(text)

    def writable(self, text: str) -> str:
        """Make all of our output, names and lines included, fit to be written."""
        if self.is_in_ci:
            text = re.sub(_CI_COMMAND, r"\g<0> ", text)
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def _colour(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}{RESET}" if self.is_coloured and code and text else text


def choose_style(stream: TextIO, environment: Mapping[str, str]) -> Style:
    """Look at what `stream` is, and at the switches that people and CI systems set."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return Style(
        is_coloured=_wants_colour(stream, environment),
        is_in_ci=any(environment.get(name) for name in _CI_SYSTEMS),
        encoding=encoding,
        marks=Marks() if _can_write("".join(Marks()), encoding) else _PLAIN_MARKS,
    )


def _wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    if environment.get("NO_COLOR"):
        return False
    if any(
        environment.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")
    ):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"


def _can_write(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
