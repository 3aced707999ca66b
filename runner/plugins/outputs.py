"""What a plugin gave, checked against what its manifest declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.errors import Problem
from runner.plugins.inputs import convert
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.plugins.manifest import Input


class Given(NamedTuple):
    """`texts` are all outputs, defaults filled in; `typed` those that are declared and right."""

    texts: dict[str, str]
    typed: dict[str, Any]
    problems: tuple[Problem, ...]


def check(declared: Mapping[str, Input], given: Mapping[str, str]) -> Given:
    """Hold the outputs of one execution against the manifest's; nothing is raised.

    `problems` are the values of a wrong type and the required ones that are missing; a declared
    output that is deprecated, and one that is not declared while others are, are warnings.
    """
    texts, typed, problems = dict(given), {}, []
    for name, one in declared.items():
        text = given.get(name)
        if not text:
            text = one.default or ""
            if text:
                texts[name] = text
            elif one.required:
                message = f"the plugin did not give its output `{name}`"
                problems.append(Problem("output-missing", message, hint=one.description))
        elif one.deprecation:
            message = f"output `{name}` is deprecated: {one.deprecation}"
            problems.append(Problem("output-deprecated", message, severity="warning"))
        value, fault = convert(one, text) if text else (None, "")
        if fault:
            problems.append(Problem("output-invalid", f"output `{name}`: {fault}"))
        else:
            typed[name] = value
    if declared:
        problems += [
            Problem("output-unknown", f"output `{name}` is not declared", severity="warning")
            for name in given
            if name not in declared
        ]
    return Given(texts, typed, tuple(problems))
