"""The order of jobs: by `needs`, and as written where that leaves a choice."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def order(needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the names so that each stands after all it needs; O((n + edges) log n).

    Among names that could come next, the one written first does. Every need must be a name and
    there must be no cycle: both were checked when the workflow was read; a name in a cycle would
    be left out.
    """
    names = list(needs)
    rank = {name: index for index, name in enumerate(names)}
    open_needs = {name: len(set(wanted)) for name, wanted in needs.items()}
    dependents = dependents_of(needs)
    ready = [rank[name] for name in names if not open_needs[name]]
    heapify(ready)
    ordered: list[str] = []
    while ready:
        name = names[heappop(ready)]
        ordered.append(name)
        for dependent in dependents[name]:
            open_needs[dependent] -= 1
            if not open_needs[dependent]:
                heappush(ready, rank[dependent])
    return tuple(ordered)


def dependents_of(needs: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return for each name those that need it directly, in the order written."""
    dependents: dict[str, list[str]] = {name: [] for name in needs}
    for name, wanted in needs.items():
        for need in dict.fromkeys(wanted):
            dependents[need].append(name)
    return dependents
