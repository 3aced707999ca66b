"""Nodes with expressions anywhere, to plain values (spec §3.5, §4.1)."""

from __future__ import annotations

from typing import Any

import pytest

from runner.documents.parsing import parse
from runner.workflow.templates import expand, expressions_in

VALUES: dict[str, Any] = {
    "${{ list }}": [1, 2],
    "${{ map }}": {"x": 1},
    "${{ text }}": "t",
    "a ${{ text }}": "a t",
    "${{ null }}": None,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("x", "x"),
        ("'a ${{ text }}'", "a t"),
        ("[a, '${{ list }}', b]", ["a", 1, 2, "b"]),
        ("[[a, '${{ list }}'], ['${{ text }}']]", [["a", 1, 2], ["t"]]),
        ("[[1, 2]]", [[1, 2]]),
        ("{a: '${{ list }}'}", {"a": [1, 2]}),
        ("{'${{ text }}': 1}", {"t": 1}),
        ("{'${{ insert }}': '${{ map }}', y: 2}", {"x": 1, "y": 2}),
        ("{'${{insert}}': {z: '${{ text }}'}}", {"z": "t"}),
        ("{'${{insert}}': '${{ null }}'}", {}),
        ("{x: 0, '${{ insert }}': '${{ map }}'}", {"x": 1}),
    ],
)
def test_expansion(text: str, value: object) -> None:
    """Lists are spliced into lists, inserted mappings into mappings, all else keeps its type."""
    root = parse("f.yml", text.encode())[0].root
    assert expand(root, VALUES.__getitem__) == value


def test_every_expression_is_found() -> None:
    """Keys count as well as values, but not the directive that splices."""
    text = "{a: ['${{ 1 }}'], '${{ 2 }}': b, '${{ insert }}': {c: 'x ${{ 3 }}'}, d: '$ {{ 4 }}'}"
    found = expressions_in(parse("f.yml", text.encode())[0].root)
    assert [scalar.value for scalar in found] == ["${{ 1 }}", "${{ 2 }}", "x ${{ 3 }}"]
