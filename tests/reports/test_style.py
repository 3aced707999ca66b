"""Which streams get colour."""

from __future__ import annotations

import pytest

from runner.reports.style import choose_style
from tests.reports.settings import Terminal


@pytest.mark.parametrize(
    ("environment", "on_terminal", "on_pipe"),
    [
        ({}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ({"CLICOLOR_FORCE": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, True, False),
    ],
)
def test_switches_for_colour(
    environment: dict[str, str], *, on_terminal: bool, on_pipe: bool
) -> None:
    """NO_COLOR beats FORCE_COLOR and CLICOLOR_FORCE, these beat what the stream is."""
    terminal = choose_style(Terminal(is_terminal=True), environment)
    pipe = choose_style(Terminal(), environment)
    assert (on_terminal, on_pipe) == (terminal.is_coloured, pipe.is_coloured)
