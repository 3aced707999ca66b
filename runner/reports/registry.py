"""The reports there are. A new one is a file and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.reports.console import Console
from runner.reports.junit import JUnit
from runner.reports.logs import Logs
from runner.reports.summary import Summary

if TYPE_CHECKING:
    from runner.reports.reporter import Reporter

REPORTERS: dict[str, type[Reporter]] = {
    "logs": Logs,
    "junit": JUnit,
    "markdown": Summary,
    "console": Console,
}
