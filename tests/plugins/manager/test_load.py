"""The manager under many threads; a minute of it is `python -m benchmarks.load`."""

from __future__ import annotations

from benchmarks.load import hammer

MIB = 1024 * 1024


def test_nothing_is_lost_wrong_or_left_behind(modules: str) -> None:
    """Eight threads execute, reload, unload and load; results and footprint are compared."""
    report = hammer(4.0, cache=modules)
    assert report.faults == []
    for what in ("executions", "reloads", "unloads", "loads"):
        assert report.counts[what] > 10, report.counts
    assert report.late.memory - report.early.memory < 16 * MIB
    assert report.late.children_memory - report.early.children_memory < 16 * MIB
    assert report.late.children == report.after.children + 1
