"""An `action.yml` without `runs`, however its other keys look."""

from __future__ import annotations

from runner.documents.reader import examine
from runner.workflow.action import SCHEMA, check_action


def test_an_expression_as_a_key_does_not_hide_that_runs_is_missing() -> None:
    """The schema asks for no key beside one that may become any (§2); the rules do."""
    _, problems = examine("action.yml", b"${{ on: push\nname: x\n", SCHEMA, rules=check_action)
    assert "Required property is missing: runs" in [problem.message for problem in problems]
