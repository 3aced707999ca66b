"""Records behave as typing.NamedTuple's do."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from runner.records import NamedTuple


class Point(NamedTuple):
    """A place."""

    x: int
    y: int = 2

    @property
    def total(self) -> int:
        return self.x + self.y


class Nothing(NamedTuple):
    """No field at all."""


def test_a_record_is_a_tuple_with_names() -> None:
    """Fields by position and by name, defaults, properties, equality and unpacking."""
    point = Point(1)
    assert (point.x, point.y, point.total) == (1, 2, 3)
    assert point == (1, 2) == Point(y=2, x=1)
    assert Point._fields == ("x", "y")
    assert Point._field_defaults == {"y": 2}
    assert Point.__doc__ == "A place."
    assert Nothing() == ()


def test_a_record_cannot_be_changed() -> None:
    """Neither a field nor a new name can be set."""
    point: Any = Point(1)
    with pytest.raises(AttributeError):
        point.x = 2
    with pytest.raises(AttributeError):
        point.other = 2


def test_a_record_can_be_replaced_and_shown() -> None:
    """`_replace`, `_make`, `_asdict` and repr are the standard library's."""
    assert Point(1)._replace(y=5) == Point(1, 5)
    assert Point._make([3, 4])._asdict() == {"x": 3, "y": 4}
    assert repr(Point(1)) == "Point(x=1, y=2)"


@pytest.mark.parametrize("arguments", [{}, {"x": 1, "z": 2}])
def test_wrong_fields_are_refused(arguments: dict[str, int]) -> None:
    """A missing or an unknown field is a TypeError that names the record."""
    with pytest.raises(TypeError, match="Point"):
        Point(**arguments)
    with pytest.raises(ValueError, match="z"):
        Point(1)._replace(z=1)  # type: ignore[call-arg]  # the very thing under test
    with pytest.raises(TypeError):
        Point._make([1])


def test_a_record_survives_pickling_and_matching() -> None:
    """It crosses to another process, and `match` takes it apart."""
    assert pickle.loads(pickle.dumps(Point(7))) == Point(7)  # noqa: S301 - our own bytes
    match Point(7):
        case Point(x, y=2):
            assert x == 7
        case _:
            raise AssertionError
