"""The JSON Schema keywords that decide about shapes, told the way GitHub tells them (spec §2).

Mappings are read key by key in document order; where several shapes are possible each key
removes those that lack it ("alternative narrowing"). An error of these keywords carries its
problem code in `validator` and its hint in `validator_value`, which the library leaves alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from runner.documents.hints import EMPTY, expected, misplaced_key, unexpected_scalar
from runner.documents.scalars import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jsonschema.exceptions import ValidationError

    Errors = Iterator[ValidationError]
    Schema = dict[str, Any]

# Expressions make text out of any scalar and keys out of any text: what they yield is checked
# when it is known.
EXPRESSION = "${{"
NOT_ALLOWED = "A template expression is not allowed in this context"

_SCALARS = {
    str: ("string",),
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    type(None): ("null",),
    dict: ("object",),
    list: ("array",),
}
_SHAPE_KEYWORDS = frozenset({"type", "properties", "additionalProperties", "patternProperties"})


def check(validator: Any, instance: Any, schema: Any, key: str | int | None = None) -> Errors:
    """Yield what `schema` says against `instance`, which stands under `key`.

    The library's own descent makes two objects for each value it visits, which is half of its
    time; references were resolved beforehand, so nothing of that is needed.
    """
    keywords = validator.VALIDATORS
    for name, value in _keywords(schema):
        if name in keywords:
            for error in keywords[name](validator, value, instance, schema) or ():
                if key is not None:
                    error.path.appendleft(key)
                yield error


def _keywords(schema: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(schema, dict):
        return schema.items()
    return () if schema else [("enum", [])]


def _type(_: Any, types: str | list[str], instance: Any, schema: Schema) -> Errors:
    if not _has_type(instance, types):
        yield _unexpected(instance, types, schema)


def _enum(_: Any, allowed: list[Any], instance: Any, __: Schema) -> Errors:
    is_bool = isinstance(instance, bool)  # which Python takes for 0 and 1
    if not any(instance == value and isinstance(value, bool) == is_bool for value in allowed):
        yield _unexpected(instance, (), {"enum": allowed})


def _const(validator: Any, value: Any, instance: Any, schema: Schema) -> Errors:
    return _enum(validator, [value], instance, schema)


def _required(_: Any, names: list[str], instance: Any, __: Schema) -> Errors:
    if isinstance(instance, dict) and not any(EXPRESSION in key for key in instance):
        for name in names:
            if name not in instance:
                yield _error("schema.missing-key", f"Required property is missing: {name}")


def _properties(validator: Any, known: Schema, instance: Any, _: Schema) -> Errors:
    if isinstance(instance, dict):
        for key, value in instance.items():
            if key in known:
                yield from check(validator, value, known[key], key)


def _additional(validator: Any, rest: Any, instance: Any, schema: Schema) -> Errors:
    if not isinstance(instance, dict):
        return
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for key, value in instance.items():
        if key in known or (patterns and _matches(key, patterns)):
            continue
        if rest is False or (EXPRESSION in key and patterns == {}):
            yield _unknown_key(key, instance, [schema])
        else:
            yield from check(validator, value, rest, key)


def _pattern_properties(validator: Any, patterns: Schema, instance: Any, _: Schema) -> Errors:
    if isinstance(instance, dict):
        for key, value in instance.items():
            for pattern in _matches(key, patterns):
                yield from check(validator, value, patterns[pattern], key)


def _property_names(validator: Any, schema: Any, instance: Any, _: Schema) -> Errors:
    if isinstance(instance, dict):
        for key in instance:
            for error in check(validator, key, schema, key):
                error.validator = "schema.unknown-key"
                if not key:
                    error.message, error.validator_value = "Unexpected value ''", EMPTY
                yield error


def _items(validator: Any, schema: Any, instance: Any, _: Schema) -> Errors:
    if isinstance(instance, list):
        for index, item in enumerate(instance):
            yield from check(validator, item, schema, index)


def _alternatives(validator: Any, schemas: list[Schema], instance: Any, _: Schema) -> Errors:
    known = _flat(schemas)
    fitting = [schema for schema in known if _has_type(instance, _types(schema))]
    if not fitting or (isinstance(instance, str) and not _holds(validator, fitting, instance)):
        yield _unexpected(instance, *_wanted(known))
    elif isinstance(instance, str):
        return
    elif len(fitting) == 1:
        yield from check(validator, instance, fitting[0])
    elif isinstance(instance, dict) and all(_is_closed(schema) for schema in fitting):
        yield from _narrow(validator, fitting, instance)
    else:
        yield from _closest(validator, fitting, instance)


def _wanted(schemas: list[Schema]) -> tuple[list[str], Schema]:
    """Return what a scalar could have been; that a text may hold an expression is not said."""
    plain = [schema for schema in schemas if "pattern" not in schema]
    types = [name for schema in plain for name in _listed(_types(schema))]
    return types, {"enum": [value for schema in plain for value in _allowed(schema)]}


def _holds(validator: Any, schemas: list[Schema], instance: Any) -> bool:
    return any(not any(check(validator, instance, schema)) for schema in schemas)


def _narrow(validator: Any, shapes: list[Schema], instance: dict[str, Any]) -> Errors:
    remaining = shapes
    for key, value in instance.items():
        having = [shape for shape in remaining if key in shape["properties"]]
        if having:
            remaining = having
            yield from check(validator, value, having[0]["properties"][key], key)
        else:
            yield _unknown_key(key, instance, remaining, removed=shapes)
    if len(remaining) > 1:
        counts: dict[str, int] = {}
        for shape in remaining:
            for key in shape["properties"]:
                counts[key] = counts.get(key, 0) + 1
        telling = ", ".join(sorted(key for key, count in counts.items() if count == 1))
        message = "There's not enough info to determine what you meant. Add one of these properties"
        yield _error("schema.ambiguous", f"{message}: {telling}")
        return
    rest = {name: value for name, value in remaining[0].items() if name not in _SHAPE_KEYWORDS}
    yield from check(validator, instance, rest)


def _closest(validator: Any, schemas: list[Schema], instance: Any) -> Errors:
    """Yield nothing if an alternative holds, else the errors of the one with the fewest."""
    found = []
    for schema in schemas:
        errors = list(check(validator, instance, schema))
        if not errors:
            return
        found.append(errors)
    yield from min(found, key=len)


def _unknown_key(
    key: str, instance: Iterable[str], shapes: list[Schema], removed: Sequence[Schema] = ()
) -> ValidationError:
    if EXPRESSION in key:
        return _error("expression.key-not-allowed", NOT_ALLOWED, at_key=key)
    known = {name for shape in shapes for name in shape.get("properties", ())}
    others = [set(shape["properties"]) for shape in removed]
    hint = misplaced_key(key, list(instance), known, others)
    return _error("schema.unknown-key", f"Unexpected value '{key}'", hint, at_key=key)


def _unexpected(instance: Any, types: str | Iterable[str], schema: Schema) -> ValidationError:
    wanted = expected(_listed(types))
    if isinstance(instance, dict):
        return _error("schema.unexpected-mapping", "A mapping was not expected", wanted)
    if isinstance(instance, list):
        return _error("schema.unexpected-sequence", "A sequence was not expected", wanted)
    if isinstance(instance, str) and EXPRESSION in instance:
        return _error("expression.not-allowed", NOT_ALLOWED)
    hint = unexpected_scalar(instance, _listed(types), schema.get("enum", ()))
    return _error("schema.unexpected-value", f"Unexpected value '{to_text(instance)}'", hint)


def _error(
    code: str, message: str, hint: str = "", *, at_key: str | None = None
) -> ValidationError:
    from jsonschema.exceptions import ValidationError  # imported by the caller's validator

    path = () if at_key is None else (at_key,)
    return ValidationError(message, validator=code, validator_value=hint, path=path)


def _matches(key: str, patterns: Schema) -> list[str]:
    return [pattern for pattern in patterns if re.search(pattern, key)]


def _flat(schemas: list[Schema]) -> list[Schema]:
    flat: list[Schema] = []
    for schema in schemas:
        nested = schema.get("anyOf") or schema.get("oneOf")
        flat += _flat(nested) if nested and "type" not in schema else [schema]
    return flat


def _types(schema: Schema) -> Any:
    if "type" in schema:
        return schema["type"]
    return [_SCALARS[type(value)][0] for value in _allowed(schema)] or [*_SCALARS_NAMES]


def _allowed(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def _has_type(instance: Any, types: str | Iterable[str]) -> bool:
    names = _SCALARS[type(instance)]
    if any(name in types for name in names) if not isinstance(types, str) else types in names:
        return True
    return isinstance(instance, float) and instance.is_integer() and "integer" in _listed(types)


def _listed(types: str | Iterable[str]) -> list[str]:
    return [types] if isinstance(types, str) else list(types)


def _is_closed(schema: Schema) -> bool:
    return "properties" in schema and schema.get("additionalProperties") is False


_SCALARS_NAMES = ("string", "boolean", "number", "null", "object", "array")

KEYWORDS = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "patternProperties": _pattern_properties,
    "propertyNames": _property_names,
    "items": _items,
    "oneOf": _alternatives,
    "anyOf": _alternatives,
}
