"""Numbers and names as people read them."""

from __future__ import annotations

import pytest

from runner.reports.labels import (
    count_label,
    duration_label,
    job_label,
    one_line,
    size_label,
    step_label,
)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0ms"),
        (0.0123, "12ms"),
        (0.9994, "999ms"),
        (0.9996, "1.0s"),
        (59.94, "59.9s"),
        (59.96, "1m 00s"),
        (3599.6, "1h 00m"),
        (7265.0, "2h 01m"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    """Each unit ends where the next begins."""
    assert text == duration_label(seconds)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (12_345_678, "12.3 MB"), (10**16, "10000.0 TB")],
)
def test_sizes(size: int, text: str) -> None:
    """Sizes have at most one decimal."""
    assert text == size_label(size)


def test_names() -> None:
    """Jobs show their leg as YAML would, steps sort by their number."""
    assert job_label("test", None) == "test"
    assert job_label("test", {"a": "3.11", "b": True, "c": None}) == "test (3.11, true, null)"
    assert step_label(0, "Check out") == "01 Check out"
    assert [count_label(1, "file"), count_label(2, "file")] == ["1 file", "2 files"]
    assert one_line(" a\n\x1b[1mb\tc ") == "a b c"
