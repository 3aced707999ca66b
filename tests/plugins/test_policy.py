"""The policy file: what it caps, and what is said about a bad one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from runner import permissions
from runner.errors import InvalidInput
from runner.plugins.policy import read, read_file
from runner.resources import locate

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """\
rules:
  - plugins: [acme/deploy]
    allow: {network: {allowed_domains: [api.acme.test]}}
  - plugins: ["acme/*", other/x]
    kinds: [step]
    allow: {filesystem: {read_paths: [.], write_paths: ["dist/*.js"]}}
  - plugins: ["runner/*"]
    allow: all
  - plugins: ["empty/*"]
    allow:
blocked_modules: [%s]
""" % ("ab" * 32)


def _schema(name: str) -> dict[str, Any]:
    with open(locate("schemas", f"{name}.schema.json"), encoding="utf-8") as file:
        schema: dict[str, Any] = json.load(file)
    return schema


def test_the_first_rule_that_matches_counts() -> None:
    """By id, namespace and kind; the place of the rule comes along."""
    policy = read("p.yml", POLICY.encode())
    allowed, where = policy.cap("acme/deploy", "step")
    assert allowed.network.allowed_domains == ("api.acme.test",)
    assert allowed.filesystem.read_paths == ()
    assert str(where) == "p.yml:2:5"
    assert policy.cap("other/x", "step")[0].filesystem.write_paths == ("dist/*.js",)
    assert policy.cap("runner/sh", "step") == (permissions.ALL, policy.rules[2].where)
    assert policy.cap("empty/x", "step")[0] == permissions.Permissions()
    assert policy.blocked == {"ab" * 32}


@pytest.mark.parametrize(("name", "kind"), [("acme/tool", "function"), ("else/x", "step")])
def test_what_no_rule_matches_may_do_nothing(name: str, kind: str) -> None:
    """Closed by default, and the file itself is the place."""
    assert read("p.yml", POLICY.encode()).cap(name, kind) == (
        permissions.Permissions(),
        ("p.yml", 0, 0),
    )


def test_all_problems_come_with_their_places() -> None:
    """Shapes, unknown keys and what no schema can say, at once."""
    text = """\
rules:
  - plugins: [Acme]
    alow: all
  - plugins: ["*"]
    allow: {network: {can_listen: true}, filesystem: {read_paths: [ok, ../x]}}
  - plugins: ["*"]
    allow: {system: {env_var: [A]}}
  - {plugins: ["*"], allow: {network: {allowed_ports: [x]}}}
"""
    with pytest.raises(InvalidInput) as caught:
        read("p.yml", text.encode())
    assert [str(problem.where) for problem in caught.value.problems] == [
        *("p.yml:2:5", "p.yml:2:15", "p.yml:3:5"),
        *("p.yml:5:35", "p.yml:5:72", "p.yml:7:22", "p.yml:8:56"),
    ]
    assert "did you mean `env_vars`?" in str(caught.value.problems[5])


@pytest.mark.parametrize(
    "text", ["", "[]", "rules: 3", "rules: [3, {allow: 3}, {allow: [a]}]", "a"]
)
def test_any_shape_is_an_error_not_a_crash(text: str) -> None:
    """Whatever stands in the file, the answer is a list of problems."""
    with pytest.raises(InvalidInput):
        read("p.yml", text.encode())


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """A missing policy that was named is an error: to go on without it would be wider."""
    with pytest.raises(InvalidInput, match="cannot read the policy"):
        read_file(str(tmp_path / "none.yml"))
    (tmp_path / "p.yml").write_text(POLICY)
    assert len(read_file(str(tmp_path / "p.yml"), memory=str(tmp_path / "memory")).rules) == 4


def test_permissions_are_written_the_same_everywhere() -> None:
    """The schemas of manifests and policies are standard and agree, word for word."""
    step, policy = _schema("step"), _schema("policy")
    for schema in (step, policy):
        jsonschema.Draft202012Validator.check_schema(schema)
    for name in ("size", "domain", "paths", "plugins"):
        assert step["$defs"][name] == policy["$defs"][name]
    parts = [schema["$defs"]["permissions"]["properties"] for schema in (step, policy)]
    assert parts[0] == parts[1]


def test_the_schema_knows_every_permission() -> None:
    """Groups and fields are those of the records."""
    properties = _schema("policy")["$defs"]["permissions"]["properties"]
    fields = {group: set(part["properties"]) for group, part in properties.items()}
    assert fields == {
        name: set(getattr(permissions.ALL, name)._fields) for name in permissions.PERMISSIONS
    }
