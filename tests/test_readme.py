"""What the README claims: its pipeline prints what it shows, and CI runs its test command."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from tests.support.project import ROOT

if TYPE_CHECKING:
    from tests.support.project import Project


def read(*names: str) -> str:
    with open(os.path.join(ROOT, *names), encoding="utf-8") as file:
        return file.read()


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", read("README.md"), re.DOTALL)
    assert found
    return found[1]


def normalise(text: str) -> str:
    """Take out what differs from run to run: times, sizes, digests and the run's own name."""
    text = re.sub(r" +\d+(\.\d+)?(ms|s|m)\b", " TIME", text)  # columns are as wide as times are
    text = re.sub(r"\b\d+(\.\d+)? (B|kB)\b", "SIZE", text)
    text = re.sub(r"\d{8}-\d{6}-[0-9a-f]{4}", "RUN", text)
    return re.sub(r"\b[0-9a-f]{12}\b", "DIGEST", text)


def test_the_pipeline_prints_what_is_shown(project: Project) -> None:
    """The console block is the output of the YAML block, but for times and digests."""
    project.write({"hello.yml": block("yaml"), "README.md": "# Hello\n"})
    completed = project.call("run", "hello.yml")
    command, _, shown = block("console").partition("\n")
    assert command == "$ runner run hello.yml"
    assert normalise(completed.stdout) == normalise(shown)
    assert completed.code == 0


def test_ci_calls_the_readmes_test_command() -> None:
    """`.ci/run` ends in exactly the line that the README gives for the tests."""
    command = read(".ci", "run").strip().splitlines()[-1]
    assert command == "pip install '.[test]' && pytest"
    assert f"    {command}\n" in read("README.md")
