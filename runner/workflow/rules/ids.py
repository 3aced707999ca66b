"""Ids of jobs and steps: their characters, and that a scope has each once (spec §2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from runner.documents.nodes import Scalar
from runner.documents.scalars import to_text
from runner.workflow.templates import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runner.errors import Problem
    from runner.workflow.rules.outline import Outline, StepOutline

MAX_LENGTH = 100
_REPEATED = "The identifier '{}' may not be used more than once within the same scope."
RESERVED = "The identifier '{}' is invalid. IDs starting with '__' are reserved."
_INVALID = (
    "The identifier '{}' is invalid. IDs may only contain alphanumeric characters, '_', and '-'. "
    "IDs must start with a letter or '_' and must be less than 100 characters."
)
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def check(outline: Outline) -> Iterator[Problem]:
    """Check job ids (their uniqueness is the reader's business) and step ids."""
    for job in outline.jobs:
        if OPEN not in job.name:
            yield from _check_form(outline, job.id)
        yield from check_steps(outline, job.steps)


def check_steps(outline: Outline, steps: Iterable[StepOutline]) -> Iterator[Problem]:
    """Check the step ids of one scope."""
    seen: dict[str, Scalar] = {}
    for node in _step_ids(steps):
        name = to_text(node.value)
        yield from _check_form(outline, node)
        first = seen.get(name.lower())
        if first:
            message = _REPEATED.format(name)
            hint = f"the first `{to_text(first.value)}` stands on line {first.line}"
            if first is node:
                hint = "an alias repeats the step, and its id with it"
            yield outline.problem("id.duplicate", message, node, hint)
        seen.setdefault(name.lower(), node)


def _step_ids(steps: Iterable[StepOutline]) -> Iterator[Scalar]:
    for step in steps:
        node = step.fields.get("id")
        if isinstance(node, Scalar) and to_text(node.value) and OPEN not in to_text(node.value):
            yield node
        yield from _step_ids(step.inner)


def _check_form(outline: Outline, node: Scalar) -> Iterator[Problem]:
    name = to_text(node.value)
    if not _ID.fullmatch(name) or len(name) >= MAX_LENGTH:
        yield outline.problem("id.invalid", _INVALID.format(name), node, _suggest(name))
    elif name.startswith("__"):
        yield outline.problem("id.reserved", RESERVED.format(name), node)


def _suggest(name: str) -> str:
    fitting = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")
    if fitting and not _ID.match(fitting):
        fitting = f"_{fitting}"
    return f"write it as `{fitting[: MAX_LENGTH - 1]}`" if fitting.strip("_") else ""
