"""What would be right, said beside what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# Completed by the source text, which the schema does not see (runner.documents.schema).
QUOTE = "quote it"
EMPTY = "it must not be empty"
MERGE_KEY = "merge keys are not supported: use an alias for the whole map, or repeat the entries"
_FEW = 100

_WORDS = {
    "string": "text",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "number": "a number",
    "object": "a mapping",
    "array": "a list",
}
_AS_TEXT = {"boolean", "integer", "number", "null"}
_OTHER_BOOLEANS = {
    **dict.fromkeys(("yes", "on", "y"), "true"),
    **dict.fromkeys(("no", "off", "n"), "false"),
}


def expected(types: Sequence[str]) -> str:
    """Return `expected a list or a mapping` for the names of JSON Schema types."""
    # Any scalar can be a text, so that only lists and mappings are worth naming beside it.
    covered = _AS_TEXT if "string" in types else {"null"}
    words = list(dict.fromkeys(_WORDS[name] for name in types if name not in covered))
    if not words and types:
        return "nothing may stand here"
    if not words:
        return ""
    *others, last = words
    return f"expected {', '.join(others)} or {last}" if others else f"expected {last}"


def unexpected_scalar(value: Any, types: Sequence[str], allowed: Sequence[Any]) -> str:
    """Return a hint for a scalar that is none of `types` or not one of the `allowed` values."""
    texts = [item for item in allowed if isinstance(item, str)]
    if texts and isinstance(value, str) and value:
        return nearest_key(value, texts) + (", or a mapping" if "object" in types else "")
    if isinstance(value, str):
        folded = value.strip().lower()
        if "boolean" in types and folded in _OTHER_BOOLEANS:
            return f"write `{_OTHER_BOOLEANS[folded]}`: YAML 1.2 takes `{value}` for text"
        if ("boolean" in types and folded in {"true", "false"}) or (
            {"number", "integer"} & set(types) and _is_number(folded)
        ):
            return "remove the quotes"
    if isinstance(value, int | float) and not isinstance(value, bool) and "string" in types:
        return QUOTE
    if value in {None, ""}:
        return EMPTY
    return expected(types)


def misplaced_key(
    key: str, present: Sequence[str], known: Collection[str], others: Sequence[Collection[str]]
) -> str:
    """Return a hint for a key that a mapping does not take.

    `present` are the keys of the mapping, `known` those it may have, and `others` the keys of
    every shape it might have had before its keys ruled them out.
    """
    if key == "<<":
        return MERGE_KEY
    for shape in others:
        if key in shape:
            rival = next((name for name in present if name not in shape and name != key), None)
            if rival:
                return f"`{key}` does not go with `{rival}`"
    return nearest_key(key, known)


def nearest_key(key: str, known: Collection[str]) -> str:
    """Return what `runner.errors.nearest` does, with an eye for case and for `_` beside `-`."""
    folded = {name.lower().replace("_", "-"): name for name in known}
    same = folded.get(key.lower().replace("_", "-"))
    if same and same != key:
        return f"did you mean `{same}`?"
    return nearest(key, known)


def nearest_of_few(name: str, known: Collection[str]) -> str:
    """Return what `runner.errors.nearest` does, or nothing if `known` are too many to compare."""
    return nearest(name, known) if len(known) <= _FEW else ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
