"""Files of variables: NAME=VALUE a line as in `.env` files, or a mapping in YAML or JSON."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from runner.documents.decode import decode
from runner.documents.jsontext import read_json
from runner.documents.nodes import Mapping, Scalar
from runner.documents.scalars import to_text
from runner.errors import InvalidInput, Position, Problem
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Variable(NamedTuple):
    name: str
    value: str
    where: Position


def read_variables(file: str, content: bytes) -> tuple[list[Variable], list[Problem]]:
    """Return the variables of a file in order, beside what is wrong with it.

    It is read as YAML or JSON if its name ends so. Else names and values are as in `.env` files:
    quotes, comments, `export`, several lines within quotes; `$` means itself. No problem's message
    holds any part of a value, but the YAML parser's may: those have a code that begins with `yaml`.
    """
    try:
        if file.endswith(".json"):
            return _from_json(file, read_json(file, content))
        if file.endswith((".yml", ".yaml")):
            return _from_yaml(file, content)
        return _from_lines(file, decode(file, content))
    except InvalidInput as error:
        return [], list(error.problems)


def _from_lines(file: str, text: str) -> tuple[list[Variable], list[Problem]]:
    from dotenv.parser import parse_stream  # 30 ms; only for a file of variables

    variables, problems = [], []
    for name, value, original, is_wrong in parse_stream(io.StringIO(text)):
        blank = original.string[: len(original.string) - len(original.string.lstrip())]
        where = Position(file, original.line + blank.count("\n"), 1)
        if is_wrong:
            hint = "a value with quotes inside or several lines stands in quotes that are closed"
            problems.append(Problem("variables.syntax", "not NAME=VALUE", where, hint))
        elif name is not None and value is None:
            message = "a name without a value"
            problems.append(Problem("variables.syntax", message, where, "write NAME=VALUE"))
        elif name is not None and value is not None:
            variables.append(Variable(name, value, where))
    return variables, problems


def _from_yaml(file: str, content: bytes) -> tuple[list[Variable], list[Problem]]:
    from runner.documents.parsing import parse  # 21 ms; only for a file of variables in YAML

    document, problems = parse(file, content)
    root = document.root
    if isinstance(root, Scalar) and root.value is None:
        return [], problems
    if not isinstance(root, Mapping):
        return [], [*problems, _not_a_mapping(document.position(root))]
    variables = []
    for key, node in root.entries:
        if isinstance(node, Scalar):
            where = document.position(key)
            variables.append(Variable(str(key.value), to_text(node.value), where))
        else:
            problems.append(_not_a_text(document.position(node)))
    return variables, problems


def _from_json(file: str, root: object) -> tuple[list[Variable], list[Problem]]:
    where = Position(file)
    if not isinstance(root, dict):
        return [], [_not_a_mapping(where)]
    return list(_scalars(root, where)), [
        _not_a_text(where) for value in root.values() if isinstance(value, dict | list)
    ]


def _scalars(root: dict[str, object], where: Position) -> Iterator[Variable]:
    for name, value in root.items():
        if isinstance(value, int) and not isinstance(value, bool):
            yield Variable(name, str(value), where)  # of any length, unlike YAML's
        elif value is None or isinstance(value, bool | float | str):
            yield Variable(name, to_text(value), where)


def _not_a_mapping(where: Position) -> Problem:
    message = "a file of variables holds one mapping of names to values"
    return Problem("variables.shape", message, where)


def _not_a_text(where: Position) -> Problem:
    return Problem("variables.shape", "a variable is a text, not a list or a mapping", where)
