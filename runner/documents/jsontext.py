"""JSON text to plain values, or where it is not JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from runner.errors import InvalidInput, Position, Problem

if TYPE_CHECKING:
    from typing import NoReturn


def read_json(file: str, content: bytes) -> Any:
    """Return the value of a JSON file in UTF-8. Raises InvalidInput with the place."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        raise _invalid(message, Position(file, line, column)) from error
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        where = Position(file, error.lineno, error.colno)
        raise _invalid(f"not JSON: {error.msg}", where) from error
    except (ValueError, RecursionError) as error:
        is_deep = isinstance(error, RecursionError)
        reason = "it is nested too deeply" if is_deep else str(error)
        raise _invalid(f"not JSON: {reason}", Position(file, 1, 1)) from error


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"`{name}` is not a number of JSON")


def _invalid(message: str, where: Position) -> InvalidInput:
    return InvalidInput([Problem("json.syntax", message, where)])
