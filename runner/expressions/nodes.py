"""What an expression is once it has been read: a tree of frozen records.

Groups leave no trace and a chain of one logical operator is one node, so that trees compare by
meaning. Offsets count from 0, into the expression or into the scalar it is embedded in.
"""

# Without the usual `__future__` import: these records are made at every start, and annotations
# that are text cost `typing` half as much again.
from typing import TypeAlias

from runner.records import NamedTuple

Scalar: TypeAlias = bool | int | float | str | None
Node: TypeAlias = "Literal | Context | Index | Filter | Not | Comparison | Logical | Call"


class Literal(NamedTuple):
    value: Scalar


class Context(NamedTuple):
    """A named value such as `github`; `name` is as written."""

    name: str
    offset: int = 0


class Index(NamedTuple):
    """`base.name` and `base['name']` alike."""

    base: "Node"
    key: "Node"


class Filter(NamedTuple):
    """`base.*` and `base[*]` alike."""

    base: "Node"


class Not(NamedTuple):
    operand: "Node"


class Comparison(NamedTuple):
    operator: str
    left: "Node"
    right: "Node"


class Logical(NamedTuple):
    """`&&` or `||` over two or more operands, none of them of the same operator."""

    operator: str
    operands: tuple["Node", ...]


class Call(NamedTuple):
    name: str
    arguments: tuple["Node", ...]
    offset: int = 0
