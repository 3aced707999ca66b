"""The graph of jobs: every need exists, none is circular, some job can start (spec §2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.hints import nearest_of_few
from runner.documents.nodes import Mapping, Scalar
from runner.documents.scalars import to_text
from runner.workflow.leaves import items_of
from runner.workflow.rules.cycles import find_circular, walk_cycle
from runner.workflow.templates import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.errors import Problem
    from runner.workflow.rules.outline import JobOutline, Outline

_SHOWN = 10  # jobs of a long cycle
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
    circular = find_circular({name: [_id(n) for n in nodes] for name, nodes in needs.items()})
    if all(needs.get(name) for name in names):
        hint = _describe(circular, names, next((name for name in circular if circular[name]), ""))
        yield outline.problem("job.no-root", NO_ROOT, jobs, hint)
        return
    for job in outline.jobs:
        name = job.name.lower()
        for node in needs[name]:
            if _id(node) in circular[name]:
                message = (
                    f"Job '{job.name}' depends on job '{to_text(node.value)}' "
                    "which creates a cycle in the dependency graph."
                )
                hint = _describe(circular, names, name)
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


def _describe(circular: dict[str, list[str]], names: dict[str, str], start: str) -> str:
    """Return `the cycle is a -> b -> a`, from its first job, for the one that `start` leads to."""
    if not start:
        return ""
    cycle = walk_cycle(circular, start)
    order = {name: index for index, name in enumerate(names)}
    first = cycle.index(min(cycle, key=order.__getitem__))
    shown = cycle[first:] + cycle[: first + 1]
    if len(shown) > _SHOWN:
        shown = [*shown[: _SHOWN // 2], "...", *shown[-_SHOWN // 2 :]]
    return f"the cycle is {' -> '.join(names.get(name, name) for name in shown)}"
