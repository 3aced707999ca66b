"""toJSON and fromJSON (LANGUAGE §4.7)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from runner.expressions.number import narrow
from runner.expressions.values import fold, kind_of, to_text

if TYPE_CHECKING:
    from runner.expressions.memory import Memory


def write_json(value: Any, memory: Memory) -> str:
    """Return JSON with two spaces of indent; raises as soon as the text outgrows `memory`."""
    pieces: list[str] = []
    _write(value, "\n", pieces, memory)
    return "".join(pieces)


def read_json(text: str, memory: Memory) -> Any:
    """Return the value of a JSON text; raises `ValueError` for anything else.

    Of keys that differ in case only, the first spelling and the last value are kept.
    """
    if not text.strip():
        raise ValueError("the text is empty")

    def build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        memory.add_items(2 * len(pairs))
        result = dict(pairs)
        spellings = {fold(key): key for key in reversed(result)}
        if len(spellings) == len(result):
            return result
        return {spellings[fold(key)]: value for key, value in pairs}

    try:
        return json.loads(
            text,
            object_pairs_hook=build_object,
            parse_int=_read_number,
            parse_float=_read_number,
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        raise ValueError("the value is nested too deeply") from None


def _write(value: Any, newline: str, pieces: list[str], memory: Memory) -> None:
    kind = kind_of(value)
    if kind == "object" and value:
        _write_block(
            "{}",
            [(_quote(to_text(key)) + ": ", value[key]) for key in value],
            newline,
            pieces,
            memory,
        )
    elif kind == "array" and value:
        _write_block("[]", [("", item) for item in value], newline, pieces, memory)
    else:
        piece = _write_leaf(value, kind)
        memory.add_text(len(piece))
        pieces.append(piece)


def _write_block(
    brackets: str,
    members: list[tuple[str, Any]],
    newline: str,
    pieces: list[str],
    memory: Memory,
) -> None:
    inner = newline + "  "
    lead = brackets[0] + inner
    for label, value in members:
        memory.add_text(len(lead) + len(label))
        pieces += (lead, label)
        _write(value, inner, pieces, memory)
        lead = "," + inner
    memory.add_text(len(newline) + 1)
    pieces += (newline, brackets[1])


def _write_leaf(value: Any, kind: str) -> str:
    if kind == "string":
        return _quote(value)
    if kind == "object":
        return "{}"
    if kind == "array":
        return "[]"
    return "null" if kind == "null" else to_text(value)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _read_number(digits: str) -> int | float:
    return narrow(float(digits))


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"`{name}` is no JSON value")
