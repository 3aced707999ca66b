"""Permissions as YAML: one line, that a person can put into a pipeline as it is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from runner.permissions.model import to_data

if TYPE_CHECKING:
    from runner.permissions.model import Permissions

# What needs no quotes: it starts with a letter, so it is no number, and is no word of YAML's.
_PLAIN = r"[A-Za-z][A-Za-z0-9_./-]*"
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def canonical_text(permissions: Permissions) -> str:
    """Return `permissions` as a mapping in YAML; equal records give equal texts, and only they."""
    return _write(to_data(permissions))


def grant_text(data: dict[str, Any]) -> str:
    """Return the `grant:` that allows `data` (see `missing`), '' for nothing."""
    return f"grant: {_write(data)}" if data else ""


def _write(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_write(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_write, value)) + "]"
    if isinstance(value, str) and (
        value == "." or (re.fullmatch(_PLAIN, value) and value.lower() not in _WORDS)
    ):
        return value
    if isinstance(value, str) and any(ord(letter) > 0xFFFF for letter in value):
        return json.dumps(value, ensure_ascii=False)  # YAML knows no pairs of surrogates
    return json.dumps(value)
