"""The fields of a request, checked one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.errors import InvalidInput, Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def check_names(request: Mapping[str, Any], known: Collection[str]) -> None:
    """Raise InvalidInput for a field that an operation does not have."""
    for name in request:
        if name not in known:
            raise invalid(f"there is no field `{name}`", nearest(name, known))


def read_text(request: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """Return a text; raises InvalidInput, also if it is missing and there is no default."""
    value = request.get(name, default)
    if not isinstance(value, str):
        raise invalid(f"`{name}` must be a text")
    return value


def read_texts(request: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return a mapping of texts, empty if it is missing."""
    value = request.get(name, {})
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise invalid(f"`{name}` must be a mapping of texts")
    return value


def read_number(request: Mapping[str, Any], name: str, default: float, most: float) -> float:
    """Return a number from 0 to `most`."""
    value = request.get(name, default)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= most:
        raise invalid(f"`{name}` must be a number from 0 to {most:g}")
    return float(value)


def invalid(message: str, hint: str = "") -> InvalidInput:
    return InvalidInput([Problem("host-request", message, hint=hint)])
