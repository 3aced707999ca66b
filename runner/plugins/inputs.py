"""The values of `with`, checked against what the manifest declares."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any

from runner.errors import InvalidInput, Problem
from runner.plugins import patterns
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.plugins.manifest import Input


class Values(NamedTuple):
    """`texts` is what the guest gets as `INPUT_*`, `typed` what expressions see as `inputs`.

    `secrets` are the values that stand behind handles in both.
    """

    texts: dict[str, str]
    typed: dict[str, Any]
    warnings: tuple[Problem, ...]
    secrets: dict[str, str] = {}


def check(declared: Mapping[str, Input], given: Mapping[str, str]) -> Values:
    """Fill in defaults and check each value; names match without regard to case.

    An empty text counts as not given. What has no value is `''` for the guest and null in
    expressions. Unknown names are passed on as text, with a warning (LANGUAGE 6.9). Raises
    `InvalidInput` with every wrong value.
    """
    folded = {name.lower(): name for name in declared}
    known = {folded[name.lower()]: text for name, text in given.items() if name.lower() in folded}
    unknown = {name: text for name, text in given.items() if name.lower() not in folded}
    texts: dict[str, str] = {}
    typed: dict[str, Any] = {}
    problems = [
        Problem("input-invalid", f"input {name!r} cannot be an environment variable")
        for name, text in unknown.items()
        if "\0" in name + text or "=" in name
    ]
    for name, one in declared.items():
        texts[name] = text = known.get(name) or one.default or ""
        typed[name], fault = convert(one, text) if text else (None, "")
        if fault:
            problems.append(Problem("input-invalid", f"input `{name}`: {fault}"))
        elif not text and one.required:
            message = f"input `{name}` is required"
            problems.append(Problem("input-missing", message, hint=one.description))
    if problems:
        raise InvalidInput(problems)
    return Values({**texts, **unknown}, typed, _warnings(declared, known, unknown))


def hide_secrets(declared: Mapping[str, Input], values: Values) -> Values:
    """Put a handle in the place of each secret, which the host knows how to use."""
    names = [name for name, one in declared.items() if one.secret and values.texts[name]]
    if not names:
        return values
    handles = {name: f"{{{{secret:{name}}}}}" for name in names}
    secrets = {name: values.texts[name] for name in names}
    return Values(values.texts | handles, values.typed | handles, values.warnings, secrets)


def convert(declared: Input, text: str) -> tuple[Any, str]:
    """Return the typed value and, if `text` is not one, why."""
    value, fault = TYPES[declared.type](text)
    if not fault and declared.options and text not in declared.options:
        fault = f"`{text}` is not one of: {', '.join(declared.options)}"
    if not fault and declared.pattern and not patterns.matches(declared.pattern, text):
        fault = f"`{text}` does not match `{declared.pattern}`"
    return value, fault


def _warnings(
    declared: Mapping[str, Input], known: Mapping[str, str], unknown: Mapping[str, str]
) -> tuple[Problem, ...]:
    found = [
        Problem("input-deprecated", f"input `{name}` is deprecated: {text}", severity="warning")
        for name in known
        if (text := declared[name].deprecation)
    ]
    if unknown:
        names = ", ".join(f"'{name}'" for name in unknown)
        message = f"Unexpected input(s) {names}, valid inputs are {list(declared)}"
        found.append(Problem("input-unknown", message, severity="warning"))
    return tuple(found)


def _boolean(text: str) -> tuple[bool, str]:
    lower = text.lower()
    return lower == "true", "" if lower in ("true", "false") else f"`{text}` is not true or false"


def _number(text: str) -> tuple[float, str]:
    if not re.fullmatch(
        r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?", text
    ):
        return 0.0, f"`{text}` is not a number"
    value = float(text)
    return (int(value) if value.is_integer() else value), ""


def _path(text: str) -> tuple[str, str]:
    if text.startswith("/") or ".." in text.split("/") or "\0" in text or "\\" in text:
        return text, f"`{text}` is not a path within the workspace"
    return posixpath.normpath(text), ""


def _json(text: str) -> tuple[Any, str]:
    try:
        return json.loads(text), ""
    except (ValueError, RecursionError) as error:
        return None, f"is not JSON: {error}"


def _text(text: str) -> tuple[str, str]:
    return text, "holds a NUL character" if "\0" in text else ""


TYPES: dict[str, Callable[[str], tuple[Any, str]]] = {
    "string": _text,
    "boolean": _boolean,
    "number": _number,
    "choice": _text,
    "path": _path,
    "json": _json,
}
