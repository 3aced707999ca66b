"""What stands in `with:`, as far as it is known before the run, held against the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Mapping, Scalar
from runner.errors import InvalidInput, Position, Problem
from runner.expressions.values import to_text
from runner.plugins import inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plugins.manifest import Manifest
    from runner.workflow.steps import UsesStep


def check_inputs(step: UsesStep, manifest: Manifest) -> list[Problem]:
    """Return the problem of each literal value, at its place, and of what is missing.

    A value that holds an expression is checked when it is known, at run time.
    """
    where = step.uses.text.position
    given = _literals(step)
    if given is None:
        return []
    problems = []
    for name, declared in manifest.inputs.items():
        value = given.get(name.lower(), Scalar("", where.line, where.column))
        text = to_text(value.value)
        if "${{" in text:
            continue
        try:
            inputs.check({name: declared}, {name: text})
        except InvalidInput as error:
            place = Position(where.file, value.line, value.column)
            problems += [problem._replace(where=place) for problem in error.problems]
    return problems


def _literals(step: UsesStep) -> dict[str, Scalar] | None:
    """Return the values by lower-case name, None if only the run tells which names there are."""
    if step.inputs is None:
        return {}
    if not isinstance(step.inputs, Mapping):
        return None
    found = dict(_entries(step.inputs))
    return None if any("${{" in name for name in found) else found


def _entries(mapping: Mapping) -> Iterator[tuple[str, Scalar]]:
    for key, value in mapping.entries:
        if isinstance(value, Scalar):
            yield str(key.value).lower(), value
