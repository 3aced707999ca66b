"""How a script is started, and where (LANGUAGE 6.8)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.project import Project


def test_each_form_has_its_options(project: Project) -> None:
    """6.8: none is `bash -e` without pipefail, `bash` has it, `sh` is `sh -e`, `{0}` is free."""
    script = 'echo "[$BASH] $- ${0##*/}"; false | true; echo "piped"; false; echo "went on"'
    shells = ["", "shell: bash", "shell: sh", "shell: bash {0}", "shell: /usr/bin/bash -e {0}"]
    steps = "".join(f"- run: '{script}'\n  if: always()\n  {shell}\n" for shell in shells)
    outcome = project.run_steps(steps)
    assert outcome.conclusions == ["failure", "failure", "failure", "success", "failure"]
    plain, strict, posix, free, path = _split(outcome.lines)
    assert plain[1:] == ["piped"]
    assert strict[1:] == []
    assert posix[1:] == ["piped"]
    assert free[1:] == ["piped", "went on"]
    assert path[1:] == ["piped"]
    assert "bash] " in plain[0]
    assert "[]" in posix[0]
    assert [part[0].rpartition(" ")[2] for part in (plain, strict, posix, free)] == [
        *["script.sh"] * 3,
        "script",
    ]


def _split(lines: list[str]) -> list[list[str]]:
    parts: list[list[str]] = []
    for line in lines:
        if line.startswith("["):
            parts.append([])
        parts[-1].append(line)
    return parts


def test_6_8_stdin_is_closed(project: Project) -> None:
    """§6.8: who reads finds the end at once."""
    outcome = project.run_steps('- run: cat; read line || echo "nothing to read"\n')
    assert outcome.lines == ["nothing to read"]


def test_an_unknown_command_says_so(project: Project) -> None:
    """6.8: exit code 127, and a line that names the command."""
    outcome = project.run_steps("- run: frobnicate --all\n")
    assert outcome.steps[0].exit_code == 127
    assert outcome.steps[0].message == "Process completed with exit code 127."
    assert any("frobnicate" in line for line in outcome.lines)


def test_shells_that_are_none_are_refused_before_anything_runs(project: Project) -> None:
    """6.8: each at its place, all at once; exit code 2."""
    project.write(
        {
            "ci.yml": textwrap.dedent("""\
            on: push
            jobs:
              job:
                runs-on: x
                steps:
                  - run: echo no
                  - run: echo no
                    shell: pwsh
                  - run: echo no
                    shell: bash -e
                  - run: echo no
                    shell: perl {0}
            """)
        }
    )
    done = project.call("run", "ci.yml")
    assert done.code == 2
    assert "ci.yml:8:16" in done.stderr
    assert "PowerShell" in done.stderr
    assert "Invalid shell option. Shell must be a valid built-in" in done.stderr
    assert "ci.yml:12:16" in done.stderr
    assert "steps/perl" in done.stderr
    assert not (project.folder / ".runner").exists()
    checked = project.call("validate", "ci.yml")
    assert checked.code == 2
    assert "ci.yml:10:16: Invalid shell option" in checked.stdout
    assert "3 problems in 1 pipeline" in checked.stdout


def test_a_working_directory_is_within_the_workspace(project: Project) -> None:
    """6.8: relative to the workspace, an expression too; it must exist, without any link."""
    project.write({"sub/deep/x": "", "file": ""})
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: pwd; ln -s .. link
          working-directory: ${{ 'sub' }}/deep
        - run: pwd
          working-directory: /workspace/sub
        - {run: echo no, if: always(), working-directory: missing}
        - {run: echo no, if: always(), working-directory: file}
        - {run: echo no, if: always(), working-directory: ../..}
        - {run: echo no, if: always(), working-directory: /etc}
        - {run: echo no, if: always(), working-directory: "a\\0b"}
        - {run: echo no, if: always(), working-directory: sub/deep/link}
        """)
    )
    assert outcome.lines == ["/workspace/sub/deep", "/workspace/sub"]
    assert outcome.conclusions == ["success"] * 2 + ["failure"] * 6
    messages = [step.message for step in outcome.steps[2:]]
    assert "`missing` cannot be entered: there is no such folder" in messages[0]
    assert "`file` cannot be entered: it is not a folder" in messages[1]
    assert "leads out of the workspace" in messages[2]
    assert "ci.yml:10:" in messages[0]
    assert all(step.errored for step in outcome.steps[2:])
