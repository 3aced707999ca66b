"""Whether a plugin is sound, looked at without running it: a module per validator.

Ours are listed here by one line each; other packages add theirs by the Python entry point group
`runner.validators`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from runner.errors import Position, Problem
from runner.plugins.validators.subject import Subject, read_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runner.plugins.validators.subject import Validator

__all__ = ["VALIDATORS", "Subject", "list_validators", "read_subject", "validate"]

GROUP = "runner.validators"
VALIDATORS = {
    "structure": "runner.plugins.validators.structure",
    "security": "runner.plugins.validators.security",
    "permissions": "runner.plugins.validators.permissions",
    "performance": "runner.plugins.validators.performance",
}
MOST_FINDINGS = 100  # of one validator: a hostile module must not flood a report


def list_validators() -> dict[str, Validator]:
    """Return all validators by name, ours first."""
    found: dict[str, Validator] = {}
    for name, module in VALIDATORS.items():
        loaded: Any = importlib.import_module(module)
        found[name] = loaded
    for entry in _entry_points():
        found.setdefault(entry.name, entry.load())
    return found


def validate(subject: Subject) -> tuple[Problem, ...]:
    """Return what all validators say, errors first; nothing of a sound plugin.

    One that fails is an error of its own, and does not keep the others from speaking.
    """
    findings = [
        finding
        for name, validator in list_validators().items()
        for finding in _ask(name, validator, subject)
    ]
    return tuple(sorted(findings, key=lambda finding: finding.severity != "error"))


def _ask(name: str, validator: Validator, subject: Subject) -> Iterator[Problem]:
    try:
        for count, finding in enumerate(validator.check(subject)):
            if count == MOST_FINDINGS:
                message = f"the validator `{name}` finds more than {MOST_FINDINGS} things"
                yield Problem("validator-floods", message, Position(subject.manifest.file))
                return
            yield finding
    except Exception as error:  # noqa: BLE001 - it may be somebody else's
        message = f"the validator `{name}` failed: {type(error).__name__}: {error}"
        yield Problem("validator-failed", message, Position(subject.manifest.file))


def _entry_points() -> Iterable[Any]:
    from importlib.metadata import entry_points  # 15 ms

    return entry_points(group=GROUP)
