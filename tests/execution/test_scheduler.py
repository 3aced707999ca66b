"""The scheduler, driven by hand: no threads, no clocks."""

from __future__ import annotations

from runner.execution.scheduler import (
    Ancestry,
    CallDone,
    JobDue,
    LegDue,
    LegsCancelled,
    Scheduler,
    merge_results,
)


def drive(scheduler: Scheduler, results: dict[str, str]) -> list[str]:
    """Run every job as one leg with the given result; return the order in which they began."""
    begun = []
    while not scheduler.is_done:
        for action in scheduler.take():
            if isinstance(action, JobDue):
                scheduler.expand(action.job, legs=1)
            else:
                begun.append(action.job)
                scheduler.finish(action.job, action.leg, results.get(action.job, "success"))
    return begun


def test_jobs_begin_when_their_needs_are_finished() -> None:
    """Each job starts after what it needs, independent ones in the order of the file."""
    needs = {"a": (), "b": ("a",), "c": (), "d": ("b", "c")}
    assert drive(Scheduler(needs, slots=1), {}) == ["a", "c", "b", "d"]


def test_slots_bound_what_runs_at_once() -> None:
    """No more legs are handed out than there are slots; a finished one frees its own."""
    scheduler = Scheduler({"a": (), "b": (), "c": ()}, slots=2)
    for action in scheduler.take():
        scheduler.expand(action.job, legs=1)
    assert scheduler.take() == (LegDue("a", 0), LegDue("b", 0))
    assert scheduler.take() == ()
    scheduler.finish("a", 0, "success")
    assert scheduler.take() == (LegDue("c", 0),)


def test_max_parallel_bounds_a_matrix_without_blocking_others() -> None:
    """A matrix at its own bound leaves the other slots to later jobs."""
    scheduler = Scheduler({"matrix": (), "other": ()}, slots=3)
    scheduler.take()
    scheduler.expand("matrix", legs=3, max_parallel=1)
    scheduler.expand("other", legs=1)
    assert scheduler.take() == (LegDue("matrix", 0), LegDue("other", 0))


def test_fail_fast_cancels_running_and_queued_legs() -> None:
    """The first failing leg ends its siblings (6.2.2)."""
    scheduler = Scheduler({"m": ()}, slots=2)
    scheduler.take()
    scheduler.expand("m", legs=4)
    scheduler.take()
    assert scheduler.finish("m", 0, "failure") == LegsCancelled("m", (1,), (2, 3))
    assert scheduler.finish("m", 1, "cancelled") is None
    assert (scheduler.is_done, scheduler.result("m")) == (True, "failure")


def test_a_tolerated_failure_counts_as_success() -> None:
    """Job continue-on-error lets dependents run (6.2.3)."""
    scheduler = Scheduler({"a": (), "b": ("a",)}, slots=1)
    scheduler.take()
    scheduler.expand("a", legs=1)
    scheduler.take()
    assert scheduler.finish("a", 0, "failure", is_tolerated=True) is None
    assert scheduler.result("a") == "success"
    assert scheduler.ancestry("b") == Ancestry()


def test_ancestry_reaches_through_skipped_parents() -> None:
    """A failed grandparent is known to a grandchild, by name (6.2.1)."""
    scheduler = Scheduler({"a": (), "b": ("a",), "c": ("b",)}, slots=1)
    scheduler.take()
    scheduler.settle("a", "failure")
    scheduler.take()
    assert scheduler.ancestry("b") == Ancestry("a", "failure")
    scheduler.settle("b", "skipped")
    assert scheduler.ancestry("c") == Ancestry("a", "failure")


def test_a_skipped_grandparent_is_no_success_though_the_parent_ran() -> None:
    """`success()` looks at every transitive ancestor."""
    scheduler = Scheduler({"a": (), "b": ("a",), "c": ("b",)}, slots=1)
    scheduler.take()
    scheduler.settle("a", "skipped")
    scheduler.take()
    scheduler.settle("b", "success")
    assert scheduler.ancestry("c") == Ancestry("a", "skipped")


def test_cancel_drops_what_is_queued_and_lets_the_rest_end() -> None:
    """After a cancel queued legs are cancelled; running ones still report."""
    scheduler = Scheduler({"a": (), "b": (), "c": ("a",)}, slots=1)
    scheduler.take()
    scheduler.expand("a", legs=1)
    scheduler.expand("b", legs=2)
    scheduler.take()
    ended = LegsCancelled("a", (0,), ()), LegsCancelled("b", (), (0, 1))
    assert scheduler.cancel() == ended
    assert scheduler.result("b") == "cancelled"
    scheduler.finish("a", 0, "cancelled")
    assert scheduler.take() == (JobDue("c"),)


def test_diamonds_cost_no_more_than_their_edges() -> None:
    """A graph in which every job needs two of the layer before has 2^200 paths, and ends."""
    layers, needs = 200, {}
    for layer in range(layers):
        for side in "ab":
            needs[f"{side}{layer}"] = (f"a{layer - 1}", f"b{layer - 1}") if layer else ()
    assert len(drive(Scheduler(needs, slots=4), {"a0": "failure"})) == 2 * layers


def test_the_worst_leg_decides_but_failure_beats_cancelled() -> None:
    """Failure if any leg failed, else cancelled if any, else success; skipped only if all."""
    assert merge_results(["success", "cancelled", "failure"]) == "failure"
    assert merge_results(["success", "cancelled"]) == "cancelled"
    assert merge_results(["skipped", "success"]) == "success"
    assert merge_results(["skipped", "skipped"]) == "skipped"


def test_the_culprit_is_one_that_failed() -> None:
    """Of several ancestors without success the one to name is the one that failed."""
    scheduler = Scheduler({"a": (), "b": (), "c": ("a", "b")}, slots=1)
    scheduler.take()
    scheduler.settle("a", "skipped")
    scheduler.settle("b", "failure")
    assert scheduler.ancestry("c") == Ancestry("b", "failure")


def test_a_call_takes_no_slot_and_its_jobs_do() -> None:
    """A leg that calls a workflow starts although all slots are taken, and ends with its jobs."""
    scheduler = Scheduler({"work": (), "call": (), "after": ("call",)}, slots=1)
    scheduler.take()
    scheduler.expand("work", legs=1)
    scheduler.expand("call", legs=1, takes_slot=False)
    assert scheduler.take() == (LegDue("call", 0), LegDue("work", 0))
    scheduler.enter("call", 0, {"call/a": (), "call/b": ("call/a",)})
    assert scheduler.take() == (JobDue("call/a"),)
    scheduler.expand("call/a", legs=1)
    assert scheduler.take() == ()
    scheduler.finish("work", 0, "success")
    assert scheduler.take() == (LegDue("call/a", 0),)
    scheduler.finish("call/a", 0, "success")
    assert scheduler.take() == (JobDue("call/b"),)
    scheduler.settle("call/b", "skipped")
    assert scheduler.take() == (CallDone("call", 0, "success"),)
    scheduler.finish("call", 0, "success")
    assert scheduler.take() == (JobDue("after"),)


def test_jobs_of_a_call_have_ancestors_of_their_own() -> None:
    """What happened before the call is no ancestor of the jobs that it runs (6.9)."""
    scheduler = Scheduler({"a": (), "call": ("a",)}, slots=1)
    scheduler.take()
    scheduler.settle("a", "failure")
    scheduler.take()
    scheduler.expand("call", legs=1, takes_slot=False)
    scheduler.take()
    scheduler.enter("call", 0, {"call/x": ()})
    assert scheduler.ancestry("call/x") == Ancestry()


def test_cancelling_a_call_reaches_the_calls_within() -> None:
    """fail-fast of a matrix of calls ends what one leg called, and leaves the others alone."""
    scheduler = Scheduler({"m": ()}, slots=4)
    scheduler.take()
    scheduler.expand("m", legs=2, takes_slot=False)
    scheduler.take()
    scheduler.enter("m", 0, {"0/x": (), "0/late": ("0/x",)})
    scheduler.enter("m", 1, {"1/x": ()})
    scheduler.take()
    scheduler.expand("0/x", legs=1, takes_slot=False)
    scheduler.expand("1/x", legs=1)
    scheduler.take()
    scheduler.enter("0/x", 0, {"0/x/y": ()})
    scheduler.take()
    scheduler.expand("0/x/y", legs=2)
    assert scheduler.cancel(("m", 0)) == (
        LegsCancelled("0/x", (0,), ()),
        LegsCancelled("0/x/y", (), (0, 1)),
    )
    assert scheduler.take() == (CallDone("0/x", 0, "cancelled"),)
    scheduler.finish("0/x", 0, "cancelled")
    assert scheduler.take() == (JobDue("0/late"),)
    assert scheduler.is_cancelled_for("0/late")
    assert not scheduler.is_cancelled_for("1/x")


def test_a_held_leg_waits_to_be_admitted() -> None:
    """Legs that wait for a concurrency group take no slot, and can be withdrawn."""
    scheduler = Scheduler({"m": (), "b": ()}, slots=1)
    scheduler.take()
    scheduler.expand("m", legs=2, held=(0, 1))
    scheduler.expand("b", legs=1)
    assert scheduler.take() == (LegDue("b", 0),)
    scheduler.finish("b", 0, "success")
    scheduler.admit("m", 1)
    assert scheduler.take() == (LegDue("m", 1),)
    assert scheduler.withdraw("m", 0)
    assert not scheduler.withdraw("m", 1)
    scheduler.finish("m", 1, "success")
    assert (scheduler.is_done, scheduler.result("m")) == (True, "cancelled")
