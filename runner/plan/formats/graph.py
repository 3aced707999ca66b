"""The jobs of a plan as a graph of nodes and edges, for formats that draw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plan.outline import JobOutline


class GraphNode(NamedTuple):
    """A job; `name` is unique in the graph and plain ASCII, `inner` are the jobs it calls."""

    name: str
    label: str
    is_conditional: bool
    inner: tuple[GraphNode, ...] = ()


def nodes_of(jobs: tuple[JobOutline, ...], prefix: str = "j") -> tuple[GraphNode, ...]:
    return tuple(
        GraphNode(
            f"{prefix}{number}",
            _label(job),
            job.condition is not None,
            nodes_of(job.jobs, f"{prefix}{number}_"),
        )
        for number, job in enumerate(jobs)
    )


def edges_of(jobs: tuple[JobOutline, ...], prefix: str = "j") -> Iterator[tuple[str, str]]:
    """Yield (needed, needing) by the names of nodes."""
    names = {job.id: f"{prefix}{number}" for number, job in enumerate(jobs)}
    for job in jobs:
        yield from ((names[need], names[job.id]) for need in job.needs)
        yield from edges_of(job.jobs, f"{names[job.id]}_")


def _label(job: JobOutline) -> str:
    if job.legs is None:
        return f"{job.id} (matrix)"
    return f"{job.id} ({len(job.legs)} legs)" if len(job.legs) > 1 else job.id
