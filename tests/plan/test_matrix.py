"""Matrix expansion, by the algorithm of LANGUAGE 3.5."""

from __future__ import annotations

from typing import Any

import pytest

from runner.expressions.values import equals, to_text
from runner.plan.matrix import Leg, MatrixError, expand, leg_name


def values(matrix: Any) -> list[dict[str, Any] | None]:
    return [leg.values for leg in expand(matrix, equal=equals)]


def test_no_matrix_is_one_leg_without_values() -> None:
    """A job without a matrix runs once, with `matrix` null."""
    assert values(None) == [None]


def test_the_first_key_varies_slowest() -> None:
    """The cross product goes in document order of keys (step 1)."""
    assert values({"os": ["a", "b"], "n": [1, 2]}) == [
        {"os": "a", "n": 1},
        {"os": "a", "n": 2},
        {"os": "b", "n": 1},
        {"os": "b", "n": 2},
    ]


def test_exclude_compares_loosely_and_may_be_partial() -> None:
    """An exclude item drops every combination whose named leaves are equal (step 2)."""
    matrix = {"os": ["A", "b"], "n": [1, 2], "exclude": [{"os": "a"}, {"n": "2", "os": "b"}]}
    assert values(matrix) == [{"os": "b", "n": 1}]


def test_exclude_descends_into_mappings_and_lists() -> None:
    """Every leaf of the item counts, at its own path."""
    matrix = {
        "target": [{"os": "linux", "tags": ["x", "y"]}, {"os": "mac", "tags": ["x"]}],
        "exclude": [{"target": {"tags": ["x", "y"]}}],
    }
    assert values(matrix) == [{"target": {"os": "mac", "tags": ["x"]}}]


def test_the_documentation_example_of_include() -> None:
    """Includes extend what they match, override earlier extras, else append (steps 3 and 4)."""
    matrix = {
        "fruit": ["apple", "pear"],
        "animal": ["cat", "dog"],
        "include": [
            {"color": "green"},
            {"color": "pink", "animal": "cat"},
            {"fruit": "apple", "shape": "circle"},
            {"fruit": "banana"},
            {"fruit": "banana", "animal": "cat"},
        ],
    }
    assert values(matrix) == [
        {"fruit": "apple", "animal": "cat", "color": "pink", "shape": "circle"},
        {"fruit": "apple", "animal": "dog", "color": "green", "shape": "circle"},
        {"fruit": "pear", "animal": "cat", "color": "pink"},
        {"fruit": "pear", "animal": "dog", "color": "green"},
        {"fruit": "banana"},
        {"fruit": "banana", "animal": "cat"},
    ]


def test_an_include_whose_only_match_was_excluded_is_appended() -> None:
    """Exclusion comes before inclusion (step 4)."""
    matrix = {"a": [1, 2], "exclude": [{"a": 1}], "include": [{"a": 1, "x": "y"}]}
    assert values(matrix) == [{"a": 2}, {"a": 1, "x": "y"}]


def test_only_includes_are_a_leg_each() -> None:
    """Without vectors each include item is a job (step 5)."""
    assert values({"include": [{"a": 1}, {"b": 2}]}) == [{"a": 1}, {"b": 2}]


def test_all_excluded_runs_once_without_values() -> None:
    """If nothing is left the job runs once, with `matrix` null (step 5)."""
    assert values({"a": [1], "exclude": [{"a": 1}]}) == [None]


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ({}, "Matrix must define at least one vector"),
        ({"v": []}, "Matrix vector 'v' does not contain any values"),
        ({"v": [1], "include": [{}]}, "Matrix include mapping does not contain any values"),
        ({"v": [1], "exclude": [{}]}, "Matrix exclude filter must not be empty"),
        (
            {"v": [1], "exclude": [{"k": 1}]},
            "Matrix exclude key 'k' does not match any key within the matrix",
        ),
        ({"v": list(range(257))}, "Matrix must not have more than 256 jobs"),
    ],
)
def test_a_broken_matrix_is_refused_in_githubs_words(matrix: Any, message: str) -> None:
    """Every rule of LANGUAGE 2 about matrices has its message."""
    with pytest.raises(MatrixError) as caught:
        values(matrix)
    assert str(caught.value) == message


def test_a_huge_product_is_refused_without_being_built() -> None:
    """Ten vectors of a hundred values are refused at once, even if all would be excluded."""
    matrix: dict[str, Any] = {f"v{index}": [0] * 100 for index in range(10)}
    matrix["exclude"] = [{"v0": 0}]
    with pytest.raises(MatrixError):
        values(matrix)


def test_the_name_shows_scalar_leaves_and_is_cut() -> None:
    """`name (v1, v2)`: empty leaves are left out, and 100 characters are the limit."""
    assert leg_name("test", Leg({}, (3.5, "", "linux", True)), to_text) == "test (3.5, linux, true)"
    assert leg_name("test", Leg(None), to_text) == "test"
    long = leg_name("test", Leg({}, ("x" * 200,)), to_text)
    assert (len(long), long[-3:]) == (100, "...")
