"""A file of problem matchers: which lines of output tell of a problem (actions/runner ADR 0276)."""

from __future__ import annotations

import json
from typing import Any

from runner.errors import nearest
from runner.records import NamedTuple

MAX_FILE = 256 * 1024
MAX_PATTERNS = 10  # of one matcher
MAX_EXPRESSION = 2_000  # characters
_MAX_MEMORY = 256 * 1024  # of one expression's automaton: it bounds what a line can cost

SEVERITIES = ("error", "warning", "notice")
PROPERTIES = ("file", "fromPath", "line", "column", "severity", "code", "message")
_NEEDED = (
    "problem matchers need a regular expression engine that no expression makes slow: "
    "pip install 'wasi-runner[matchers]'"
)


class LinePattern(NamedTuple):
    """`expression` is a compiled one of RE2, on bytes; `groups` has pairs of property, group."""

    expression: Any
    groups: tuple[tuple[str, int], ...]


class Matcher(NamedTuple):
    """`patterns` match lines that follow each other; with `is_loop` the last one again and again.

    `severity` is that of problems which tell none.
    """

    owner: str
    severity: str
    patterns: tuple[LinePattern, ...]
    is_loop: bool


def parse_matchers(data: bytes) -> tuple[tuple[Matcher, ...], tuple[str, ...]]:
    """Return the matchers of a file, and warnings about those that cannot be had here.

    Raises ValueError for what is no such file. Each matcher is found in time that grows with the
    line alone, whatever its expressions; those that only a backtracking engine can match
    (look-around, back references) are among the warnings.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the file is no JSON: {error}") from error
    listed = document.get("problemMatcher") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("the file has no list `problemMatcher`")  # noqa: TRY004 - not of our types
    matchers, warnings = [], []
    for item in listed:
        owner, severity, patterns = _read_head(item)
        try:
            lines = tuple(_read_pattern(owner, pattern) for pattern in patterns)
        except _UnavailableError as error:
            warnings.append(f"problem matcher `{owner}` is left out: {error}")
            continue
        _check_order(owner, patterns)
        matchers.append(Matcher(owner, severity, lines, patterns[-1].get("loop") is True))
    return tuple(matchers), tuple(dict.fromkeys(warnings))


class _UnavailableError(Exception):
    """An expression is one that we have no engine for."""


def _read_head(item: Any) -> tuple[str, str, list[dict[str, Any]]]:
    item = item if isinstance(item, dict) else {}
    owner, severity, patterns = (
        item.get("owner"),
        item.get("severity") or "error",
        item.get("pattern"),
    )
    if not isinstance(owner, str) or not owner:
        raise ValueError("a problem matcher has no `owner`")
    if not isinstance(severity, str) or severity.lower() not in SEVERITIES:
        raise ValueError(f"problem matcher `{owner}`: `severity` is one of {', '.join(SEVERITIES)}")
    if not isinstance(patterns, list) or not 0 < len(patterns) <= MAX_PATTERNS:
        raise ValueError(f"problem matcher `{owner}`: `pattern` lists 1 to {MAX_PATTERNS} patterns")
    if not all(isinstance(pattern, dict) for pattern in patterns):
        raise ValueError(f"problem matcher `{owner}`: each pattern is an object")
    return owner, severity.lower(), patterns


def _read_pattern(owner: str, pattern: dict[str, Any]) -> LinePattern:
    where = f"problem matcher `{owner}`"
    unknown = [name for name in pattern if name not in {*PROPERTIES, "regexp", "loop", "kind"}]
    if unknown:
        hint = nearest(unknown[0], [*PROPERTIES, "regexp", "loop"])
        raise ValueError(f"{where}: unknown property `{unknown[0]}`: {hint}")
    text = pattern.get("regexp")
    if not isinstance(text, str) or not 0 < len(text) <= MAX_EXPRESSION:
        raise ValueError(f"{where}: `regexp` is a text of 1 to {MAX_EXPRESSION} characters")
    expression = _compile(text)
    groups = []
    for name in PROPERTIES:
        group = pattern.get(name)
        if group is None:
            continue
        if type(group) is not int or not 0 <= group <= expression.groups:
            raise ValueError(f"{where}: `{name}` is the number of a group of `regexp`")
        groups.append((name, group))
    return LinePattern(expression, tuple(groups))


def _check_order(owner: str, patterns: list[dict[str, Any]]) -> None:
    """Refuse what could never make a problem."""
    where = f"problem matcher `{owner}`"
    if any(pattern.get("loop") for pattern in patterns[: max(len(patterns) - 1, 1)]):
        raise ValueError(f"{where}: only the last of several patterns may have `loop`")
    if "message" not in patterns[-1]:
        raise ValueError(f"{where}: the last pattern must set `message`")


def _compile(text: str) -> Any:
    """Compile by RE2: its time is linear in the line, and its memory is bounded."""
    try:
        import re2  # an optional extra; 3 ms, only where a step adds a matcher
    except ImportError as error:
        raise _UnavailableError(_NEEDED) from error
    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    try:
        return re2.compile(text.encode("utf-8", "replace"), options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
        raise _UnavailableError(f"its expression cannot be used: {reason}") from error
