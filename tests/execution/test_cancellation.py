"""Ending what runs, from other threads and in any order."""

from __future__ import annotations

from runner.execution.cancellation import Cancellation


def test_a_request_ends_what_runs_and_what_starts_later() -> None:
    """A guest that starts just after the request is ended too; the first reason stays."""
    killed: list[str] = []
    cancellation = Cancellation()
    cancellation.attach(lambda: killed.append("running"), is_protected=False)
    cancellation.request("first")
    cancellation.detach()
    cancellation.attach(lambda: killed.append("late"), is_protected=False)
    cancellation.request("second")
    assert killed == ["running", "late", "late"]
    assert (cancellation.reason, cancellation.is_final) == ("first", False)


def test_what_is_protected_outlives_a_request_but_not_the_end() -> None:
    """A step whose `if` holds in a cancelled job runs on, until the run is ended at once."""
    killed: list[str] = []
    cancellation = Cancellation()
    cancellation.attach(lambda: killed.append("x"), is_protected=True)
    cancellation.request("cancelled")
    assert killed == []
    cancellation.request("ended", is_final=True)
    assert killed == ["x"]


def test_what_has_ended_is_left_alone() -> None:
    """Nothing is called once a step is over."""
    killed: list[str] = []
    cancellation = Cancellation()
    cancellation.attach(lambda: killed.append("x"), is_protected=False)
    cancellation.detach()
    cancellation.request("cancelled")
    assert killed == []
