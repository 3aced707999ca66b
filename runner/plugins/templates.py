"""The `${{ }}` of manifests: expressions over `inputs`, with functions for argument lists."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from runner.errors import InvalidInput, Problem, nearest
from runner.expressions import ExpressionError, Function, references
from runner.expressions.template import check_template, evaluate_template, parse_template
from runner.expressions.values import to_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


def find_fault(text: str, declared: Collection[str]) -> tuple[str, str]:
    """Return what is wrong with `text` and a hint; two empty texts if nothing is.

    `declared` are the names of the inputs it may use.
    """
    problems = check_template(text, ("inputs",), FUNCTIONS)
    if problems:
        return problems[0].message, ""
    known = {name.lower() for name in declared}
    for path in references(parse_template(text).node).paths:
        name = path[1] if len(path) > 1 else "*"
        if name != "*" and name.lower() not in known:
            return f"there is no input `{name}`", nearest(name, declared)
    return "", ""


def evaluate_text(text: str, values: Mapping[str, Any]) -> str:
    """Return `text` with its expressions replaced; `values` are the typed inputs."""
    return to_text(_evaluate(text, values))


def evaluate_arguments(items: Iterable[str], values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the argument list that `items` mean.

    An item that is exactly one expression is left out if it yields null, false or '', spliced in
    if it yields a list. Such a list keeps its empty members.
    """
    arguments: list[str] = []
    for item in items:
        value = _evaluate(item, values)
        if isinstance(value, list):
            arguments += map(to_text, value)
        elif value is None or value is False:
            continue
        elif value != "" or len(parse_template(item).parts) != 1:
            arguments.append(to_text(value))
    return tuple(arguments)


def _evaluate(text: str, values: Mapping[str, Any]) -> Any:
    try:
        return evaluate_template(text, {"inputs": values}, FUNCTIONS)
    except ExpressionError as error:
        message = f"`{text}` cannot be evaluated: {error.message}"
        raise InvalidInput([Problem("expression", message)]) from error


def _split_words(value: Any) -> list[str]:
    """Split as a POSIX shell does: blanks separate, quotes and backslashes keep together."""
    import shlex  # 1 ms; only for manifests that use it

    try:
        return shlex.split(to_text(value))
    except ValueError as error:
        raise ExpressionError(f"words: {str(error).lower()} in `{to_text(value)}`") from error


def _split_lines(value: Any) -> list[str]:
    """Return the lines without blanks around them; empty ones are left out."""
    return [line.strip() for line in to_text(value).splitlines() if line.strip()]


def _find_folder(value: Any) -> str:
    """Return the folder that holds a file: `.` for a name without one, '' for nothing."""
    path = to_text(value)
    return posixpath.dirname(posixpath.normpath(path)) or "." if path else ""


def _prefix(prefix: Any, items: Any) -> list[str]:
    """Put `prefix` before each item of a list, or before a text that is not empty."""
    members = items if isinstance(items, list) else [items] if items not in (None, "") else []
    return [to_text(prefix) + to_text(item) for item in members]


FUNCTIONS = {
    "words": Function(_split_words, 1, 1),
    "lines": Function(_split_lines, 1, 1),
    "folder": Function(_find_folder, 1, 1),
    "prefix": Function(_prefix, 2, 2),
}
