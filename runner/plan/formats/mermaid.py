"""A plan as a Mermaid flowchart, as READMEs and pull requests show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.plan.formats.graph import edges_of, nodes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plan.formats.graph import GraphNode
    from runner.plan.outline import PlanOutline


def render(outline: PlanOutline) -> str:
    """Return the flowchart; a job with an `if` has a dashed border, a call is a box around."""
    lines = ["flowchart LR"]
    for node in nodes_of(outline.jobs):
        lines += _node(node, "  ")
    lines += [f"  {needed} --> {needing}" for needed, needing in edges_of(outline.jobs)]
    lines.append("  classDef conditional stroke-dasharray: 4 4")
    return "\n".join(lines)


def _node(node: GraphNode, edge: str) -> Iterator[str]:
    label = _quote(node.label)
    if node.inner:
        yield f"{edge}subgraph {node.name}[{label}]"
        for inner in node.inner:
            yield from _node(inner, f"{edge}  ")
        yield f"{edge}end"
    else:
        yield f"{edge}{node.name}[{label}]{':::conditional' if node.is_conditional else ''}"


def _quote(text: str) -> str:
    escaped = text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;")
    return f'"{escaped}"'
