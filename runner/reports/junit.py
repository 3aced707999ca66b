"""`junit.xml`, which CI systems read: made once, at the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.reports.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.events.model import Event
    from runner.events.summary import RunSummary
    from runner.reports.reporter import Setting


class JUnit:
    """A report: see `reports.reporter`."""

    def __init__(self, setting: Setting) -> None:
        self._folder = Folder(setting.folder)
        self._is_strict = setting.strict

    def handle(self, events: Sequence[Event]) -> None:
        """Do nothing: all that is told is in the summary."""

    def finish(self, summary: RunSummary) -> None:
        from runner.reports.testsuites import render  # 16 ms; only when the run is over

        self._folder.replace("junit.xml", render(summary, strict=self._is_strict))
        self._folder.close()
