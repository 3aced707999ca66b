"""Requests as hostile guests would send them, straight into each operation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner import permissions
from runner.abi import Invocation
from runner.errors import Problem, RunnerError
from runner.plugins.host import Host, Services, make_host
from runner.plugins.host.host import OPERATIONS
from runner.plugins.invoke import Call

# Nothing that these allow leads anywhere: no request leaves this machine, no plugin is found.
ALLOWED, _ = permissions.parse(
    {
        "network": {"allowed_domains": ["nowhere.invalid"], "max_connections": 0},
        "communication": {"host_communication": True, "allowed_plugins": ["a/b"]},
        "system": {"spawn_processes": ["a/b"]},
    }
)
CALL = Call(Invocation("/m", "d", ("m",)), allowed=ALLOWED, secrets={"token": "hunter2"})
SIGNS = "ab1{}:/.\0\n\u00e9\U0001f600"
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(SIGNS, max_size=20)
    | st.sampled_from(["https://nowhere.invalid/", "a/b", "{{secret:token}}", "GET", "progress"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(SIGNS, max_size=8), inner),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [
        *("url", "method", "headers", "body", "body_base64", "timeout", "redirects", "type"),
        *("plugin", "entry_point", "with", "environment", "message", "done", "value", "odd"),
    ]
)


@pytest.mark.parametrize("operation", OPERATIONS)
@given(request_=st.dictionaries(NAMES, VALUES, max_size=6))
def test_any_request_is_answered_or_refused(operation: str, request_: dict[str, Any]) -> None:
    """The contract of all operations: JSON, or a RunnerError with a code; no secret in either."""
    with make_host("a/asker", CALL, Services()) as host:
        told, problems = _ask(host, operation, json.dumps(request_).encode())
    assert problems or isinstance(json.loads(told), dict)
    assert all(problem.code and problem.message for problem in problems)
    assert "hunter2" not in told


@given(st.text(SIGNS, max_size=20), st.binary(max_size=50))
def test_any_bytes_are_answered_or_refused(operation: str, request_: bytes) -> None:
    """Unknown operations and what is no JSON are errors that are told."""
    with make_host("a/asker", CALL, Services()) as host:
        for name in (operation, "message"):
            _, problems = _ask(host, name, request_)
            assert problems[0].code in {"host-operation", "host-request"}


def _ask(host: Host, operation: str, request: bytes) -> tuple[str, tuple[Problem, ...]]:
    try:
        return host(operation, request).decode(), ()
    except RunnerError as error:
        return str(error), error.problems
