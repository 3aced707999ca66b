"""How work grows with its input, counted in calls, not in seconds: the same on every machine."""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def count_calls(run: Callable[[], Any]) -> int:
    """Return how many functions, Python's and C's, are called in `run`."""
    count = 0

    def observe(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    previous = sys.getprofile()
    sys.setprofile(observe)
    try:
        run()
    finally:
        sys.setprofile(previous)
    return count


def assert_linear(run: Callable[[int], Any], size: int) -> None:
    """Assert that four times the size takes at most a little more than four times the calls."""
    small, large = (count_calls(functools.partial(run, n)) for n in (size, 4 * size))
    assert large <= 4.5 * small + 100
