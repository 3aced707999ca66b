"""The functions every expression may call (LANGUAGE §4.7): one decorated function each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from runner.expressions.error import ExpressionError
from runner.expressions.json_text import read_json, write_json
from runner.expressions.registry import FUNCTIONS, MAX_PARAMETERS, function
from runner.expressions.values import COLLECTIONS, equals, fold, is_truthy, kind_of, to_text

if TYPE_CHECKING:
    from runner.expressions.registry import Arguments

__all__ = ["FUNCTIONS"]

# Given to `re` as text: compiled when the first `format` is met, and kept there.
_PLACEHOLDER = r"\{\{|\}\}|\{([0-9]+)\}|[{}]"


@function("contains", 2, 2)
def contains(arguments: Arguments) -> bool:
    search = arguments[0]
    kind = kind_of(search)
    if kind == "array":
        item = arguments[1]
        return any(equals(item, element) for element in search)
    if kind == "object" or _is_collection(arguments[1]):
        return False
    return fold(to_text(arguments[1])) in fold(to_text(search))


@function("startsWith", 2, 2)
def starts_with(arguments: Arguments) -> bool:
    if _is_collection(arguments[0]) or _is_collection(arguments[1]):
        return False
    return fold(to_text(arguments[0])).startswith(fold(to_text(arguments[1])))


@function("endsWith", 2, 2)
def ends_with(arguments: Arguments) -> bool:
    if _is_collection(arguments[0]) or _is_collection(arguments[1]):
        return False
    return fold(to_text(arguments[0])).endswith(fold(to_text(arguments[1])))


@function("format", 1, MAX_PARAMETERS)
def format_text(arguments: Arguments) -> str:
    template = to_text(arguments[0])
    pieces: list[str] = []
    position = 0
    for match in re.finditer(_PLACEHOLDER, template):
        piece = template[position : match.start()] + _expand(match, template, arguments)
        arguments.memory.add_text(len(piece))
        pieces.append(piece)
        position = match.end()
    pieces.append(template[position:])
    return "".join(pieces)


@function("join", 1, 2)
def join(arguments: Arguments) -> str:
    items = arguments[0]
    kind = kind_of(items)
    if kind != "array":
        return "" if kind == "object" else to_text(items)
    separator = ","
    if len(arguments) == 2 and not _is_collection(arguments[1]):
        separator = to_text(arguments[1])
    texts = []
    for item in items:
        texts.append(to_text(item))
        arguments.memory.add_text(len(texts[-1]) + len(separator))
    return separator.join(texts)


@function("toJSON", 1, 1)
def to_json(arguments: Arguments) -> str:
    return write_json(arguments[0], arguments.memory)


@function("fromJSON", 1, 1)
def from_json(arguments: Arguments) -> Any:
    try:
        return read_json(to_text(arguments[0]), arguments.memory)
    except ValueError as error:
        raise ExpressionError(f"Error parsing fromJson: {error}") from error


@function("case", 3, MAX_PARAMETERS)
def case(arguments: Arguments) -> Any:
    for position in range(0, len(arguments) - 1, 2):
        if kind_of(arguments[position]) != "boolean":
            raise ExpressionError("case predicate must evaluate to a boolean value")
        if is_truthy(arguments[position]):
            return arguments[position + 1]
    return arguments[len(arguments) - 1]


def _is_collection(value: Any) -> bool:
    return kind_of(value) in COLLECTIONS


def _expand(match: re.Match[str], template: str, arguments: Arguments) -> str:
    if match[0] in {"{{", "}}"}:
        return match[0][0]
    digits = match[1]
    if digits is None or _index(digits) > MAX_PARAMETERS:
        raise ExpressionError(f"The following format string is invalid: {template}")
    if _index(digits) > len(arguments) - 2:
        message = "The following format string references more arguments than were supplied"
        raise ExpressionError(f"{message}: {template}")
    return to_text(arguments[_index(digits) + 1])


def _index(digits: str) -> int:
    # A number this long is out of range anyway, and costly to convert.
    significant = digits.lstrip("0") or "0"
    return int(significant) if len(significant) <= 3 else MAX_PARAMETERS + 1
