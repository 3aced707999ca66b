"""`plan`: what a pipeline would do, nothing run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.app.places import find_source
from runner.app.reading import open_catalogue, parse_overrides, read_plan, read_policy
from runner.plan.outline import outline_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.plan.outline import PlanOutline


def outline(file: str, *, policy: str = "", local_repositories: Sequence[str] = ()) -> PlanOutline:
    """Return the outline of the pipeline in `file`. Raises InvalidInput with all its problems."""
    source, overrides = find_source(""), parse_overrides(local_repositories)
    cap = read_policy(policy, source)
    catalogue = open_catalogue(source, overrides=overrides, is_complete=False)
    return outline_plan(read_plan(file, catalogue), {}, cap)
