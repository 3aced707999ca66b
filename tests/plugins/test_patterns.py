"""Regular expressions of hostile manifests."""

from __future__ import annotations

import time

import pytest

from runner.plugins.patterns import MAX_TEXT, find_fault, matches


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "[a-z]+",
        r"v?[0-9]+\.[0-9]+\.[0-9]+(-[a-z0-9.]+)?",
        "(major|minor|patch)",
        "major|minor|patch",
        "[0-9a-f]{64}",
        r"(?:[a-z]{2}-){3}[)*+]",
        r"\(\+\)",
    ],
)
def test_useful_patterns_are_accepted(pattern: str) -> None:
    """What people write for versions, names and digests passes."""
    assert not find_fault(pattern)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(a+)+", "repeats a group"),
        ("(a*)*b", "repeats a group"),
        ("((a)|b)+", "repeats a group"),
        ("(a?a?)*", "repeats a group"),
        ("(?:a{1,3}){2,}", "repeats a group"),
        ("a*a*a*a*a*b", "too many"),
        ("a?" * 60 + "a" * 60, "too many"),
        ("(a|a)" * 40, "too many"),
        (r"(a)\1", "look around or back"),
        ("(?=a)a", "look around or back"),
        ("(?P<x>a)", "look around or back"),
        ("(", "not a regular expression"),
        ("[", "not a regular expression"),
    ],
)
def test_patterns_that_could_blow_up_are_refused(pattern: str, reason: str) -> None:
    """Loops within loops, and too many in a row, never reach the matcher."""
    assert reason in find_fault(pattern)


def test_the_worst_accepted_pattern_ends_soon() -> None:
    """Even the slowest kind of accepted pattern is done within seconds."""
    pattern = "a*a*a*a*b"
    assert not find_fault(pattern)
    start = time.perf_counter()
    assert not matches(pattern, "a" * MAX_TEXT)
    assert time.perf_counter() - start < 10


def test_the_whole_text_must_match() -> None:
    """A match in the middle, or of a text that is too long, does not count."""
    assert matches("[0-9]+", "42")
    assert not matches("[0-9]+", "v42")
    assert not matches("[0-9]+", "42\n")
    assert not matches("[0-9]+", "4" * (MAX_TEXT + 1))
