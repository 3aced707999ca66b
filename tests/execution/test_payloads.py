"""Payloads made up for every event, and what any payload says (LANGUAGE 3.2, 5)."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.execution.payloadreader import (
    References,
    find_activity,
    find_inputs,
    find_names,
    find_references,
)
from runner.execution.payloads import Facts, Payload, short_name, synthesise
from runner.workflow.filters import Activity
from tests.support.project import ROOT

SHA, BASE = "a" * 40, "b" * 40
FACTS = Facts("octo/hello", "https://github.com", "jo", "refs/heads/topic", SHA, "main", BASE)
CHECKED_OUT = References("refs/heads/topic", SHA)


def all_events() -> list[str]:
    with open(os.path.join(ROOT, "schemas", "pipeline.schema.json"), encoding="utf-8") as file:
        names: list[str] = json.load(file)["$defs"]["event"]["enum"]
    return names


@pytest.mark.parametrize("event", all_events())
def test_5_every_event_can_be_made_up(event: str) -> None:
    """5: the payload is plain JSON, names the repository and the sender, and is understood."""
    payload = synthesise(event, FACTS)
    assert json.loads(json.dumps(payload)) == payload
    assert find_names(payload) == ("jo", "octo/hello")
    found = find_references(event, payload, CHECKED_OUT)
    assert found.ref.startswith("refs/")
    assert found.sha in {SHA, BASE}


@pytest.mark.parametrize(
    ("event", "references"),
    [
        ("push", References("refs/heads/topic", SHA)),
        ("issues", References("refs/heads/topic", SHA)),
        ("pull_request", References("refs/pull/1/merge", SHA, "main", "topic")),
        ("pull_request_review", References("refs/pull/1/merge", SHA, "main", "topic")),
        ("pull_request_target", References("refs/heads/main", BASE, "main", "topic")),
        ("release", References("refs/tags/v0.0.0", SHA)),
        ("create", References("refs/heads/topic", SHA)),
        ("merge_group", References(f"refs/heads/gh-readonly-queue/main/pr-1-{BASE}", SHA)),
        ("deployment", References("refs/heads/topic", SHA)),
    ],
)
def test_5_references_follow_the_event(event: str, references: References) -> None:
    """5: `ref`, `sha`, `base_ref` and `head_ref` are those that GitHub gives to such an event."""
    assert find_references(event, synthesise(event, FACTS), CHECKED_OUT) == references


def test_5_what_a_payload_lacks_is_as_checked_out() -> None:
    """5: an empty payload changes nothing."""
    for event in all_events():
        assert find_references(event, {}, CHECKED_OUT) == CHECKED_OUT


def test_3_2_activities_for_filters() -> None:
    """3.2: branches, tags, names and files stand where each event has them."""
    commits = [{"added": ["a"], "modified": []}, {"removed": ["b"], "id": "x"}]
    assert find_activity("push", {"commits": commits}, "refs/heads/x/y") == Activity(
        "x/y", paths=("a", "b")
    )
    assert find_activity("push", {"commits": [{"id": "x"}]}, "refs/tags/v1") == Activity(tag="v1")
    facts = FACTS._replace(earlier="Build")
    run = find_activity("workflow_run", synthesise("workflow_run", facts), "")
    assert run == Activity("topic", action="completed", workflow="Build")
    request = find_activity("pull_request", synthesise("pull_request", FACTS), "")
    assert request == Activity("main", action="opened")
    group = find_activity("merge_group", synthesise("merge_group", FACTS), "")
    assert group == Activity("main", action="checks_requested")


def test_3_2_inputs_of_a_payload_are_text() -> None:
    """3.2: whatever a file holds as inputs, `github.event.inputs` would be text."""
    inputs = {"a": True, "b": 1.5, "c": "x", "d": None, "e": []}
    assert find_inputs({"inputs": inputs}) == {"a": "true", "b": "1.5", "c": "x"}
    assert find_inputs({"inputs": None}) == {}


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("refs/heads/a/b", "a/b"),
        ("refs/tags/v1", "v1"),
        ("refs/pull/1/merge", "1/merge"),
        ("", ""),
        ("refs/remotes/x", "refs/remotes/x"),
    ],
)
def test_5_short_names(ref: str, name: str) -> None:
    """5: `github.ref_name`."""
    assert short_name(ref) == name


def test_a_payload_is_made_once_and_when_needed() -> None:
    """What it costs is paid by the first who looks, if anybody does."""
    made: list[int] = []

    def make() -> dict[str, Any]:
        made.append(1)
        return {"a": 1}

    payload = Payload(make)
    assert made == []
    assert (dict(payload), payload.get("b"), len(payload), made) == ({"a": 1}, None, 1, [1])


NAMES = st.sampled_from(
    (
        *("ref", "after", "commits", "added", "pull_request", "base", "number", "inputs"),
        *("release", "tag_name", "deployment", "merge_group", "head_ref", "sender", "login"),
        *("workflow_run", "workflow", "name", "action", "repository", "full_name"),
    )
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(all_events()), st.dictionaries(NAMES, VALUES, max_size=4))
def test_no_payload_breaks_its_readers(event: str, payload: dict[str, Any]) -> None:
    """A file may hold anything where a text or an object is expected."""
    references = find_references(event, payload, CHECKED_OUT)
    assert all(isinstance(value, str) for value in references)
    activity = find_activity(event, payload, references.ref)
    assert all(isinstance(path, str) for path in activity.paths or ())
    assert all(isinstance(text, str) for text in find_inputs(payload).values())
    assert all(isinstance(name, str) for name in find_names(payload))
