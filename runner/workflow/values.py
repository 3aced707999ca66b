"""The leaves of the model: what was written, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.errors import Position


class Text(NamedTuple):
    """A string as written; other scalars were converted already (spec §1.3). May hold `${{ }}`."""

    value: str
    position: Position

    @property
    def is_template(self) -> bool:
        """Whether the text holds an expression, so that its value is known only later."""
        return "${{" in self.value


class Value(NamedTuple):
    """A bool or a number as written, or a str that holds `${{ }}` and will become one."""

    value: bool | float | str
    position: Position
