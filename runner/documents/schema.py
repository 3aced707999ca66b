"""JSON Schema over documents, with GitHub's messages and places (spec §2).

The schemas are plain draft 2020-12, so that editors can use them as they are. What is our own
is how a failure is told: `runner.documents.keywords`.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from runner.documents.hints import EMPTY, MERGE_KEY, QUOTE
from runner.documents.keywords import KEYWORDS
from runner.documents.nodes import Document, Mapping, Node, Scalar, Sequence, plain
from runner.documents.scalars import to_text
from runner.errors import Position, Problem
from runner.resources import locate

if TYPE_CHECKING:
    from collections.abc import Iterable

_MANY = 100  # far more than are ever shown, and hints take their time
AT_KEY = {"schema.unknown-key", "expression.key-not-allowed"}
_ANNOTATIONS = {"title", "description", "default", "examples", "deprecated", "$comment"}
_RAW_NUMBER = re.compile(r"[^\s,\]}#]+")


def validate(document: Document, schema: str) -> list[Problem]:
    """Return all that `schemas/<schema>.schema.json` says against `document`."""
    errors = _validator(schema).iter_errors(plain(document.root))
    places = _Places(document)
    return [places.problem(error) for error in islice(errors, _MANY)]


@lru_cache(maxsize=8)
def _validator(name: str) -> Any:
    import jsonschema  # 88 ms; only for a file that is not remembered

    with open(locate("schemas", f"{name}.schema.json"), "rb") as file:
        schema = json.load(file)
    extend: Any = jsonschema.validators.extend
    return extend(jsonschema.Draft202012Validator, KEYWORDS)(_resolve(schema, schema))


def _resolve(schema: Any, root: dict[str, Any]) -> Any:
    """Put in place of every local `$ref` what it refers to (recursive ones make cycles)."""
    done: dict[str, dict[str, Any]] = {}

    def inline(part: Any) -> Any:
        if isinstance(part, list):
            return [inline(item) for item in part]
        if not isinstance(part, dict):
            return part
        reference = part.get("$ref", "")
        if not (isinstance(reference, str) and reference.startswith("#/")):
            return {key: inline(value) for key, value in part.items()}
        rest = {k: inline(v) for k, v in part.items() if k != "$ref" and k not in _ANNOTATIONS}
        target = referred(reference)
        return {"allOf": [target, rest]} if rest else target

    def referred(reference: str) -> dict[str, Any]:
        if reference not in done:
            target: Any = root
            for name in reference[2:].split("/"):
                target = target[name]
            done[reference] = {}  # filled below, for those that refer back to it
            done[reference].update(inline(target))
        return done[reference]

    return inline({key: value for key, value in schema.items() if key != "$defs"})


class _Places:
    """Finds the node that an error speaks of."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._keys: dict[int, dict[Any, tuple[Scalar, Node]]] = {}

    def problem(self, error: Any) -> Problem:
        code, hint, message = str(error.validator), error.validator_value, error.message
        place, node = self._find(error.path)
        if "." not in code:
            code, hint = "schema.invalid", ""
            if isinstance(node, Scalar):
                code, message = "schema.unexpected-value", f"Unexpected value '{_text(node)}'"
                hint = EMPTY if node.value in {None, ""} else ""
            place = node
        elif code not in AT_KEY:
            place = node
        if "<<" in error.path:
            hint = MERGE_KEY
        if hint == QUOTE:
            hint = f'{QUOTE}: "{self._raw(node)}"'
        return Problem(code, message, Position(self._document.file, *place[1:3]), hint)

    def _find(self, path: Iterable[Any]) -> tuple[Node, Node]:
        """Return the last key (or item) on the path and the value there."""
        place = node = self._document.root
        for step in path:
            if isinstance(node, Mapping):
                place, node = self._entries(node)[step]
            elif isinstance(node, Sequence):
                place = node = node.items[step]
        return place, node

    def _entries(self, node: Mapping) -> dict[Any, tuple[Scalar, Node]]:
        if id(node) not in self._keys:
            self._keys[id(node)] = {key.value: (key, value) for key, value in node.entries}
        return self._keys[id(node)]

    def _raw(self, node: Node) -> str:
        line = self._document.text.split("\n")[node.line - 1]
        found = _RAW_NUMBER.match(line, node.column - 1)
        return found[0] if found else _text(node)


def _text(node: Node) -> str:
    return to_text(node.value) if isinstance(node, Scalar) else ""
