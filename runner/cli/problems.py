"""Problems as text for a person, or as JSON for a program."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, TextIO

from runner.documents.excerpt import render
from runner.reports.style import choose_style

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runner.errors import Problem

MAX_SOURCE = 4 * 1024 * 1024


def print_problems(problems: Iterable[Problem], *, stream: TextIO) -> None:
    """Print each problem with its source line and a caret, as far as its file can be read."""
    is_coloured = choose_style(stream, os.environ).is_coloured
    texts: dict[str, str] = {}
    for problem in problems:
        text = ""
        if problem.where:
            file = problem.where.file
            text = texts[file] if file in texts else texts.setdefault(file, _read(file))
        print(render(problem, text, color=is_coloured), file=stream)


def to_json(problems: Iterable[Problem]) -> str:
    """Return `{"valid": bool, "problems": [...]}`; a problem without a place has null there."""
    found = list(problems)
    document = {
        "valid": all(problem.severity != "error" for problem in found),
        "problems": [_record(problem) for problem in found],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _record(problem: Problem) -> dict[str, Any]:
    where = problem.where
    return {
        "code": problem.code,
        "message": problem.message,
        "file": where.file if where else None,
        "line": where.line if where and where.line else None,
        "column": where.column if where and where.column else None,
        "hint": problem.hint or None,
        "severity": problem.severity,
    }


def _read(file: str) -> str:
    try:
        with open(file, encoding="utf-8-sig", errors="replace", newline="") as source:
            return source.read(MAX_SOURCE)
    except OSError:
        return ""
