"""A guest's text may colour itself and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.events.controls import RESET, has_controls, keep_colours, strip_controls

ATTACKS = {
    "cursor": "a\x1b[2Ab",
    "clear screen": "a\x1b[2Jb",
    "title": "a\x1b]0;owned\x07b",
    "hyperlink": "\x1b]8;;http://evil\x1b\\ab\x1b]8;;\x1b\\",
    "clipboard": "a\x1b]52;c;ZXZpbA==\x07b",
    "device control": "a\x1bPq#0\x1b\\b",
    "application command": "a\x1b_Ga=T\x1b\\b",
    "eight bit": "a\x9b2Jb\x9d0;owned\x9c",
    "charset": "a\x1b(0b",
    "reset": "a\x1bcb",
    "backspace": "a\x08b",
    "carriage return": "a\rb",
    "bell and null": "a\x07\x00b",
    "text direction": "a\u202eb\u2066",
    "unfinished": "ab\x1b[",
    "lonely escape": "ab\x1b",
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_sequences_that_act_are_removed(text: str) -> None:
    """Whatever moves, names, links or copies is gone; what it stood between is not."""
    assert strip_controls(text) == "ab"
    assert keep_colours(text).replace(RESET, "") == "ab"


def test_colours_end_with_the_line() -> None:
    """A colour stays, and never runs into what the runner prints next."""
    assert keep_colours("\x1b[1;31ma\nb") == f"\x1b[1;31ma{RESET}\nb{RESET}"


def test_plain_text_is_the_same_object() -> None:
    """Text without controls, tabs and other scripts included, is not copied."""
    text = "naïve\t日本語 🎉\nsecond"
    assert strip_controls(text) is text
    assert keep_colours(text) is text


@given(st.text())
def test_no_control_survives(text: str) -> None:
    """After stripping there is nothing left to strip."""
    assert not has_controls(strip_controls(text))


@given(st.text(alphabet="\x1b[]0;m31A\x07\x9b\\P(ab"))
def test_only_colours_survive(text: str) -> None:
    """What is left of escapes are complete colour sequences."""
    for part in keep_colours(text).split("\x1b")[1:]:
        head, is_colour, _ = part.partition("m")
        assert is_colour
        assert set(head) <= set("[0123456789;:")
