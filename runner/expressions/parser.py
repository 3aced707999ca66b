"""Tokens to a tree (LANGUAGE §4.3), with two stacks instead of recursion: any nesting is safe.

What an expression uses is noted beside the tree in the order of the text, because GitHub reports
the first thing wrong, be it an unknown name or a misplaced symbol.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeAlias

from runner.expressions.error import ExpressionError, locate
from runner.expressions.lexer import Token, tokens
from runner.expressions.nodes import (
    Call,
    Comparison,
    Context,
    Filter,
    Index,
    Literal,
    Logical,
    Not,
)
from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.expressions.nodes import Node

MAX_LENGTH = 21_000
MAX_DEPTH = 50
NOTHING = "An expression was expected"
TOO_LONG = f"Exceeded max expression length {MAX_LENGTH}"
TOO_DEEP = f"Exceeded max expression depth {MAX_DEPTH}"

PRECEDENCE = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "!": 5}

# A tree and how deep it is.
_Operand: TypeAlias = "tuple[Node | _Chain, int]"

_LOGICAL = frozenset({"&&", "||"})
_INCOMPLETE = frozenset({"operator", "not", ".", ",", "(", "call(", "[", "[*"})


class Use(NamedTuple):
    """A name that must be known: `kind` is context, function, or arity (at the closing bracket)."""

    kind: str
    name: str
    offset: int
    arguments: int = 0


class Parsed(NamedTuple):
    """Either `node` or `error` is set; `uses` holds what was seen up to there.

    `base` is where the expression starts in its scalar; the offsets in `uses` do not include it.
    """

    expression: str
    node: Node | None
    depth: int
    uses: tuple[Use, ...]
    error: ExpressionError | None
    base: int = 0

    def failure(self) -> ExpressionError:
        """Return a new error to raise: the kept one is shared and must gather no traceback."""
        error = self.error or ExpressionError(NOTHING, self.base)
        return ExpressionError(error.message, error.offset)


def parse(expression: str) -> Node:
    """Return the tree of an expression written without `${{ }}`; raise `ExpressionError`.

    Names are not checked: see `check`.
    """
    parsed = parse_once(expression)
    if parsed.node is None:
        raise parsed.failure()
    return parsed.node


# Steps of a matrix repeat their expressions. Texts beyond the limit never get this far.
@functools.lru_cache(maxsize=1024)
def _parse_cached(expression: str) -> Parsed:
    return _Parser(expression, 0).run()


def parse_once(expression: str, *, base: int = 0) -> Parsed:
    """Return the tree or the first error, with all names used before it."""
    if len(expression) > MAX_LENGTH:
        return Parsed(expression, None, 0, (), ExpressionError(TOO_LONG, base), base)
    return _Parser(expression, base).run() if base else _parse_cached(expression)


class _Chain:
    """A logical operator still growing; flattened once, when something else takes it."""

    __slots__ = ("operator", "parts")

    def __init__(self, operator: str, parts: list[_Operand]) -> None:
        self.operator = operator
        self.parts = parts


class _Operator:
    """An operator or opening bracket (precedence 0) and the operands that lay below it."""

    __slots__ = ("height", "precedence", "token")

    def __init__(self, token: Token, precedence: int, height: int) -> None:
        self.token = token
        self.precedence = precedence
        self.height = height


class _Parser:
    def __init__(self, expression: str, base: int) -> None:
        self._expression = expression
        self._base = base
        self._operands: list[_Operand] = []
        self._operators: list[_Operator] = []
        self._functions: list[Token] = []
        self._uses: list[Use] = []

    def run(self) -> Parsed:
        try:
            node, depth = self._parse()
        except ExpressionError as error:
            kept = error.with_traceback(None)
            return Parsed(self._expression, None, 0, tuple(self._uses), kept, self._base)
        return Parsed(self._expression, node, depth, tuple(self._uses), None, self._base)

    def _parse(self) -> tuple[Node, int]:
        last = None
        for token in tokens(self._expression):
            self._take(token, last)
            last = token
        if last is None:
            raise ExpressionError(NOTHING, self._base)
        if last.kind not in _INCOMPLETE:
            self._reduce_to_bracket()
        if self._operators or last.kind in _INCOMPLETE:
            raise self._error("Unexpected end of expression", last)
        node, depth = _flatten(self._operands.pop())
        if depth > MAX_DEPTH:
            raise ExpressionError(TOO_DEEP, self._base)
        return node, depth

    def _take(self, token: Token, last: Token | None) -> None:
        kind = token.kind
        if kind == "literal":
            self._operands.append((Literal(token.value), 1))
        elif kind == "name":
            self._note("context", token)
            self._operands.append((Context(token.text, self._base + token.offset), 1))
        elif kind == "property":
            self._push_index((Literal(token.value), 1))
        elif kind == "*":
            self._push_filter()
        elif kind == "operator":
            self._take_operator(token)
        elif kind == "function":
            self._note("function", token)
            self._functions.append(token)
        elif kind in {"not", "(", "call(", "["}:
            precedence = PRECEDENCE.get(token.text, 0)
            self._operators.append(_Operator(token, precedence, len(self._operands)))
        elif kind in {")", "]", ","}:
            self._take_end(token, last)
        elif kind == "unexpected":
            raise self._error("Unexpected symbol", token)

    def _take_operator(self, token: Token) -> None:
        precedence = PRECEDENCE[token.text]
        while self._operators:
            top = self._operators[-1].precedence
            # A chain of one logical operator is left to be taken as a whole.
            if top < precedence or (top == precedence and token.text in _LOGICAL):
                break
            self._reduce()
        self._operators.append(_Operator(token, precedence, len(self._operands)))

    def _take_end(self, token: Token, last: Token | None) -> None:
        self._reduce_to_bracket()
        opening = self._operators[-1] if self._operators else None
        kinds = {")": ("(", "call("), "]": ("[",), ",": ("call(",)}[token.kind]
        if opening is None or opening.token.kind not in kinds:
            raise self._error("Unexpected symbol", token)
        if token.kind == ",":
            return
        self._operators.pop()
        if opening.token.kind == "call(":
            self._push_call(opening)
        elif token.kind == "]" and last is not None and last.kind == "[*":
            self._push_filter()
        elif token.kind == "]":
            self._push_index(_flatten(self._operands.pop()))

    def _reduce_to_bracket(self) -> None:
        while self._operators and self._operators[-1].precedence:
            self._reduce()

    def _reduce(self) -> None:
        operator = self._operators.pop().token.text
        if operator in _LOGICAL:
            self._push_chain(operator)
            return
        right, depth = _flatten(self._operands.pop())
        if operator == "!":
            self._operands.append((Not(right), depth + 1))
            return
        left, left_depth = _flatten(self._operands.pop())
        node = Comparison(operator, left, right)
        self._operands.append((node, max(depth, left_depth) + 1))

    def _push_chain(self, operator: str) -> None:
        count = 2
        while self._operators and self._operators[-1].token.text == operator:
            self._operators.pop()
            count += 1
        parts = self._operands[-count:]
        del self._operands[-count:]
        depth = max(depth - _is_chain(node, operator) for node, depth in parts) + 1
        # Only chains of the same operator stay open, so that flattening never recurs.
        parts = [part if _is_chain(part[0], operator) else _flatten(part) for part in parts]
        self._operands.append((_Chain(operator, parts), depth))

    def _push_index(self, key: tuple[Node, int]) -> None:
        base, depth = _flatten(self._operands.pop())
        self._operands.append((Index(base, key[0]), max(depth, key[1]) + 1))

    def _push_filter(self) -> None:
        base, depth = _flatten(self._operands.pop())
        self._operands.append((Filter(base), depth + 1))

    def _push_call(self, opening: _Operator) -> None:
        name = self._functions.pop()
        arguments = [_flatten(operand) for operand in self._operands[opening.height :]]
        del self._operands[opening.height :]
        self._note("arity", name, len(arguments))
        nodes = tuple(node for node, _ in arguments)
        depth = max((depth for _, depth in arguments), default=0) + 1
        self._operands.append((Call(name.text, nodes, self._base + name.offset), depth))

    def _note(self, kind: str, token: Token, count: int = 0) -> None:
        self._uses.append(Use(kind, token.text, token.offset, count))

    def _error(self, kind: str, token: Token) -> ExpressionError:
        return locate(
            kind, token.text, expression=self._expression, offset=token.offset, base=self._base
        )


def _is_chain(node: Node | _Chain, operator: str) -> bool:
    return isinstance(node, _Chain) and node.operator == operator


def _flatten(operand: _Operand) -> tuple[Node, int]:
    """Return the finished node and its depth: nested chains of the same operator become one."""
    node, depth = operand
    if not isinstance(node, _Chain):
        return node, depth
    flat: list[Node] = []
    pending = [operand]
    while pending:
        part = pending.pop()[0]
        if isinstance(part, _Chain):
            pending.extend(reversed(part.parts))
        else:
            flat.append(part)
    return Logical(node.operator, tuple(flat)), depth
