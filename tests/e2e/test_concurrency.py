"""Concurrency groups of workflows, jobs and calls (LANGUAGE 3.4)."""

from __future__ import annotations

import textwrap
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.project import Project

REPLACED = "Canceling since a higher priority waiting request for"


def test_legs_of_a_group_run_one_by_one_and_the_newest_waits(project: Project) -> None:
    """§3.4: of three legs one runs, the second is replaced by the third."""
    outcome = project.run(
        textwrap.dedent("""\
            on: push
            jobs:
              m:
                strategy: {matrix: {n: [1, 2, 3]}}
                concurrency: "group-${{ github.event_name }}"
                runs-on: x
                steps: [{run: "true"}]
              other:
                concurrency: {group: GROUP-PUSH, queue: max}
                needs: m
                if: always()
                runs-on: x
                steps: [{run: "true"}]
            """),
        "-j",
        "4",
    )
    assert outcome.jobs == {
        'm {"n": 1}': "success",
        'm {"n": 2}': "cancelled",
        'm {"n": 3}': "success",
        "other": "success",
    }
    assert f"{REPLACED} 'group-push' exists" in outcome.reasons["m"] or outcome.code == 1


def test_a_job_cannot_wait_for_its_own_workflow(project: Project) -> None:
    """§3.4: a group that the workflow around holds is a deadlock, and is told as one."""
    project.write(
        {
            "ci.yml": textwrap.dedent("""\
            on: push
            concurrency: {group: deploy}
            jobs:
              dead:
                concurrency: DEPLOY
                runs-on: x
                steps: [{run: "true"}]
              call:
                uses: ./called.yml
            """),
            "called.yml": textwrap.dedent("""\
            on: {workflow_call: }
            concurrency: deploy
            jobs:
              job: {runs-on: x, steps: [{run: "true"}]}
            """),
        }
    )
    project.call("run", "ci.yml")
    outcome = project.outcome()
    assert outcome.jobs == {"dead": "failure", "call": "failure"}
    assert "a deadlock for concurrency group 'DEPLOY'" in outcome.reasons["dead"]


def test_a_called_workflow_has_a_group_of_its_own(project: Project) -> None:
    """§3.4: the second call of a workflow with a group waits for the first; a third is refused."""
    project.write(
        {
            "ci.yml": textwrap.dedent("""\
            on: push
            jobs:
              one: {uses: ./called.yml}
              two: {uses: ./called.yml}
              three: {uses: ./called.yml}
            """),
            "called.yml": textwrap.dedent("""\
            on: {workflow_call: }
            concurrency: called
            jobs:
              job: {runs-on: x, steps: [{run: "true"}]}
            """),
        }
    )
    project.call("run", "ci.yml", "-j", "1")
    outcome = project.outcome()
    results = {name: outcome.jobs[name] for name in ("one", "two", "three")}
    assert results == {"one": "success", "two": "cancelled", "three": "success"}


def test_a_newer_run_cancels_the_one_in_progress(project: Project) -> None:
    """§3.4: `cancel-in-progress` ends the running workflow, whose `always()` steps still run."""
    project.write(
        {
            "ci.yml": textwrap.dedent("""\
            on: push
            concurrency: {group: g, cancel-in-progress: true}
            jobs:
              job:
                runs-on: x
                steps:
                  - run: while [ -e wait ]; do sleep 0.01; done
                  - if: always()
                    run: echo cleaned
            """),
            "wait": "",
        }
    )
    first = project.start("run", "ci.yml", "--in-place")
    _await_line(project.folder / ".runner" / "latest" / "journal.jsonl", "step.started")
    second = project.start("run", "ci.yml")
    out, _ = first.communicate(timeout=60)
    (project.folder / "wait").unlink()
    assert (first.returncode, "cleaned" in out, f"{REPLACED} 'g' exists" in out) == (1, True, True)
    second.kill()
    second.communicate()


def _await_line(path: Path, text: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if path.exists() and text in path.read_text():
            return
        time.sleep(0.02)
    raise AssertionError(f"{path} never had {text}")
