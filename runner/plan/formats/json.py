"""A plan for programs: the outline's fields, as they are named there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runner.plan.outline import PlanOutline

VERSION = 1


def render(outline: PlanOutline) -> str:
    """Return one JSON object; `version` changes if a field is renamed or removed."""
    return json.dumps({"version": VERSION, **_plain(outline)}, indent=2, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
