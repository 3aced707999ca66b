"""The form of `uses` in steps and jobs (spec §2, §3.3, §3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Scalar
from runner.documents.scalars import to_text
from runner.errors import Position
from runner.workflow.references import parse_reference, parse_workflow_reference
from runner.workflow.templates import is_expression
from runner.workflow.values import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runner.errors import Problem
    from runner.workflow.leaves import Fields
    from runner.workflow.rules.outline import Outline, StepOutline

_FORMS = "write `./.github/workflows/FILE.yml` or `OWNER/REPO/.github/workflows/FILE.yml@REF`"
_WORKFLOW = "invalid value workflow reference"


def check(outline: Outline) -> Iterator[Problem]:
    """Check every `uses`; those with expressions are told by the rule about contexts."""
    for job in outline.jobs:
        text = _text(outline, job.fields)
        if text and parse_workflow_reference(text) is None:
            message = f"{_WORKFLOW}: {_fault(text.value)}"
            yield outline.problem("uses.workflow", message, job.fields["uses"], _FORMS)
        yield from check_steps(outline, job.steps)


def check_steps(outline: Outline, steps: Iterable[StepOutline]) -> Iterator[Problem]:
    """Check the `uses` of steps."""
    for step in steps:
        text = _text(outline, step.fields)
        if text and parse_reference(text) is None:
            message = f"Expected format {{org}}/{{repo}}[/path]@ref. Actual '{text.value}'"
            yield outline.problem("uses.format", message, step.fields["uses"], _hint(text.value))
        yield from check_steps(outline, step.inner)


def _text(outline: Outline, fields: Fields) -> Text | None:
    node = fields.get("uses")
    if not isinstance(node, Scalar) or is_expression(node) or not to_text(node.value):
        return None
    return Text(to_text(node.value), Position(outline.file, node.line, node.column))


def _hint(value: str) -> str:
    if "@" not in value and value.count("/") == 1:
        return f"say which version: `{value}@REF`; a folder of this repository is `./{value}`"
    return "a standard step is `steps/NAME`, a folder of this repository `./DIR`"


def _fault(value: str) -> str:
    path, _, ref = value.partition("@")
    if not path.endswith((".yml", ".yaml")):
        return "a workflow is a file that ends in .yml or .yaml"
    if not path.startswith("./") and not ref:
        return "no version specified"
    return "references to workflows must be rooted in '.github/workflows'"
