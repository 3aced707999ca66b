"""Every report that is registered fills the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.events.fold import summarise
from runner.reports.registry import REPORTERS
from runner.reports.reporter import Setting
from tests.events.samples import sample_run
from tests.reports.settings import Terminal, setting_for

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", REPORTERS)
@pytest.mark.parametrize("count", [0, 1, 3, 1000])
def test_a_report_takes_any_run(tmp_path: Path, name: str, count: int) -> None:
    """A report handles each kind of event, and a run that ended at once."""
    events = sample_run()[:count]
    report = REPORTERS[name](setting_for(tmp_path))
    for event in events:
        report.handle([event])
    report.finish(summarise(events))


@pytest.mark.parametrize("name", REPORTERS)
def test_a_report_is_told_again_the_same(tmp_path: Path, name: str) -> None:
    """Two reports of the same events are equal to the byte."""
    written = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        out, err = Terminal(), Terminal()
        setting = Setting(str(folder), out, err, {}, shown="run")
        report = REPORTERS[name](setting)
        for event in sample_run():
            report.handle([event])
        report.finish(summarise(sample_run()))
        files = {path.name: path.read_bytes() for path in folder.rglob("*.*")}
        written.append((files, out.getvalue(), err.getvalue()))
    assert written[0] == written[1]
