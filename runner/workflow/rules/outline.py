"""What rules look at: the jobs and steps of a document of any shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Document, Mapping, Node, Scalar, Sequence
from runner.errors import Position, Problem
from runner.records import NamedTuple
from runner.workflow.leaves import fields_of

if TYPE_CHECKING:
    from runner.workflow.leaves import Fields


class StepOutline(NamedTuple):
    """A step that is a mapping; `inner` are the steps of its `parallel` block."""

    node: Mapping
    fields: Fields
    inner: tuple[StepOutline, ...] = ()


class JobOutline(NamedTuple):
    """A job that is a mapping."""

    id: Scalar
    node: Mapping
    fields: Fields
    steps: tuple[StepOutline, ...]

    @property
    def name(self) -> str:
        return str(self.id.value)


class Outline(NamedTuple):
    """A document; mappings of the wrong shape count as empty."""

    file: str
    fields: Fields
    jobs: tuple[JobOutline, ...]

    def problem(self, code: str, message: str, node: Node, hint: str = "") -> Problem:
        """Return an error at `node`."""
        return Problem(code, message, Position(self.file, node.line, node.column), hint)


def outline(document: Document) -> Outline:
    """Return what rules may look at."""
    fields = fields_of(document.root)
    jobs = fields.get("jobs")
    entries = jobs.entries if isinstance(jobs, Mapping) else ()
    return Outline(
        document.file,
        fields,
        tuple(_job(key, value) for key, value in entries if isinstance(value, Mapping)),
    )


def _job(key: Scalar, node: Mapping) -> JobOutline:
    fields = fields_of(node)
    return JobOutline(key, node, fields, outline_steps(fields.get("steps")))


def outline_steps(node: Node | None) -> tuple[StepOutline, ...]:
    """Return the steps of a list, without those that are no mappings."""
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(_step(item) for item in items if isinstance(item, Mapping))


def _step(node: Mapping) -> StepOutline:
    fields = fields_of(node)
    return StepOutline(node, fields, outline_steps(fields.get("parallel")))
