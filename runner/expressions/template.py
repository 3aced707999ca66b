"""Expressions in a scalar: `text ${{ e }} text` (LANGUAGE §4.1)."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from runner.expressions.checker import arities, find_problem, lower_names
from runner.expressions.error import ExpressionError, locate
from runner.expressions.evaluator import evaluate_node
from runner.expressions.nodes import Call, Literal
from runner.expressions.parser import (
    MAX_DEPTH,
    MAX_LENGTH,
    TOO_DEEP,
    TOO_LONG,
    Parsed,
    parse_once,
)
from runner.expressions.registry import MAX_PARAMETERS
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from runner.expressions.checker import AllowedFunctions
    from runner.expressions.evaluator import Functions
    from runner.expressions.nodes import Node

OPEN = "${{"
NOT_CLOSED = (
    "The expression is not closed. An unescaped ${{ sequence was found, but the closing }} "
    "sequence was not found."
)

# Up to the first `}}` that is not in a string. Compiled when the first `${{` is met. Without
# possessive groups, which Python before 3.11.5 gets wrong (gh-106052).
_INSIDE = r"([^'}]*(?:(?:'[^']*'|\}(?!\}))[^'}]*)*)\}\}"


class Template(NamedTuple):
    """A scalar that was read; without `parts` it is plain text.

    `node` is the tree it means: of the single expression it consists of, else of
    `format('text{0}', ...)`. Offsets count from the start of the scalar.
    """

    text: str
    node: Node
    parts: tuple[Parsed, ...]


def parse_template(text: str) -> Template:
    """Return the scalar's parts; raise `ExpressionError` for the first that cannot be read.

    Names are not checked: see `check_template`.
    """
    return _parse_cached(text) if OPEN in text else Template(text, Literal(text), ())


def check_template(
    text: str, allowed_contexts: Iterable[str], allowed_functions: AllowedFunctions = ()
) -> list[ExpressionError]:
    """Return the first problem of each expression of a scalar: `check` for text with `${{ }}`.

    What is wrong with the scalar as a whole is told if its expressions are right.
    """
    contexts, functions = lower_names(allowed_contexts), arities(allowed_functions)
    pieces: Iterable[str | Parsed]
    failure = None
    try:
        pieces = parse_template(text).parts
    except ExpressionError as error:
        pieces, failure = _split(text), error
    problems = []
    try:
        for piece in pieces:
            if isinstance(piece, Parsed) and (problem := find_problem(piece, contexts, functions)):
                problems.append(problem)  # noqa: PERF401 - a later one may raise
    except ExpressionError as error:
        if error.message == NOT_CLOSED or not problems:
            problems.append(error)
    return problems or ([failure] if failure else [])


def evaluate_template(
    text: str, contexts: Mapping[str, Any], functions: Functions | None = None
) -> Any:
    """Return the value of a scalar: typed if it is exactly one expression, else a string.

    Raises `ExpressionError`, as `evaluate` does. Results are not scanned for `${{` again.
    """
    if OPEN not in text:
        return text
    template = parse_template(text)
    return evaluate_node(template.node, template.parts, contexts, functions)


@functools.lru_cache(maxsize=1024)
def _parse_cached(text: str) -> Template:
    pieces = []
    for piece in _split(text):
        if isinstance(piece, Parsed) and piece.node is None:
            raise piece.failure()
        pieces.append(piece)
    return _build(text, pieces)


def _split(text: str) -> Iterator[str | Parsed]:
    """Yield literal texts and expressions in order; raise at the place that ends this."""
    inside = re.compile(_INSIDE)
    position = written = 0
    while (start := text.find(OPEN, position)) >= 0:
        if start > position:
            yield text[position:start]
        match = inside.match(text, start + len(OPEN))
        if match is None:
            raise ExpressionError(NOT_CLOSED, start)
        expression = match[1].strip()
        # A scalar that is nothing but expressions is not read to its end. The first one may be
        # alone, and then is not rewritten; each of several adds at least `{0}, `.
        written += len(expression) + 5
        if position and written > MAX_LENGTH:
            raise ExpressionError(TOO_LONG)
        blanks = len(match[1]) - len(match[1].lstrip())
        yield parse_once(expression, base=match.start(1) + blanks if expression else start)
        position = match.end()
    if position < len(text):
        yield text[position:]


def _build(text: str, pieces: Sequence[str | Parsed]) -> Template:
    parts = tuple(piece for piece in pieces if isinstance(piece, Parsed))
    nodes = tuple(part.node for part in parts if part.node is not None)
    if len(pieces) == 1:
        return Template(text, nodes[0], parts)
    layout = _write_layout(pieces)
    written = layout.replace("'", "''")
    rewritten = f"format('{written}'{''.join(f', {part.expression}' for part in parts)})"
    if len(rewritten) > MAX_LENGTH:
        raise ExpressionError(TOO_LONG)
    if len(parts) >= MAX_PARAMETERS:
        kind = "Too many parameters supplied"
        raise locate(kind, "format", expression=rewritten, offset=0)
    if max(part.depth for part in parts) >= MAX_DEPTH:
        raise ExpressionError(TOO_DEEP)
    return Template(text, Call("format", (Literal(layout), *nodes)), parts)


def _write_layout(pieces: Sequence[str | Parsed]) -> str:
    """Return the format string: literal braces doubled, `{N}` for the expressions."""
    layout = []
    count = 0
    for piece in pieces:
        if isinstance(piece, Parsed):
            layout.append(f"{{{count}}}")
            count += 1
        else:
            layout.append(piece.replace("{", "{{").replace("}", "}}"))
    return "".join(layout)
