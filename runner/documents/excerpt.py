"""Problems as a person reads them: the place, the source line with a caret, a hint."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from runner.documents.decode import split_lines

if TYPE_CHECKING:
    from runner.errors import Problem

WIDTH = 120

# Documents are hostile: no control character, and nothing that turns the direction of text,
# reaches a terminal.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_TOKEN = re.compile(r"\$\{\{.*?\}\}|'[^']*'?|\"[^\"]*\"?|[^\s,:\[\]{}]+:?|.")

_BOLD, _RED, _YELLOW, _GREEN, _OFF = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[0m"


def render(problem: Problem, text: str, *, color: bool = False) -> str:
    """Return `problem` as lines without a final newline; `text` is the file it stands in.

    One line says `file:line:col: message`; then, if `text` has it, the source line with a caret
    under the place, and `hint: ...` if there is one. Long lines are cut around the place.
    """
    tone = _RED if problem.severity == "error" else _YELLOW
    kind = "" if problem.severity == "error" else f"{problem.severity}: "
    lines = [_head(problem, kind, tone if color else "")]
    source = split_lines(text)
    if problem.where and 0 < problem.where.line <= len(source):
        excerpt, caret = _excerpt(source[problem.where.line - 1], problem.where.column)
        number = str(problem.where.line)
        lines.append(f"{number} | {excerpt}")
        mark = f"{tone}{caret.lstrip()}{_OFF}" if color else caret.lstrip()
        blank = " " * (len(caret) - len(caret.lstrip()))
        lines.append(f"{' ' * len(number)} | {blank}{mark}")
    if problem.hint:
        label = f"{_GREEN}hint:{_OFF}" if color else "hint:"
        lines.append(f"{label} {_visible(problem.hint)}")
    return "\n".join(lines)


def _head(problem: Problem, kind: str, tone: str) -> str:
    place = f"{_visible(str(problem.where))}: " if problem.where else ""
    message = _visible(problem.message)
    if not tone:
        return f"{place}{kind}{message}"
    return f"{_BOLD}{place}{tone}{kind}{_OFF}{_BOLD}{message}{_OFF}"


def _excerpt(line: str, column: int) -> tuple[str, str]:
    """Return the part of the line around `column` and a line with carets below it."""
    start = max(column - 1, 0)
    first = max(0, start - WIDTH // 2) if len(line) > WIDTH else 0
    before = _visible(line[first:start])
    token = _TOKEN.match(line, start)
    marked = _visible(token[0].rstrip(":") or token[0]) if token else ""
    shown = before + _visible(line[start : first + WIDTH])
    ends = ("..." if first else "", "..." if first + WIDTH < len(line) else "")
    caret = " " * _width(ends[0] + before) + "^" + "~" * (min(_width(marked), WIDTH) - 1)
    return f"{ends[0]}{shown}{ends[1]}", caret


def _visible(text: str) -> str:
    text = text.replace("\t", " ")
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _width(text: str) -> int:
    """Return how many columns a terminal needs for `text`."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))
