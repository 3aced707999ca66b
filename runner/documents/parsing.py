"""YAML text to a document: the only place that imports the parser."""

from __future__ import annotations

import hashlib
from typing import Any

from runner.documents.compose import Composer
from runner.documents.decode import decode, split_lines
from runner.documents.nodes import Document, Scalar
from runner.errors import InvalidInput, Position, Problem


def parse(file: str, content: bytes) -> tuple[Document, list[Problem]]:
    """Read YAML 1.2 core (spec §1); the problems are those that leave the rest readable.

    Raises InvalidInput with all so far for one that does not.
    """
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
