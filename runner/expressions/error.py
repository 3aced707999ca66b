"""The one error of the expression language, and how it names a place."""

from __future__ import annotations


class ExpressionError(Exception):
    """An expression cannot be read or evaluated (LANGUAGE §4).

    `message` is the whole text, place included. `offset` counts characters from 0: into the
    expression, or into the scalar when the expression is embedded in one. It is 0 where no place
    is known.
    """

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def locate(
    kind: str, token: str, *, expression: str, offset: int, base: int = 0
) -> ExpressionError:
    """Return the error of `kind` at `token`; `base` is where the expression starts in a scalar."""
    place = f"Located at position {offset + 1} within expression: {expression}"
    return ExpressionError(f"{kind}: '{token}'. {place}", base + offset)
