"""Findings as SARIF 2.1.0, which code scanning reads."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from runner.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.errors import Position, Problem

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_RESULTS = 25_000  # what code scanning takes of one run
_CATEGORY = "runner-plugin/"


def to_sarif(problems: Sequence[Problem], *, root: str) -> dict[str, Any]:
    """Return the log of one run; paths are relative to `root`, the repository."""
    shown = problems[:MAX_RESULTS]
    rules = sorted({problem.code for problem in shown})
    lines: dict[str, list[str]] = {}
    seen: dict[str, int] = {}
    results = []
    for problem in shown:
        fingerprint = _fingerprint(problem, lines)
        seen[fingerprint] = seen.get(fingerprint, 0) + 1
        results.append(_result(problem, rules, f"{fingerprint}:{seen[fingerprint]}", root))
    driver = {
        "name": "runner",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [{"id": code, "name": _name(code)} for code in rules],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": _CATEGORY},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(problem: Problem, rules: list[str], fingerprint: str, root: str) -> dict[str, Any]:
    text = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": rules.index(problem.code),
        "level": "error" if problem.severity == "error" else "warning",
        "message": {"text": text},
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    if problem.where:
        result["locations"] = [{"physicalLocation": _locate(problem.where, root)}]
    return result


def _locate(where: Position, root: str) -> dict[str, Any]:
    path = os.path.relpath(os.path.abspath(where.file), root)
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(path.replace(os.sep, "/"))}}
    if where.line:
        place["region"] = {"startLine": where.line, "startColumn": max(where.column, 1)}
    return place


def _fingerprint(problem: Problem, lines: dict[str, list[str]]) -> str:
    """Return what stays the same when lines above are added: a hash of code and line."""
    text = problem.message
    if problem.where and problem.where.line:
        file = problem.where.file
        if file not in lines:
            try:
                with open(file, encoding="utf-8", errors="replace") as source:
                    lines[file] = source.read().splitlines()
            except OSError:
                lines[file] = []
        number = problem.where.line - 1
        text = lines[file][number].strip() if number < len(lines[file]) else text
    return hashlib.sha256(f"{problem.code}\n{text}".encode()).hexdigest()[:16]


def _name(code: str) -> str:
    return "".join(part.capitalize() for part in code.replace(".", "-").split("-"))
