"""Bytes to a checked document: the only place that imports the YAML parser."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from runner.documents.compose import Composer
from runner.documents.decode import decode, split_lines
from runner.documents.nodes import Document, Node, Scalar, Sequence
from runner.errors import InvalidInput, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    Rules = Callable[[Document], Iterable[Problem]]

MAX_PROBLEMS = 10
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
    """
    from runner.documents.memory import Memory

    remembered = Memory(memory, schema) if memory else None
    if remembered and (known := remembered.recall(file, content)):
        return known
    document, problems = _parse(file, content)
    problems += check(document, schema, rules=rules)
    if any(problem.severity == "error" for problem in problems):
        raise InvalidInput(settle(problems))
    if remembered:
        remembered.keep(document)
    return document


def check(document: Document, schema: str, *, rules: Rules | None = None) -> list[Problem]:
    """Return what the schema NAME and the `rules` say about `document`; rules see any shape."""
    from runner.documents.schema import AT_KEY, validate

    problems = validate(document, schema)
    if rules:
        refused = {problem.where for problem in problems if problem.code in AT_KEY}
        root = _without(document, document.root, refused) if refused else document.root
        problems += rules(document._replace(root=root))
    return problems


def parse(file: str, content: bytes) -> Document:
    """Read YAML 1.2 core (spec §1). Raises InvalidInput with all problems found."""
    document, problems = _parse(file, content)
    if problems:
        raise InvalidInput(settle(problems))
    return document


def settle(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Order problems by place, drop repeats, cut long messages and keep the first ten."""

    def place(problem: Problem) -> tuple[int, int]:
        return problem.where[1:] if problem.where else (0, 0)

    kept: dict[tuple[Position | None, str], Problem] = {}
    for problem in sorted(problems, key=place):
        message = problem.message
        if len(message) > MAX_MESSAGE:
            message = message[:MAX_MESSAGE] + "[...]"
        kept.setdefault((problem.where, message), problem._replace(message=message))
    return tuple(kept.values())[:MAX_PROBLEMS]


def _without(document: Document, node: Node, refused: Collection[Position | None]) -> Node:
    """Return `node` less the entries whose keys are refused: nothing more is said of those."""
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
    return node._replace(entries=entries)


def _parse(file: str, content: bytes) -> tuple[Document, list[Problem]]:
    text = decode(file, content)
    composer = Composer(file)
    _feed(composer, file, text)
    digest = hashlib.sha256(content).hexdigest()
    root = composer.root or Scalar(None, 1, 1)
    return Document(file, text, digest, root), composer.problems


def _feed(composer: Composer, file: str, text: str) -> None:
    import yaml  # 21 ms; only for a file that is not remembered

    # The C parser; wheels of every platform have it, a build without libyaml does not.
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        while loader.check_event():
            composer.take(loader.get_event())
    except yaml.MarkedYAMLError as error:
        problem = _syntax_problem(error, file, text)
        raise InvalidInput([*composer.problems, problem]) from error
    except yaml.YAMLError as error:
        problem = Problem("yaml.syntax", str(error), Position(file, 1, 1))
        raise InvalidInput([*composer.problems, problem]) from error
    finally:
        loader.dispose()


def _syntax_problem(error: Any, file: str, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = Position(file, mark.line + 1, mark.column + 1)
    line = split_lines(text)[mark.line] if mark.line <= text.count("\n") else ""
    blank = line[: len(line) - len(line.lstrip())]
    if "\t" in blank or line[mark.column : mark.column + 1] == "\t":
        message = "a tab cannot indent or separate"
        return Problem("yaml.tab", message, where, "use spaces")
    message = str(error.problem or error.context)
    if error.context and error.problem:
        message = f"{message} {error.context}"
    return Problem("yaml.syntax", message, where, _syntax_hint(message, line, mark.column))


def _syntax_hint(message: str, line: str, column: int) -> str:
    first = line[column : column + 1]
    if "cannot start any token" in message and first in {"@", "`", "%"}:
        return f"quote a text that begins with `{first}`"
    for part, hint in _HINTS:
        if part in message:
            return hint
    return ""


_HINTS = (
    ("mapping values are not allowed", "quote a text that holds `: `, and check the indentation"),
    ("expected <block end>", "check the indentation"),
    ("did not find expected key", "check the indentation"),
    ("did not find expected '-' indicator", "check the indentation"),
    ("could not find expected ':'", "a line of a mapping is `key: value`"),
    ("unknown escape character", "use single quotes, in which a backslash is a backslash"),
    ("unexpected end of stream", "a quote, a bracket or a brace is not closed"),
    ("did not find expected ',' or", "a bracket or a brace is not closed"),
    ("while scanning an alias", "quote a text that begins with `*`"),
    ("while scanning an anchor", "quote a text that begins with `&`"),
)
