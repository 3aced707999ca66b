"""The attempts that ship: all fail here, and a hole in the sandbox would be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from runner.abi import Limits
from runner.sandbox.escape import suite
from runner.sandbox.escape.suite import ATTEMPTS, run_suite

if TYPE_CHECKING:
    import pytest

    from runner.abi import Invocation, PluginResult
    from runner.sandbox.escape.attempt import Outcome
    from runner.sandbox.sandbox import Sandbox


class _Leaky:
    """A sandbox with a hole: it grants more than was asked for."""

    def __init__(self, sandbox: Sandbox, **hole: Any) -> None:
        self._sandbox = sandbox
        self._hole = hole

    def run(self, invocation: Invocation, *arguments: Any) -> PluginResult:
        hole = dict(self._hole)
        if hole.pop("is_open", False):
            rows = [row._replace(writable=True) for row in invocation.directories]
            hole["directories"] = tuple(rows)
        return self._sandbox.run(invocation._replace(**hole), *arguments)


def _break_out(sandbox: Sandbox, group: str, **hole: Any) -> list[Outcome]:
    leaky = cast("Sandbox", _Leaky(sandbox, **hole))
    return [row for row in run_suite(leaky) if row.group == group and row.escape]


def test_every_attempt_fails(shared: Sandbox) -> None:
    """None of the attempts gets out, and there are more than a hundred of them."""
    outcomes = list(run_suite(shared))

    assert [outcome for outcome in outcomes if outcome.escape] == []
    assert len(outcomes) > 200
    assert len({(outcome.group, outcome.name) for outcome in outcomes}) == len(outcomes)


def test_hole_in_the_files(shared: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox that lets a read-only folder be written is found out."""
    rows = tuple(attempt for attempt in ATTEMPTS if attempt.group == "read-only")
    monkeypatch.setattr(suite, "ATTEMPTS", rows)

    escapes = _break_out(shared, "read-only", is_open=True)

    assert len(escapes) >= 5
    assert any("changed" in row.escape or "not refused" in row.escape for row in escapes)


def test_hole_in_the_clock(shared: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox that shows the real time is found out."""
    rows = tuple(attempt for attempt in ATTEMPTS if attempt.group == "world")
    monkeypatch.setattr(suite, "ATTEMPTS", rows)

    escapes = _break_out(shared, "world", clock=None, limits=Limits(wall_time=2.0))

    assert len(escapes) == 4


def test_hole_in_the_limits(shared: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox that lets the disk be filled is found out."""
    rows = tuple(attempt for attempt in ATTEMPTS if "fill the disk" in attempt.name)
    monkeypatch.setattr(suite, "ATTEMPTS", rows)
    limits = rows[0].limits._replace(growth=0, file_size=1 << 20, wall_time=2.0)

    assert _break_out(shared, "resources", limits=limits)
