"""Workflows in the manner of well-known projects, run as people run them.

A folder of `projects/` each; `expected.txt` holds commands and what must come of them: `exit`
codes, results of jobs by the name that is shown, parts of lines that steps print, artifacts,
reasons of jobs.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runner.events.model import JobFinished

if TYPE_CHECKING:
    from tests.support.project import Outcome, Project

PROJECTS = Path(__file__).parent / "projects"
GIT = ("git", "-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "gc.auto=0")


@pytest.mark.parametrize("name", sorted(os.listdir(PROJECTS)))
def test_a_project_runs_as_expected(project: Project, name: str) -> None:
    """Every command of `expected.txt` ends as is written below it."""
    shutil.copytree(PROJECTS / name, project.folder, dirs_exist_ok=True)
    text = (project.folder / "expected.txt").read_text()
    (project.folder / "expected.txt").unlink()
    for arguments in (("init", "-qb", "main"), ("add", "-A"), ("commit", "-qm", name)):
        subprocess.run([*GIT, *arguments], cwd=project.folder, check=True)
    for command, *expected in (part.splitlines() for part in text.split("\n\n")):
        done = project.call(*shlex.split(command.removeprefix("$ ")))
        found = describe(project.outcome()) + f"exit {done.code}\n"
        missing = [line for line in expected if not _is_found(line, found)]
        assert missing == [], f"{found}\n{done.stdout}\n{done.stderr}"


def describe(outcome: Outcome) -> str:
    """Return what `expected.txt` may speak of, a line each."""
    lines = [f"line {line}" for line in outcome.lines]
    for event in outcome.events:
        if isinstance(event, JobFinished):
            lines += [f"job {event.name}: {event.result}", f"reason {event.name}: {event.reason}"]
    artifacts = outcome.folder / "artifacts"
    lines += [f"artifact {path.relative_to(artifacts)}" for path in artifacts.rglob("*")]
    return "".join(f"{line}\n" for line in lines)


def _is_found(line: str, found: str) -> bool:
    if line.startswith("line "):
        return re.search(rf"^line .*{re.escape(line[5:])}", found, re.MULTILINE) is not None
    return f"{line}\n" in found
