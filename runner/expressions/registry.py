"""What a function is to the language, and the table of the global ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from runner.expressions.memory import Memory

MAX_PARAMETERS = 255


class Function(NamedTuple):
    """What to call, with the fewest and the most arguments.

    A function the caller adds gets its arguments evaluated, one by one; a global one gets
    `Arguments`.
    """

    call: Callable[..., Any]
    minimum: int = 0
    maximum: int = MAX_PARAMETERS


class Arguments:
    """The arguments of one call, each evaluated when it is first asked for."""

    __slots__ = ("_thunks", "_values", "memory")

    def __init__(self, thunks: Sequence[Callable[[], Any]], memory: Memory) -> None:
        self._thunks = thunks
        self._values: dict[int, Any] = {}
        self.memory = memory

    def __len__(self) -> int:
        return len(self._thunks)

    def __getitem__(self, position: int) -> Any:
        if position not in self._values:
            self._values[position] = self._thunks[position]()
        return self._values[position]


FUNCTIONS: dict[str, Function] = {}
"""By lower-case name."""


def function(
    name: str, minimum: int, maximum: int
) -> Callable[[Callable[[Arguments], Any]], Callable[[Arguments], Any]]:
    """Make the decorated function callable from expressions under `name`."""

    def register(call: Callable[[Arguments], Any]) -> Callable[[Arguments], Any]:
        FUNCTIONS[name.lower()] = Function(call, minimum, maximum)
        return call

    return register
