"""A plan as a Graphviz graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.plan.formats.graph import edges_of, nodes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plan.formats.graph import GraphNode
    from runner.plan.outline import PlanOutline


def render(outline: PlanOutline) -> str:
    """Return the graph; a job with an `if` is dashed, a call a cluster with a point to its left."""
    lines = [
        f"digraph {_quote(outline.pipeline)} {{",
        "  rankdir=LR; compound=true; node [shape=box, style=rounded];",
    ]
    for node in nodes_of(outline.jobs):
        lines += _node(node, "  ")
    lines += [f"  {needed} -> {needing};" for needed, needing in edges_of(outline.jobs)]
    return "\n".join([*lines, "}"])


def _node(node: GraphNode, edge: str) -> Iterator[str]:
    if not node.inner:
        style = ', style="rounded,dashed"' if node.is_conditional else ""
        yield f"{edge}{node.name} [label={_quote(node.label)}{style}];"
        return
    yield f"{edge}subgraph cluster_{node.name} {{"
    yield f"{edge}  label={_quote(node.label)};"
    yield f"{edge}  {node.name} [shape=point];"
    for inner in node.inner:
        yield from _node(inner, f"{edge}  ")
    yield f"{edge}}}"


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
