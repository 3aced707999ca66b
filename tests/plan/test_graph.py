"""The order of jobs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runner.plan.graph import dependents_of, order


def test_needs_come_first_and_ties_keep_the_order_written() -> None:
    """A job stands after all it needs; otherwise the order of the file holds."""
    needs = {"deploy": ["test", "lint"], "lint": [], "test": ["build"], "build": []}
    assert order(needs) == ("lint", "build", "test", "deploy")


def test_a_need_named_twice_counts_once() -> None:
    """Repeating a need changes nothing."""
    assert order({"b": ["a", "a"], "a": []}) == ("a", "b")
    assert dependents_of({"b": ["a", "a"], "a": []}) == {"a": ["b"], "b": []}


def test_a_deep_chain_needs_no_recursion() -> None:
    """Ten thousand jobs in a row are ordered without exhausting the stack."""
    names = [f"j{index}" for index in range(10_000)]
    needs = {name: names[index + 1 : index + 2] for index, name in enumerate(names)}
    assert order(needs) == tuple(reversed(names))


@given(st.lists(st.sets(st.integers(0, 30)), max_size=30))
def test_every_order_respects_every_need(graph: list[set[int]]) -> None:
    """Whatever the graph, no job precedes one that it needs."""
    needs = {
        str(job): [str(need) for need in wanted if need < job] for job, wanted in enumerate(graph)
    }
    ordered = order(needs)
    place = {name: index for index, name in enumerate(ordered)}
    assert sorted(ordered) == sorted(needs)
    assert all(place[need] < place[name] for name in needs for need in needs[name])
