"""Problems as a person reads them."""

from __future__ import annotations

from runner.documents.excerpt import WIDTH, render
from runner.errors import Position, Problem


def at(line: int, column: int, message: str = "wrong", hint: str = "") -> Problem:
    return Problem("a.b", message, Position("f.yml", line, column), hint)


def test_place_line_caret_and_hint() -> None:
    """The source line stands below the message, with carets under the token."""
    expected = "f.yml:2:4: wrong\n2 | b: colour # no\n  |    ^~~~~~\nhint: red"
    assert expected == render(at(2, 4, hint="red"), "a\nb: colour # no\n")


def test_without_a_place() -> None:
    """A problem of the file as a whole has no excerpt."""
    assert render(at(0, 0), "a\n") == "f.yml: wrong"
    assert render(Problem("a.b", "wrong"), "") == "wrong"


def test_a_line_that_is_gone() -> None:
    """A file that changed in the meantime only costs the excerpt."""
    assert render(at(9, 1), "a\n") == "f.yml:9:1: wrong"


def test_a_warning_says_so() -> None:
    """A warning is told from an error without colour."""
    assert (
        render(at(1, 1)._replace(severity="warning"), "a\n")
        == "f.yml:1:1: warning: wrong\n1 | a\n  | ^"
    )


def test_behind_the_end_of_a_line() -> None:
    """What is missing at the end of a line has its caret there."""
    assert render(at(1, 3), "a:\n") == "f.yml:1:3: wrong\n1 | a:\n  |   ^"


def test_wide_characters_take_two_columns() -> None:
    """The caret stands below its character also behind wide and combining ones."""
    _, _, caret = render(at(1, 4), "分e\u0301支").split("\n")
    assert caret == "  |    ^~"


def test_control_characters_are_shown_not_sent() -> None:
    """Nothing in a file or a message reaches the terminal as a command."""
    shown = render(at(1, 1, "a\x1b[31m\u202e\n"), "\x1b]0;x\x07\u2066y")
    assert set("\x1b\x07\u202e\u2066").isdisjoint(shown)
    assert "a\\u001b[31m\\u202e\\u000a" in shown


def test_long_lines_are_cut_around_the_place() -> None:
    """A line of any length shows as one line of bounded width, the place in its middle."""
    _, source, caret = render(at(1, 5001), "x" * 5000 + "here" + "y" * 5000).split("\n")
    assert len(source) < WIDTH + 20
    assert source[caret.index("^") :].startswith("here")


def test_colour_only_where_asked() -> None:
    """Colours change nothing but colours."""
    import re

    coloured = render(at(1, 1, hint="h"), "a\n", color=True)
    assert "\x1b[" in coloured
    assert render(at(1, 1, hint="h"), "a\n") == re.sub(r"\x1b\[\d+m", "", coloured)
