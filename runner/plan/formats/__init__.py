"""The forms in which a plan is shown. A new one is a file with `render` and a line here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.plan.outline import PlanOutline

FORMATS = ("text", "json", "mermaid", "dot")


def load_format(name: str) -> Callable[[PlanOutline], str]:
    """Return the function that renders an outline in the form `name`, one of FORMATS."""
    module = import_module(f"{__name__}.{name}")
    return cast("Callable[[PlanOutline], str]", module.render)
