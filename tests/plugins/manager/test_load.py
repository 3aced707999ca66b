"""The manager under many threads; a minute of it is `python -m benchmarks.load`."""

from __future__ import annotations

from collections import Counter

from benchmarks.load import hammer

MIB = 1024 * 1024
ACTIONS = ("executions", "reloads", "unloads", "loads")


def test_nothing_is_lost_wrong_or_left_behind(modules: str) -> None:
    """Eight threads execute, reload, unload and load; results and footprint are compared."""
    counts: Counter[str] = Counter()
    for _ in range(10):  # a busy machine takes some rounds to do enough
        report = hammer(2.0, cache=modules)
        assert report.faults == []
        assert report.late.memory - report.early.memory < 8 * MIB
        assert report.late.children_memory - report.early.children_memory < 8 * MIB
        assert report.late.children == report.after.children + 1
        counts += report.counts
        if all(counts[what] > 10 for what in ACTIONS):
            break
    for what in ACTIONS:
        assert counts[what] > 10, counts
