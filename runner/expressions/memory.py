"""The memory cap of one evaluation (LANGUAGE §4.3), counted as the official runner counts it."""

from __future__ import annotations

from runner.expressions.error import ExpressionError

MAX_MEMORY = 10 * 1024 * 1024

_OBJECT = 24
_POINTER = 8


class Memory:
    """Bytes in use. Charge before building anything whose size the expression decides."""

    __slots__ = ("used",)

    def __init__(self) -> None:
        self.used = 0

    def add(self, amount: int) -> None:
        self.used += amount
        if self.used > MAX_MEMORY:
            raise ExpressionError("The maximum allowed memory size was exceeded")

    def add_text(self, length: int) -> None:
        """Charge `length` characters (two bytes each, as in .NET)."""
        self.add(2 * length)

    def add_items(self, count: int) -> None:
        """Charge an array's or object's references to `count` values that exist already."""
        self.add(_POINTER * count)

    def settle(self, mark: int, value: object) -> None:
        """Charge a node's result; `mark` is what was in use before the node was evaluated.

        What led to a scalar is free again; a collection may still refer to it.
        """
        if isinstance(value, str):
            self.used = mark
            self.add(_OBJECT + 2 * len(value))
        else:
            if not isinstance(value, (list, dict)):
                self.used = mark
            self.add(_OBJECT)
