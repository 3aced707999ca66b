"""strategy.matrix to legs: vectors, exclude, include (LANGUAGE 3.5). Pure, on plain values."""

from __future__ import annotations

from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING, Any

from runner.records import NamedTuple
from runner.workflow.model import MAX_LEGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MAX_NAME = 100
MAX_WORK = 1_000_000  # combinations times filters: bounds what GitHub leaves open


class MatrixError(ValueError):
    """The matrix breaks a rule; the text is GitHub's."""


class Leg(NamedTuple):
    """One combination. `values` is None without a matrix; `shown` are the scalars of its name."""

    values: dict[str, Any] | None
    shown: tuple[Any, ...] = ()


def expand(matrix: Any, *, equal: Callable[[Any, Any], bool]) -> tuple[Leg, ...]:
    """Return the legs of an evaluated matrix, in GitHub's order; `equal` is the language's `==`.

    Raises MatrixError. At most 256 legs: the product is never built beyond that.
    """
    if matrix is None:
        return (Leg(None),)
    vectors, include, exclude = _split(matrix)
    if prod(map(len, vectors.values())) * (1 + len(exclude)) > MAX_WORK:
        raise MatrixError(f"Matrix must not have more than {MAX_LEGS} jobs")
    combinations = list(islice(_combine(vectors, exclude, equal), MAX_LEGS + 1))
    extras: list[dict[str, Any]] = [{} for _ in combinations]
    appended: list[dict[str, Any]] = []
    names = {name.lower(): name for name in vectors}
    for item in include:
        filters = {names[key.lower()]: value for key, value in item.items() if key.lower() in names}
        added = {key: value for key, value in item.items() if key.lower() not in names}
        matched = [
            index
            for index, combination in enumerate(combinations)
            if all(_matches(combination[key], value, equal) for key, value in filters.items())
        ]
        for index in matched:
            extras[index].update(added)
        if not matched:
            appended.append(filters | added)
        if len(combinations) + len(appended) > MAX_LEGS:
            break  # enough to be refused
    legs = [
        Leg(combination | extra, tuple(_leaves(combination)))
        for combination, extra in zip(combinations, extras, strict=True)
    ]
    legs += [Leg(combination, tuple(_leaves(combination))) for combination in appended]
    if len(legs) > MAX_LEGS:
        raise MatrixError(f"Matrix must not have more than {MAX_LEGS} jobs")
    return tuple(legs) or (Leg(None),)


def leg_name(name: str, leg: Leg, text: Callable[[Any], str]) -> str:
    """Return the display name of a leg: `name (v1, v2)`, cut to 100 characters."""
    values = [shown for value in leg.shown if (shown := text(value))]
    full = f"{name} ({', '.join(values)})" if values else name
    return full if len(full) <= MAX_NAME else full[: MAX_NAME - 3] + "..."


def _split(
    matrix: Any,
) -> tuple[dict[str, list[Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    if not isinstance(matrix, dict):
        raise MatrixError(
            "A mapping was not expected" if matrix else "Matrix must define at least one vector"
        )
    vectors: dict[str, list[Any]] = {}
    for key, values in matrix.items():
        if key.lower() in {"include", "exclude"}:
            continue
        if not isinstance(values, list):
            raise MatrixError(f"Matrix vector '{key}' is not a sequence")
        if not values:
            raise MatrixError(f"Matrix vector '{key}' does not contain any values")
        vectors[key] = values
    include = _items(matrix, "include", "Matrix include mapping does not contain any values")
    exclude = _items(matrix, "exclude", "Matrix exclude filter must not be empty")
    if not vectors and not include:
        raise MatrixError("Matrix must define at least one vector")
    names = {name.lower() for name in vectors}
    for item in exclude:
        for key in item:
            if key.lower() not in names:
                raise MatrixError(
                    f"Matrix exclude key '{key}' does not match any key within the matrix"
                )
    return vectors, include, exclude


def _items(matrix: Mapping[str, Any], wanted: str, empty: str) -> list[dict[str, Any]]:
    items = next((value for key, value in matrix.items() if key.lower() == wanted), None) or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise MatrixError(f"Matrix {wanted} must be a sequence of mappings")
    if not all(items):
        raise MatrixError(empty)
    return items


def _combine(
    vectors: Mapping[str, list[Any]],
    exclude: list[dict[str, Any]],
    equal: Callable[[Any, Any], bool],
) -> Iterator[dict[str, Any]]:
    if not vectors:
        return
    names = {name.lower(): name for name in vectors}
    for values in product(*vectors.values()):
        combination = dict(zip(vectors, values, strict=True))
        is_excluded = any(
            all(
                _matches(combination[names[key.lower()]], value, equal)
                for key, value in item.items()
            )
            for item in exclude
        )
        if not is_excluded:
            yield combination


def _matches(value: Any, wanted: Any, equal: Callable[[Any, Any], bool]) -> bool:
    """Whether every leaf of `wanted` is loosely equal to the leaf of `value` at the same path."""
    if isinstance(wanted, dict):
        if not isinstance(value, dict):
            return not wanted
        held = {key.lower(): item for key, item in value.items()}
        return all(_matches(held.get(key.lower()), item, equal) for key, item in wanted.items())
    if isinstance(wanted, list):
        items = value if isinstance(value, list) else []
        return len(items) >= len(wanted) and all(
            _matches(item, other, equal) for item, other in zip(items, wanted, strict=False)
        )
    return equal(value, wanted)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
