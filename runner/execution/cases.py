"""Test cases that a step reports in its result value (docs/PLUGINS.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.events.model import TestFinished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.execution.state import LegIdentity

RESULTS = frozenset({"passed", "failed", "errored", "skipped"})
MAX_CASES = 100_000
_TEXTS = ("suite", "name", "message", "details", "file")


def read_cases(value: object, identity: LegIdentity, step: int) -> Iterator[TestFinished]:
    """Yield an event for each case of `{"tests": [...]}`, as many as a step may have.

    What is no test case is passed over: the value is a guest's.
    """
    tests = value.get("tests") if isinstance(value, dict) else None
    for test in tests[:MAX_CASES] if isinstance(tests, list) else []:
        result = test.get("result") if isinstance(test, dict) else None
        if isinstance(result, str) and result in RESULTS:
            texts = {field: _text(test.get(field)) for field in _TEXTS}
            yield TestFinished(
                identity.job,
                identity.leg,
                step,
                result=result,
                duration=_number(test.get("duration")),
                line=int(_number(test.get("line"))),
                **texts,
            )


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _number(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < 1e9 else 0.0
