"""Outputs of a job or of a call: empty ones and those that hold a secret are dropped (6.2.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.events.masking import Masker

MAX_OUTPUTS = 1024 * 1024  # characters of a job
MAX_RUN_OUTPUTS = 50 * MAX_OUTPUTS


def keep_outputs(
    values: Mapping[str, str], masker: Masker, warn: Callable[[Problem], None]
) -> dict[str, str]:
    """Return what dependents may see of `values`; `warn` is told of what they may not."""
    kept = {}
    for name, value in values.items():
        if not value:
            continue
        if masker.mask(value) != value:
            message = f"Skip output '{name}' since it may contain secret."
            warn(Problem("job.secret-output", message, severity="warning"))
        else:
            kept[name] = value
    if sum(map(len, kept.values())) > MAX_OUTPUTS:
        message = "outputs of a job are limited to 1 MB"
        warn(Problem("job.outputs-too-large", message, severity="warning"))
        return {}
    return kept
