"""What a plugin gives, held against its manifest."""

from __future__ import annotations

from runner.plugins.manifest import Input
from runner.plugins.outputs import check

DECLARED = {
    "count": Input("count", "number", required=True),
    "data": Input("data", "json", default='{"a": 1}'),
    "level": Input("level", "choice", options=("low", "high")),
    "old": Input("old", deprecation="read count"),
}


def test_outputs_become_typed() -> None:
    """Defaults are filled in, and what is right has its type."""
    given = check(DECLARED, {"count": "3", "level": "low"})
    assert given.problems == ()
    assert given.typed == {"count": 3, "data": {"a": 1}, "level": "low", "old": None}
    assert given.texts == {"count": "3", "level": "low", "data": '{"a": 1}'}


def test_all_that_is_wrong_is_told() -> None:
    """Missing, wrong, deprecated and undeclared ones; the texts are kept as they came."""
    given = check(DECLARED, {"level": "middle", "old": "1", "new": "2"})
    assert [(problem.code, problem.severity) for problem in given.problems] == [
        ("output-missing", "error"),
        ("output-invalid", "error"),
        ("output-deprecated", "warning"),
        ("output-unknown", "warning"),
    ]
    assert given.texts["new"] == "2"
    assert "level" not in given.typed


def test_nothing_declared_is_nothing_to_say() -> None:
    """A plugin that does not speak of its outputs may give any."""
    assert check({}, {"x": "1"}).problems == ()
