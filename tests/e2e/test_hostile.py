"""Pipelines written to break the program: each ends soon, with a message and no traceback."""

from __future__ import annotations

import json
import os
import textwrap
from typing import TYPE_CHECKING

from runner.events.model import JobFinished

if TYPE_CHECKING:
    from tests.support.project import Completed, Project

FOLDER = ".github/workflows"
JOB = "jobs: {job: {runs-on: x, steps: [{run: exit 0}]}}\n"


def refused(project: Project, pipeline: str) -> Completed:
    project.write({"ci.yml": textwrap.dedent(pipeline)})
    done = project.call("run", "ci.yml")
    assert done.code == 2
    assert "Traceback" not in done.stderr
    return done


def test_files_that_are_none(project: Project) -> None:
    """Pipes, folders and links out of the repository are told of; nothing waits for a pipe."""
    (project.folder / FOLDER).mkdir(parents=True)
    (project.folder / "act").mkdir()
    (project.folder / FOLDER / "folder.yml").mkdir()
    os.mkfifo(project.folder / FOLDER / "pipe.yml")
    os.mkfifo(project.folder / "act" / "action.yml")
    os.symlink("/etc/passwd", project.folder / FOLDER / "link.yml")
    done = refused(
        project,
        f"""\
        on: push
        jobs:
          a: {{uses: ./{FOLDER}/pipe.yml}}
          b: {{uses: ./{FOLDER}/folder.yml}}
          c: {{uses: ./{FOLDER}/link.yml}}
          d: {{runs-on: x, steps: [{{uses: ./act}}, {{uses: ./../act}}]}}
        """,
    )
    for text in ("pipe.yml` is not a file", "Is a directory", "is a link out", "leaves the repo"):
        assert text in done.stderr
    assert "root:" not in done.stderr


def test_more_workflows_than_may_be_called(project: Project) -> None:
    """§1.5: fifty different workflows beside the first one."""
    calls = "".join(f"  j{n}: {{uses: ./{FOLDER}/w{n}.yml}}\n" for n in range(51))
    project.write({f"{FOLDER}/w{n}.yml": "on: workflow_call\n" + JOB for n in range(51)})
    done = refused(project, f"on: push\njobs:\n{calls}")
    assert "ci.yml:53:15: more than 50 different workflows are called" in done.stderr


def test_calls_that_multiply_are_limited(project: Project) -> None:
    """§3.5, §6.9: a matrix of calls of large workflows ends at a number of jobs."""
    jobs = "".join(f"  j{n}: {{if: false, runs-on: x, steps: [{{run: ls}}]}}\n" for n in range(100))
    project.write({f"{FOLDER}/large.yml": f"on: workflow_call\njobs:\n{jobs}"})
    legs = json.dumps(list(range(104)))
    outcome = project.run(
        "on: push\njobs:\n  c:\n    strategy: {max-parallel: 1, matrix: {n: "
        f"{legs}}}}}\n    uses: ./{FOLDER}/large.yml\n"
    )
    assert outcome.code == 1
    assert sum("limited to 10000 jobs" in reason for reason in outcome.reasons.values()) <= 1
    results = [event.result for event in outcome.events if isinstance(event, JobFinished)]
    assert results.count("failure") == 1


def test_actions_that_use_others_many_times(project: Project) -> None:
    """§6.9: what is planned once is looked at once: ten levels of eight uses end at once."""
    head = "name: e\nruns:\n  using: composite\n  steps:\n"
    for level in range(1, 10):
        project.write({f"e{level}/action.yml": head + f"    - uses: ./e{level + 1}\n" * 8})
    project.write({"e10/action.yml": head + "    - {run: ls, shell: sh}\n"})
    pipeline = "on: push\njobs: {j: {runs-on: x, steps: [{if: false, uses: ./e1}]}}\n"
    project.write({"ci.yml": pipeline})
    done = project.call("run", "ci.yml")
    assert (done.code, "comes to more than 20000 steps" in done.stderr) == (2, True)


def test_names_with_secrets_and_control_characters(project: Project) -> None:
    """§6.7: names are masked and made printable wherever they are shown."""
    project.write(
        {
            "act/action.yml": 'name: "a\\e[31m\\u202eb"\nruns:\n  using: composite\n  steps:\n'
            '    - {name: "x\\e[2J\\ny", run: "echo ok", shell: sh}\n'
        }
    )
    outcome = project.run(
        textwrap.dedent("""\
        name: "p\\e]0;evil\\a"
        on: push
        jobs:
          j:
            name: "job\\e[31m\\nnext"
            runs-on: x
            steps:
              - {name: "s\\e[31m ${{ secrets.S }}", uses: ./act}
              - {name: "b\\u2028\\e[0m ${{ secrets.S }}", background: true, run: exit 0}
        """),
        *("--secret", "S=very-secret"),
    )
    assert outcome.code == 0
    assert "\x1b" not in outcome.stdout
    assert "\u202e" not in outcome.stdout
    for path in outcome.folder.rglob("*"):
        if path.is_file():
            assert b"very-secret" not in path.read_bytes()
