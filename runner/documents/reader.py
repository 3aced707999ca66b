"""Bytes to a checked document: the front door of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.memory import Memory
from runner.documents.nodes import Document, Node, Scalar, Sequence
from runner.errors import InvalidInput, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    Rules = Callable[[Document], Iterable[Problem]]

MAX_PROBLEMS = 10
_NOTHING = Scalar(None, 0, 0)
MAX_MESSAGE = 500


def load(
    file: str,
    content: bytes,
    schema: str,
    *,
    rules: Rules | None = None,
    memory: str | None = None,
) -> Document:
    """Read a document and check it against the schema NAME and then by `rules`.

    Raises InvalidInput with the first ten problems of all three (spec §1.5), in order of place.
    With `memory`, a folder, the tree of a valid document is kept there by content: the next
    time neither the parser nor the schema nor the rules are asked (`runner.documents.memory`).
    Warnings are not told: see `examine`.
    """
    remembered = Memory(memory, schema) if memory else None
    if remembered and (known := remembered.recall(file, content)):
        return known
    document, problems = examine(file, content, schema, rules=rules)
    if any(problem.severity == "error" for problem in problems):
        raise InvalidInput(problems)
    if remembered:
        remembered.keep(document)
    return document


def examine(
    file: str, content: bytes, schema: str, *, rules: Rules | None = None
) -> tuple[Document, tuple[Problem, ...]]:
    """Do as `load`, but return the problems, warnings too, beside the document.

    Raises InvalidInput only for what cannot be read at all. Rules see documents of any shape,
    less the entries whose keys the schema refused: nothing more is to be said of those.
    """
    from runner.documents.parsing import parse  # 10 ms; only for a file that is not remembered
    from runner.documents.schema import AT_KEY, validate

    document, problems = parse(file, content)
    unreadable = {problem.where for problem in problems if problem.severity == "error"}
    problems += (found for found in validate(document, schema) if found.where not in unreadable)
    if rules:
        refused = {problem.where for problem in problems if problem.code in AT_KEY}
        root = _without(document, document.root, refused) if refused else document.root
        problems += rules(document._replace(root=root))
    return document, settle(problems)


def settle(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Order problems by place, drop repeats, cut long messages and keep the first ten.

    A warning never takes the place of an error.
    """

    def place(problem: Problem) -> tuple[int, int]:
        return problem.where[1:] if problem.where else (0, 0)

    def is_warning(problem: Problem) -> bool:
        return problem.severity != "error"

    kept: dict[tuple[Position | None, str], Problem] = {}
    for problem in sorted(problems, key=lambda problem: (place(problem), is_warning(problem))):
        message = problem.message
        if len(message) > MAX_MESSAGE:
            message = message[:MAX_MESSAGE] + "[...]"
        kept.setdefault((problem.where, message), problem._replace(message=message))
    most_severe = sorted(kept.values(), key=is_warning)[:MAX_PROBLEMS]
    return tuple(sorted(most_severe, key=place))


def _without(document: Document, node: Node, refused: Collection[Position | None]) -> Node:
    if isinstance(node, Sequence):
        items = tuple(_without(document, item, refused) for item in node.items)
        return node._replace(items=items)
    if isinstance(node, Scalar):
        return node
    entries = tuple(
        (key, _without(document, value, refused))
        for key, value in node.entries
        if document.position(key) not in refused
    )
    # One that lost all its keys is not an empty one, of which there would be more to say.
    return node._replace(entries=entries) if entries or not node.entries else _NOTHING
