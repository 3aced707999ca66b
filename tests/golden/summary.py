"""What a workflow or an action was read as, without places and whatever is absent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from runner.documents.nodes import Mapping, Scalar, Sequence, plain
from runner.workflow.values import Text, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.workflow.action import Action
    from runner.workflow.model import Workflow

_LEFT_OUT = {"position", "jobs_position", "digest", "file"}


def summarize(record: Workflow | Action) -> str:
    """Return one line for each field that says something, records indented below their name."""
    return "\n".join(_lines(record, "")) + "\n"


def _lines(record: Any, indent: str) -> Iterator[str]:
    for name, value in zip(record._fields, record, strict=True):
        if name not in _LEFT_OUT and value not in {None, (), False, ""}:
            yield from _field(name, value, indent)


def _field(name: str, value: Any, indent: str) -> Iterator[str]:
    if _is_record(value):
        yield f"{indent}{name} {type(value).__name__}"
        yield from _lines(value, indent + "  ")
    elif type(value) is tuple and any(map(_is_record, value)):
        for item in value:
            yield from _field(name, item, indent)
    else:
        yield f"{indent}{name} = {json.dumps(_plain(value), ensure_ascii=False)}"


def _is_record(value: Any) -> bool:
    is_leaf = isinstance(value, (Text, Value, Scalar, Sequence, Mapping))
    return hasattr(value, "_fields") and not is_leaf


def _plain(value: Any) -> Any:
    if isinstance(value, (Text, Value)):
        return value.value
    if isinstance(value, (Scalar, Sequence, Mapping)):
        return plain(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
