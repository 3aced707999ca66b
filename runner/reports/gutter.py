"""The left edge of the console: the job a line belongs to, and a mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.reports.labels import job_label, one_line

if TYPE_CHECKING:
    from runner.events.model import Leg
    from runner.reports.style import Style

_WIDEST = 24


class Gutter:
    """Puts names before lines; they stand in one column, which may grow as jobs start.

    A run of one job that has no matrix needs no names.
    """

    def __init__(self, style: Style) -> None:
        self._style = style
        self._names: dict[tuple[str, str], tuple[str, int]] = {}
        self._width = 0
        self._is_shown = False

    def prepare(self, jobs: tuple[str, ...]) -> None:
        self._is_shown = len(jobs) > 1
        self._width = min(max(map(len, jobs), default=0), _WIDEST)

    def name(self, job: str, leg: Leg, name: str = "") -> str:
        """Return how the job is called, from now on if `name` is given."""
        key = job, repr(leg)
        if name or key not in self._names:
            text = one_line(name) or job_label(job, leg)
            _, number = self._names.get(key, ("", len(self._names)))
            self._names[key] = text, number
            self._is_shown |= leg is not None or "/" in job
            self._width = max(self._width, min(len(text), _WIDEST))
        return self._names[key][0]

    def lines(self, job: str, leg: Leg, mark: str, text: str) -> str:
        """Return `text`, each of its lines with the job's name and `mark` before it."""
        edge = f"{mark} "
        if self._is_shown or leg is not None or "/" in job:
            name = self.name(job, leg)
            if len(name) > _WIDEST:
                name = name[: _WIDEST - 1] + self._style.marks.more
            _, number = self._names[job, repr(leg)]
            edge = f"{self._style.paint_job(name.ljust(self._width), number)} {edge}"
        return edge + text.replace("\n", f"\n{edge}") + "\n"
