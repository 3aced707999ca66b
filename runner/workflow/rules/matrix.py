"""What is wrong with a matrix can often be seen before it is expanded (spec §2, §3.5)."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from runner.documents.hints import nearest_of_few
from runner.documents.nodes import Mapping, Node, Scalar, Sequence
from runner.workflow.leaves import fields_of
from runner.workflow.model import MAX_LEGS
from runner.workflow.templates import OPEN, is_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.errors import Problem
    from runner.workflow.rules.outline import Outline

_FILTERS = ("include", "exclude")


def check(outline: Outline) -> Iterator[Problem]:
    """Check the matrices of all jobs, as far as they are written down."""
    for job in outline.jobs:
        matrix = fields_of(job.fields.get("strategy")).get("matrix")
        if isinstance(matrix, Mapping):
            yield from _check_matrix(outline, matrix)


def _check_matrix(outline: Outline, matrix: Mapping) -> Iterator[Problem]:
    vectors = [(key, node) for key, node in matrix.entries if key.value not in _FILTERS]
    include, exclude = matrix.get("include"), matrix.get("exclude")
    if not vectors and (include is None or include == Sequence((), include.line, include.column)):
        message = "Matrix must define at least one vector"
        yield outline.problem("matrix.no-vector", message, matrix)
    for key, node in vectors:
        if isinstance(node, Sequence) and not node.items:
            message = f"Matrix vector '{key.value}' does not contain any values"
            yield outline.problem("matrix.empty-vector", message, node)
    for item in _items(include):
        if isinstance(item, Mapping) and not item.entries:
            message = "Matrix include mapping does not contain any values"
            yield outline.problem("matrix.empty-include", message, item)
    for item in _items(exclude):
        if isinstance(item, Mapping) and not item.entries:
            message = "Matrix exclude filter must not be empty"
            yield outline.problem("matrix.empty-exclude", message, item)
    yield from _check_exclude_keys(outline, [key for key, _ in vectors], exclude)
    if exclude is None and _count([node for _, node in vectors] or [include]) > MAX_LEGS:
        message = f"Matrix must not have more than {MAX_LEGS} jobs"
        hint = "leave combinations out by `exclude`, or split the job"
        yield outline.problem("matrix.too-many", message, matrix, hint)


def _count(vectors: list[Node | None]) -> int:
    """Return how many legs these make at least; 0 if that is known only when they run."""
    counts = [_items(node) for node in vectors]
    if any(is_expression(item) for items in counts for item in items):
        return 0
    return prod(map(len, counts))


def _check_exclude_keys(
    outline: Outline, vectors: list[Scalar], exclude: Node | None
) -> Iterator[Problem]:
    names = {str(key.value).lower(): str(key.value) for key in vectors}
    if any(OPEN in name for name in names):
        return
    for item in _items(exclude):
        for key, _ in item.entries if isinstance(item, Mapping) else ():
            name = str(key.value)
            if name.lower() not in names and OPEN not in name:
                message = f"Matrix exclude key '{name}' does not match any key within the matrix"
                hint = nearest_of_few(name, names.values())
                yield outline.problem("matrix.unknown-exclude", message, key, hint)


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()
