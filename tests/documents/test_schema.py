"""Schemas: ours as editors see them, and any other as this project tells it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from runner.documents import schema
from runner.documents.hints import expected, misplaced_key, nearest_key, unexpected_scalar
from runner.documents.nodes import plain
from runner.documents.parsing import parse
from runner.documents.schema import validate
from runner.errors import InvalidInput, Position, Problem

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = {
    name: json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text())
    for name in ("pipeline", "action")
}
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*/*.yml"))

# That an expression is no key of an open mapping is a rule of the language, not of the schema.
OURS_ALONE = {"job-id-expression"}


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_standard(name: str) -> None:
    """The schema is valid draft 2020-12, and describes whatever has a name of its own."""
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    assert all(
        "description" in node for node in SCHEMAS[name]["properties"].values() if "$ref" not in node
    )


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_editors_agree(path: Path) -> None:
    """A validator without our keywords accepts and refuses the same documents."""
    name = "action" if path.stem.startswith("action-") else "pipeline"
    try:
        document, _ = parse(path.name, path.read_bytes())
    except InvalidInput:
        return
    stock = jsonschema.Draft202012Validator(SCHEMAS[name])
    ours = validate(document, name)
    is_valid = not ours or path.stem in OURS_ALONE
    assert stock.is_valid(plain(document.root)) == is_valid


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return a function that validates a text against a schema given as a dict."""

    def check(content: dict[str, Any], text: str) -> list[Problem]:
        path = tmp_path / "x.schema.json"
        path.write_text(json.dumps(content))
        monkeypatch.setattr(schema, "locate", lambda *_: str(path))
        schema._validator.cache_clear()
        return validate(parse("f.yml", text.encode())[0], "x")

    yield check
    schema._validator.cache_clear()


VALUE, KEY = "schema.unexpected-value", "schema.unknown-key"
LIST, OTHER, MISSING = "schema.unexpected-sequence", "schema.invalid", "schema.missing-key"
KEYWORDS: list[tuple[dict[str, Any], str, str, tuple[int, int]]] = [
    ({"minItems": 1}, "[]", OTHER, (1, 1)),
    ({"properties": {"a": {"uniqueItems": True}}}, "a: [1, 1]", OTHER, (1, 4)),
    ({"items": {"maximum": 3}}, "- 1\n- 5\n", VALUE, (2, 3)),
    ({"properties": {"a": {"pattern": "^x"}}}, "a: y", VALUE, (1, 4)),
    ({"propertyNames": {"pattern": "^x"}}, "{x: 1, y: 2}", KEY, (1, 8)),
    ({"patternProperties": {"^x": {"type": "null"}}}, "xy: 1", VALUE, (1, 5)),
    ({"const": 1}, "true", VALUE, (1, 1)),
    ({"enum": [1, "a"]}, "1.5", VALUE, (1, 1)),
    ({"type": "integer"}, "1.5", VALUE, (1, 1)),
    ({"properties": {"a": False}}, "a: 1", VALUE, (1, 4)),
    ({"additionalProperties": {"type": "string"}}, "a: [b]", LIST, (1, 4)),
    ({"not": {"type": "object"}}, "{}", OTHER, (1, 1)),
    ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, "a: 1", MISSING, (1, 1)),
    ({"dependentRequired": {"a": ["b"]}}, "a: 1", OTHER, (1, 1)),
    ({"$ref": "#/$defs/x", "$defs": {"x": {"type": "object"}}}, "1", VALUE, (1, 1)),
]


@pytest.mark.parametrize(("content", "text", "code", "place"), KEYWORDS)
def test_any_keyword(
    check: Any, content: dict[str, Any], text: str, code: str, place: tuple[int, int]
) -> None:
    """A keyword of the library is told at its value, as one of ours is."""
    (problem,) = check(content, text)
    assert (problem.code, problem.where) == (code, Position("f.yml", *place))


def test_recursive_schemas(check: Any) -> None:
    """A schema may refer to itself."""
    tree = {"type": "object", "additionalProperties": {"$ref": "#/$defs/tree"}}
    content = {"$ref": "#/$defs/tree", "$defs": {"tree": tree}}
    assert check(content, "{a: {b: {}}}") == []
    assert [problem.where for problem in check(content, "{a: {b: 1}}")] == [Position("f.yml", 1, 9)]


def test_beside_a_reference(check: Any) -> None:
    """What stands beside a reference holds as well."""
    content = {"$ref": "#/$defs/x", "required": ["b"], "$defs": {"x": {"required": ["a"]}}}
    assert len(check(content, "{}")) == 2


def test_open_alternatives(check: Any) -> None:
    """Where shapes are open, the one with the fewest problems is told."""
    shapes = [{"type": "object", "required": ["a", "b"]}, {"type": "object", "required": ["c"]}]
    assert [p.message for p in check({"anyOf": shapes}, "{a: 1}")] == [
        "Required property is missing: b"
    ]
    assert check({"anyOf": shapes}, "{c: 1}") == []


def test_numbers_where_text_is_wanted(check: Any) -> None:
    """The hint shows the number as it was written, which the value no longer does."""
    (problem,) = check({"properties": {"v": {"type": "string"}}}, "{v: 3.10}")
    assert problem.hint == 'quote it: "3.10"'


def test_hints() -> None:
    """Hints say what would be right in the words of the language."""
    assert expected(["string", "number", "null"]) == "expected text"
    assert expected(["number", "array", "object"]) == "expected a number, a list or a mapping"
    assert unexpected_scalar("off", ["boolean"], ()).startswith("write `false`")
    assert unexpected_scalar("5", ["number"], ()) == "remove the quotes"
    assert unexpected_scalar(None, ["object"], ()) == "it must not be empty"
    assert misplaced_key("b", ["a", "b"], {"a"}, [{"a"}, {"b"}]) == "`b` does not go with `a`"
    assert nearest_key("Runs_On", ["runs-on", "run"]) == "did you mean `runs-on`?"
