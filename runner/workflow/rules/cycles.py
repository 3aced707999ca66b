"""Cycles of a graph in linear time and without recursion, for graphs as long as a file allows."""

from __future__ import annotations

Graph = dict[str, list[str]]


def find_circular(graph: Graph) -> Graph:
    """Return the graph with only those edges that are part of a cycle; nodes are all kept."""
    numbers = _components(graph)
    return {
        name: [need for need in needs if numbers.get(need) == numbers[name]]
        for name, needs in graph.items()
    }


def walk_cycle(circular: Graph, start: str) -> list[str]:
    """Return the nodes of a cycle that `start`, which has an edge, leads to; each once."""
    path: dict[str, int] = {}
    name = start
    while name not in path:
        path[name] = len(path)
        name = circular[name][0]
    return list(path)[path[name] :]


def _components(graph: Graph) -> dict[str, int]:
    """Return numbers of nodes: two have the same number if and only if they share a cycle.

    Tarjan's algorithm with its own stack. A node alone in its component is on a cycle only if it
    has an edge to itself, which is then an edge within a component as any other.
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
