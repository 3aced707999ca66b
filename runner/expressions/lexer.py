"""Text to tokens (LANGUAGE §4.2), each looked at once.

Which token may follow which is decided here, so that the parser only sees sequences that are
right up to their brackets. Whatever is not right becomes a token of kind `unexpected`.
"""

from __future__ import annotations

import functools
import math
import re
from typing import TYPE_CHECKING

from runner.expressions.number import narrow, parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.expressions.nodes import Scalar

_WORD_END = r"\s()\[\],!<>=&|"
_SCAN = (
    r"\s*+(?:"
    r"(?P<string>'[^']*+(?:''[^']*+)*+(?P<closed>')?+)"
    r"|(?P<operator>[!=<>]=|&&|\|\||[!<>])"
    r"|(?P<symbol>[()\[\],.*])"
    rf"|(?P<number>[0-9+-][^{_WORD_END}]*+)"
    rf"|(?P<stray>[=&|][^{_WORD_END}.]*+)"
    rf"|(?P<word>[^{_WORD_END}.]++(?P<called>(?=\s*+\())?))"
)
# Given to `re` as text: seldom needed.
_FRACTION = rf"\.[^{_WORD_END}]*+"
_KEYWORDS: dict[str, Scalar] = {
    "null": None,
    "true": True,
    "false": False,
    "NaN": math.nan,
    "Infinity": math.inf,
}

# Kinds are the symbols themselves where there is one. `call(` opens parameters, `[*` is the star
# of `x[*]`, the empty kind stands before the first token.
_OPERAND_START = frozenset({"", ",", "(", "call(", "[", "not", "operator"})
_COLLECTION_END = frozenset({")", "]", "*", "property", "name"})
_OPERAND_END = _COLLECTION_END | {"literal"}
_MAY_FOLLOW: dict[str, frozenset[str]] = {
    "(": _OPERAND_START,
    "call(": frozenset({"function"}),
    ")": _OPERAND_END | {"call("},
    "[": _COLLECTION_END,
    "]": _OPERAND_END | {"[*"},
    ",": _OPERAND_END,
    ".": _COLLECTION_END,
    "*": frozenset({"."}),
    "[*": frozenset({"["}),
    "not": _OPERAND_START,
    "operator": _OPERAND_END,
    "literal": _OPERAND_START,
    "property": frozenset({"."}),
    "function": _OPERAND_START,
    "name": _OPERAND_START,
    "unexpected": frozenset(),
}


class Token:
    """`text` is what was written; `value` what a literal means."""

    __slots__ = ("kind", "offset", "text", "value")

    def __init__(self, kind: str, text: str, offset: int, value: Scalar = None) -> None:
        self.kind = kind
        self.text = text
        self.offset = offset
        self.value = value


def tokens(expression: str) -> Iterator[Token]:
    """Yield the tokens in order, the first wrong one as `unexpected`; do not read on after it."""
    position, last = 0, ""
    scan = _compile_scan().match
    while match := scan(expression, position):
        token = _read_token(expression, match, last)
        if last not in _MAY_FOLLOW[token.kind]:
            token.kind = "unexpected"
        yield token
        position, last = token.offset + len(token.text), token.kind


@functools.cache
def _compile_scan() -> re.Pattern[str]:
    """Make the pattern when it is first needed: that takes 3 ms, and few runs have expressions."""
    return re.compile(_SCAN)


def is_identifier(text: str) -> bool:
    """Tell whether `text` is a name: `[A-Za-z_][A-Za-z0-9_-]*`."""
    return text.isascii() and text.replace("-", "_").isidentifier() and text[0] != "-"


def _read_token(expression: str, match: re.Match[str], last: str) -> Token:
    group = match.lastgroup or ""
    text, offset = match[group], match.start(group)
    if group == "word":
        return _read_word(match, last)
    if group == "symbol":
        return _read_symbol(expression, text, offset, last)
    if group == "operator":
        return Token("not" if text == "!" else "operator", text, offset)
    if group == "number":
        return _read_number(text, offset)
    if group == "string" and match["closed"]:
        return Token("literal", text, offset, text[1:-1].replace("''", "'"))
    return Token("unexpected", text, offset)


def _read_word(match: re.Match[str], last: str) -> Token:
    text, offset = match["word"], match.start("word")
    if not is_identifier(text):
        return Token("unexpected", text, offset)
    if last == ".":
        return Token("property", text, offset, text)
    if text in _KEYWORDS:
        return Token("literal", text, offset, _KEYWORDS[text])
    return Token("name" if match["called"] is None else "function", text, offset)


def _read_symbol(expression: str, text: str, offset: int, last: str) -> Token:
    if text == "." and last in _OPERAND_START:
        fraction = re.compile(_FRACTION).match(expression, offset)
        return _read_number(fraction[0] if fraction else text, offset)
    if text == "(" and last == "function":
        return Token("call(", text, offset)
    return Token("[*" if text == "*" and last == "[" else text, text, offset)


def _read_number(text: str, offset: int) -> Token:
    value = parse_number(text)
    if math.isnan(value):
        return Token("unexpected", text, offset)
    return Token("literal", text, offset, narrow(value))
