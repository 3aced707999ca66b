"""A step's output on its way to events."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from runner.events.masking import Masker
from runner.events.model import StepOutput
from runner.events.stream import Stream
from runner.execution import output
from runner.execution.output import OutputReader
from runner.execution.state import LegIdentity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from runner.events.model import Event


def test_a_flood_of_lines_is_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the cap nothing is recorded, and the log says once where it ends."""
    monkeypatch.setattr(output, "MAX_LINES", 5)
    lines: list[str] = []

    def sink(events: Sequence[Event]) -> None:
        lines.extend(event.line for event in events if isinstance(event, StepOutput))

    masker = Masker()
    run = SimpleNamespace(is_debug=False)
    services: Any = SimpleNamespace(masker=masker, stream=Stream(masker, {"sink": sink}), run=run)
    reader = OutputReader(cast("Any", services), LegIdentity("job", None, "job"), 0)
    for chunk in (b"1\n2\n3\n", b"4\n5\n6\n7\n", b"8\n", b"9\n"):
        reader.feed(chunk)
    reader.finish()
    assert lines == ["1", "2", "3", "4", "5", "warning: the step's log ends here, after 5 lines"]
