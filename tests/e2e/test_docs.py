"""docs/PIPELINES.md tells the truth."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from runner.documents.reader import load
from runner.execution.builtins import BUILTINS
from runner.plan.formats import FORMATS
from runner.workflow.action import SCHEMA, check_action, read_action
from tests.support.project import ROOT

if TYPE_CHECKING:
    from tests.support.project import Project


def read_blocks() -> list[str]:
    with open(os.path.join(ROOT, "docs", "PIPELINES.md"), encoding="utf-8") as file:
        return re.findall(r"^```yaml\n(.*?)^```", file.read(), re.DOTALL | re.MULTILINE)


def test_the_pipeline_runs(project: Project) -> None:
    """The example of steps beside each other ends well and prints what it promises."""
    (pipeline,) = (block for block in read_blocks() if block.startswith("on:"))
    outcome = project.run(pipeline)
    assert outcome.code == 0
    assert sorted(outcome.lines) == ["integration", "it was on 8080", "unit"]


def test_the_action_is_valid() -> None:
    """The example of an action of our own kind is read as one."""
    (text,) = (block for block in read_blocks() if block.startswith("# action.yml"))
    action = read_action(load("action.yml", text.encode(), SCHEMA, rules=check_action))
    assert (action.using, action.permissions is not None) == ("wasm", True)


def test_lists_are_complete() -> None:
    """Every host action and every form of a plan is named."""
    with open(os.path.join(ROOT, "docs", "PIPELINES.md"), encoding="utf-8") as file:
        text = file.read()
    assert [name for name in BUILTINS if f"`{name}`" not in text] == []
    assert f"({', '.join(FORMATS)})" in text
