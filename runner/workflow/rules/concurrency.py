"""Names of concurrency groups that are written down (spec §2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Mapping, Node, Scalar
from runner.documents.scalars import to_text
from runner.workflow.templates import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.errors import Problem
    from runner.workflow.rules.outline import Outline

MAX_LENGTH = 400


def check(outline: Outline) -> Iterator[Problem]:
    """Check the groups of the workflow and of its jobs."""
    for fields in (outline.fields, *(job.fields for job in outline.jobs)):
        yield from _check_group(outline, fields.get("concurrency"))


def _check_group(outline: Outline, node: Node | None) -> Iterator[Problem]:
    is_short = isinstance(node, Scalar)
    group = node.get("group") if isinstance(node, Mapping) else node
    if not isinstance(group, Scalar):
        return
    name = to_text(group.value)
    if not name and is_short:
        message = "Concurrency group name cannot be empty"
        yield outline.problem("concurrency.empty-group", message, group)
    elif len(name) > MAX_LENGTH and OPEN not in name:
        message = f"Concurrency group name must be less than {MAX_LENGTH} characters"
        yield outline.problem("concurrency.long-group", message, group)
