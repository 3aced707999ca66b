"""What GitHub has and a WebAssembly sandbox has not: refused by name, before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Mapping, Node, Scalar
from runner.documents.scalars import to_text
from runner.workflow.leaves import fields_of
from runner.workflow.templates import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runner.errors import Problem
    from runner.workflow.rules.outline import JobOutline, Outline, StepOutline

INSTEAD = "steps run in a WebAssembly sandbox: bring the tool in as a plugin (`uses: ./DIR`)"


def check(outline: Outline) -> Iterator[Problem]:
    """Refuse images that are written down; an expression may still turn out empty."""
    for job in outline.jobs:
        yield from _check_job(outline, job)
        yield from check_steps(outline, job.steps)


def check_steps(outline: Outline, steps: Iterable[StepOutline]) -> Iterator[Problem]:
    """Refuse steps that are container images."""
    for step in steps:
        node = step.fields.get("uses")
        if isinstance(node, Scalar) and to_text(node.value).startswith("docker://"):
            message = f"`uses: {node.value}` is not supported: container images cannot be run"
            yield outline.problem("unsupported.docker-action", message, node, INSTEAD)
        yield from check_steps(outline, step.inner)


def _check_job(outline: Outline, job: JobOutline) -> Iterator[Problem]:
    keys = {str(key.value): key for key, _ in job.node.entries}
    if _is_image(job.fields.get("container")):
        message = "`container` is not supported: container images cannot be run"
        yield outline.problem("unsupported.container", message, keys["container"], INSTEAD)
    services = job.fields.get("services")
    for key, node in services.entries if isinstance(services, Mapping) else ():
        if _is_image(node):
            message = f"the service `{key.value}` is not supported: container images cannot be run"
            hint = "start what the job needs in a `background` step, or leave the job to GitHub"
            yield outline.problem("unsupported.service", message, key, hint)
    if "snapshot" in keys:
        message = "`snapshot` is not supported: there is no machine to take an image of"
        hint = "upload what later runs need with `actions/upload-artifact`"
        yield outline.problem("unsupported.snapshot", message, keys["snapshot"], hint)


def _is_image(node: Node | None) -> bool:
    image = fields_of(node).get("image") if isinstance(node, Mapping) else node
    if not isinstance(image, Scalar):
        return False
    text = to_text(image.value)
    return bool(text) and OPEN not in text
