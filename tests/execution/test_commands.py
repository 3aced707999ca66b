"""Workflow commands, by LANGUAGE 6.6."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.execution.commands import Command, CommandReader, parse


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("::debug::hello", Command("debug", {}, "hello")),
        ("  ::WARNING::x", Command("warning", {}, "x")),
        (
            "::error file=a.py,line=3,col=5::it%0Abroke",
            Command("error", {"file": "a.py", "line": "3", "col": "5"}, "it\nbroke"),
        ),
        (
            "::notice title=a%3Ab%2Cc::100%25",
            Command("notice", {"title": "a:b,c"}, "100%"),
        ),
        ("::error file=C:/x.py::m", Command("error", {"file": "C:/x.py"}, "m")),
        ("::add-mask::s::t", Command("add-mask", {}, "s::t")),
        ("::error file=::m", Command("error", {}, "m")),
        ("seen: ##[warning file=x;line=1]y", Command("warning", {"file": "x", "line": "1"}, "y")),
        ("##[group]a%5Db", Command("group", {}, "a]b")),
        ("::error::%250A", Command("error", {}, "%0A")),
    ],
)
def test_a_command_is_read(line: str, command: Command) -> None:
    """Names ignore case, properties and data are unescaped."""
    assert parse(line) == command


@pytest.mark.parametrize("line", ["::nothing::x", "x ::error::y", "::error x", ":: ::", "##[x]y"])
def test_anything_else_is_plain_output(line: str) -> None:
    """An unknown name, or text before `::`, makes no command."""
    assert parse(line) is None


def test_commands_can_be_stopped_and_resumed() -> None:
    """Between `stop-commands` and its token nothing is a command."""
    reader = CommandReader()
    lines = ["::stop-commands::tok", "::error::x", "::token::", "::tok::", "::error::y"]
    names = [command.name if command else "" for command in map(reader.read, lines)]
    assert names == ["stop-commands", "", "", "resume-commands", "error"]


def test_a_commands_name_cannot_stop_commands() -> None:
    """`::stop-commands::error` would let a later error resume; it stops nothing."""
    reader = CommandReader()
    reader.read("::stop-commands::error")
    assert reader.read("::notice::x") == Command("notice", {}, "x")


@given(st.text())
def test_no_text_upsets_the_reader(text: str) -> None:
    """Whatever a guest prints is a command or plain."""
    assert parse(text) is None or parse(text)


@pytest.mark.parametrize("line", ["::error" + " " * 1_000_000, "##[error a=" * 100_000])
def test_a_line_made_to_be_slow_is_not(line: str) -> None:
    """The patterns never go back over what they matched; with backtracking this takes hours."""
    assert parse(line) is None
