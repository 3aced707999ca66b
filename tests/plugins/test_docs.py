"""docs/PLUGINS.md tells the truth."""

from __future__ import annotations

import json
import os
import re

import pytest

from runner.plugins.features import FEATURES
from runner.plugins.host.host import OPERATIONS
from runner.plugins.manifest import build
from runner.plugins.policy import read as read_policy
from runner.plugins.reader import read
from runner.plugins.templates import FUNCTIONS
from runner.plugins.validators import VALIDATORS
from runner.resources import locate

PATH = os.path.join(os.path.dirname(locate("steps")), "docs", "PLUGINS.md")
BASE = "id: a/b\nversion: 1.0.0\ninputs: {file: , mode: , outdir: , outfile: }\n"
MAIN = "entry_points:\n  main:\n    module: x.wasm\n"


def _blocks(language: str) -> list[str]:
    with open(PATH, encoding="utf-8") as file:
        return re.findall(rf"^```{language}\n(.*?)^```", file.read(), re.DOTALL | re.MULTILINE)


def _complete(block: str) -> str:
    """Make a manifest of a part of one."""
    if block.startswith("id:"):
        return block
    if block.startswith("    module:"):
        return f"{BASE}entry_points:\n  main:\n{block}"
    base = BASE.replace("inputs:", "metadata:") if block.startswith("inputs:") else BASE
    return base + ("" if block.startswith("entry_points:") else MAIN) + block


MANIFESTS = [block for block in _blocks("yaml") if not block.startswith(("steps:", "rules:"))]


@pytest.mark.parametrize("block", MANIFESTS)
def test_manifests_in_the_documentation_are_valid(block: str) -> None:
    """Each YAML block that is a manifest, or a part of one, is accepted."""
    assert read("docs", _complete(block).encode()).entry_points["main"]


def test_the_policy_in_the_documentation_is_valid() -> None:
    """And allows what it says."""
    (block,) = [block for block in _blocks("yaml") if block.startswith("rules:")]
    policy = read_policy("docs", block.encode())
    allowed, _ = policy.cap("acme/deploy", "step")
    assert allowed.network.allowed_domains == ("api.example.com",)


def test_every_validator_operation_and_feature_is_documented() -> None:
    """By name, each in its table or list."""
    with open(PATH, encoding="utf-8") as file:
        text = file.read()
    for name in (*VALIDATORS, *OPERATIONS, *FEATURES):
        assert f"`{name}`" in text, name


def test_every_function_and_field_is_documented() -> None:
    """What a manifest may say stands in the documentation by name."""
    with open(PATH, encoding="utf-8") as file:
        text = file.read()
    data = {"id": "a/b", "version": "1.0.0", "entry_points": {"main": {"module": "x"}}}
    manifest = build(data)
    names = [f"{name}(" for name in FUNCTIONS]
    for group in manifest.permissions:
        names += group._fields
    for name in names:
        assert f"`{name}" in text, name


def test_the_result_value_is_json() -> None:
    """The example of test cases can be parsed."""
    (block,) = _blocks("json")
    assert json.loads(block)["tests"][0]["result"] == "failed"
