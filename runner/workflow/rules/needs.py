"""The graph of jobs: every need exists, none is circular, some job can start (spec §2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.hints import nearest_of_few
from runner.documents.nodes import Mapping, Scalar
from runner.documents.scalars import to_text
from runner.workflow.leaves import items_of
from runner.workflow.templates import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.errors import Problem
    from runner.workflow.rules.outline import JobOutline, Outline

    Needs = dict[str, list[Scalar]]

NO_ROOT = "The workflow must contain at least one job with no dependencies."


def check(outline: Outline) -> Iterator[Problem]:
    """Check `needs` of all jobs, in linear time."""
    jobs = outline.fields.get("jobs")
    if not isinstance(jobs, Mapping):
        return
    names = {str(key.value).lower(): str(key.value) for key, _ in jobs.entries}
    needs = {job.name.lower(): _needs(job) for job in outline.jobs}
    for job in outline.jobs:
        for node in needs[job.name.lower()]:
            if _id(node) not in names:
                text = to_text(node.value)
                message = f"Job '{job.name}' depends on unknown job '{text}'."
                hint = nearest_of_few(text, names.values())
                yield outline.problem("job.unknown-need", message, node, hint)
    components = _components({name: [_id(n) for n in nodes] for name, nodes in needs.items()})
    if all(needs.get(name) for name in names):
        hint = _describe_cycle(needs, components, names)
        yield outline.problem("job.no-root", NO_ROOT, jobs, hint)
        return
    for job in outline.jobs:
        name = job.name.lower()
        for node in needs[name]:
            if components.get(_id(node)) == components[name]:
                message = (
                    f"Job '{job.name}' depends on job '{to_text(node.value)}' "
                    "which creates a cycle in the dependency graph."
                )
                hint = _describe_cycle(needs, components, names, start=name)
                yield outline.problem("job.cycle", message, node, hint)


def _needs(job: JobOutline) -> list[Scalar]:
    nodes = items_of(job.fields.get("needs"))
    return [
        node
        for node in nodes
        if isinstance(node, Scalar) and to_text(node.value) and OPEN not in to_text(node.value)
    ]


def _id(node: Scalar) -> str:
    return to_text(node.value).lower()


def _components(graph: dict[str, list[str]]) -> dict[str, int]:
    """Return numbers of nodes: two have the same number if and only if they share a cycle.

    Tarjan's algorithm with its own stack: a chain of needs may be as long as the file allows.
    A need of oneself is a cycle of one, which the caller sees as an edge within a component.
    """
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    component: dict[str, int] = {}
    trail: list[str] = []
    for root, children in graph.items():
        work = [] if root in order else [(root, iter(children))]
        if work:
            order[root] = low[root] = len(order)
            trail.append(root)
        while work:
            name, rest = work[-1]
            following = next((need for need in rest if need in graph), None)
            if following is None:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[name])
                if low[name] == order[name]:
                    while name not in component:
                        component[trail.pop()] = order[name]
            elif following not in order:
                order[following] = low[following] = len(order)
                trail.append(following)
                work.append((following, iter(graph[following])))
            elif following not in component:
                low[name] = min(low[name], order[following])
    return component


def _describe_cycle(
    needs: Needs, components: dict[str, int], names: dict[str, str], start: str = ""
) -> str:
    """Return `a -> b -> a` for the cycle through `start`, or the first one there is."""
    edges = {
        name: [_id(n) for n in nodes if components.get(_id(n)) == components[name]]
        for name, nodes in needs.items()
    }
    path = {start or next((name for name, inner in edges.items() if inner), ""): None}
    name = next(iter(path))
    while edges.get(name) and edges[name][0] not in path:
        name = edges[name][0]
        path[name] = None
    if not edges.get(name):
        return ""
    members = list(path)
    cycle = members[members.index(edges[name][0]) :]
    first = cycle.index(min(cycle, key=list(names).index))
    cycle = cycle[first:] + cycle[: first + 1]
    if len(cycle) > 10:
        cycle = [*cycle[:5], "...", *cycle[-4:]]
    return f"the cycle is {' -> '.join(names.get(name, name) for name in cycle)}"
