"""Semantic versions and ranges of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.plugins.versions import parse_range, parse_version

ORDERED = (
    *("1.0.0-2", "1.0.0-11", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta"),
    *("1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "2.0.0-a", "2.0.0"),
)


def test_precedence_is_that_of_the_standard() -> None:
    """Numbers are less than words, pre-releases less than releases; builds do not count."""
    backwards = ORDERED[::-1]
    assert sorted(backwards, key=parse_version) == list(ORDERED)
    assert parse_version("1.2.3+x") == parse_version("1.2.3+y.z")


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("^1.2", ["1.2.0", "1.9.9"], ["1.1.9", "2.0.0", "2.0.0-rc.1"]),
        ("^0.1", ["0.1.0", "0.1.5"], ["0.2.0"]),
        ("^0.0.3", ["0.0.3"], ["0.0.4"]),
        ("^0", ["0.0.0", "0.9.0"], ["1.0.0"]),
        ("^0.0", ["0.0.9"], ["0.1.0"]),
        ("~1.2.3", ["1.2.3", "1.2.9"], ["1.2.2", "1.3.0"]),
        ("~1", ["1.0.0", "1.9.0"], ["2.0.0"]),
        ("1.2", ["1.2.0", "1.2.9"], ["1.3.0"]),
        ("1.x", ["1.2.9"], ["2.0.0"]),
        ("=1.2.3", ["1.2.3", "1.2.3+b"], ["1.2.4", "1.2.3-rc.1"]),
        ("1.2.3-rc.1", ["1.2.3-rc.1"], ["1.2.3-rc.2", "1.2.3"]),
        ("*", ["0.0.0", "9.9.9"], ["1.0.0-a"]),
        (">1.2", ["1.3.0"], ["1.2.9"]),
        (">1.2.3", ["1.2.4"], ["1.2.3"]),
        ("<=1.2", ["1.2.9"], ["1.3.0"]),
        ("<2", ["1.9.9"], ["2.0.0", "2.0.0-rc.1"]),
        (">=1 <3", ["1.0.0", "2.5.0"], ["0.9.0", "3.0.0"]),
        (">= 1, < 3", ["2.5.0"], ["3.0.0"]),
        ("^1 || ^3", ["1.1.0", "3.1.0"], ["2.1.0"]),
        (">=1.0.0-rc.1", ["1.0.0-rc.2", "1.0.0", "2.0.0"], ["1.0.0-beta", "1.1.0-rc.2"]),
        (">3 <2", [], ["1.0.0", "2.5.0", "4.0.0"]),
    ],
)
def test_ranges(text: str, inside: list[str], outside: list[str]) -> None:
    """Each way to write a range, as npm understands it."""
    for version in (*inside, *outside):
        assert parse_range(text).holds(version) == (version in inside), version


@pytest.mark.parametrize(
    "text", ["", " ", "a", "1.2.3.4", "^", "1 ||", "1..2", "01.2.3", "1-rc", "٣"]
)
def test_odd_ranges_are_refused(text: str) -> None:
    """The message shows how a range is written."""
    with pytest.raises(ValueError, match=r"such as `\^1.2`"):
        parse_range(text)


@pytest.mark.parametrize("text", ["", "1.2", "1.2.x", "^1.2.3", "1.2.3-", "1.2.3-a..b", "01.2.3"])
def test_odd_versions_are_refused(text: str) -> None:
    """A version has three numbers."""
    with pytest.raises(ValueError, match="is not a"):
        parse_version(text)


@given(st.text("0123456789.^~<>=|*x- rc+", max_size=30))
def test_any_text_is_a_range_or_refused(text: str) -> None:
    """Nothing but ValueError comes of a hostile text, and what is read can be asked."""
    try:
        found = parse_range(text)
    except ValueError:
        return
    found.holds("1.2.3")
