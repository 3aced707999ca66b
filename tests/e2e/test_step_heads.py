"""What a step's log tells before its output, and in debug mode (LANGUAGE 6.6, 6.8)."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

from runner.events.model import Annotation, StepHead

if TYPE_CHECKING:
    from tests.support.project import Outcome, Project


def heads(outcome: Outcome) -> list[tuple[str, ...]]:
    return [event.lines for event in outcome.events if isinstance(event, StepHead)]


def test_6_8_a_log_begins_with_what_runs(project: Project) -> None:
    """§6.8: `Run` and the first line, the script after substitution, its shell, the variables."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        env: {A: workflow}
        jobs:
          job:
            runs-on: x
            env: {B: job}
            steps:
              - run: echo C=file >> $GITHUB_ENV
              - name: named
                run: |

                  echo ${{ 'evaluated' }}
                  echo 2
                shell: bash
                env: {B: step, D: "one\\ntwo"}
        """)
    )
    assert heads(outcome)[1] == (
        "Run echo evaluated",
        *("", "echo evaluated", "echo 2"),
        "shell: bash --noprofile --norc -e -o pipefail {0}",
        *("env:", "  A: workflow", "  B: step", "  C: file", "  D: one", "    two"),
    )
    log = (outcome.folder / "logs" / "job.log").read_text()
    assert "==> 02 named (steps/sh)\n▸ Run echo evaluated\n\n  echo evaluated\n" in log
    assert log.index("  D: one\n      two\nevaluated\n2\n<== success")
    assert "pipefail" not in outcome.stdout
    assert outcome.lines == ["evaluated", "2"]


def test_6_8_a_head_is_masked_and_of_bounded_length(project: Project) -> None:
    """§6.7, 6.8: masks hold there too, also those that the script is about to make itself."""
    project.write({"mask": "early-secret"})
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: echo "::add-mask::$(cat mask)"
        - run: |
            echo early-secret
            echo "::add-mask::literal-mask"
            echo literal-mask
          env: {E: an early-secret}
        - run: head -c 100000 /dev/zero | tr '\\0' x | sed 's/^/LONG=/' >> $GITHUB_ENV
        - run: echo ${#LONG}
        """)
    )
    assert heads(outcome)[1][1:4] == ("echo ***", 'echo "::add-mask::***"', "echo ***")
    assert heads(outcome)[1][-1] == "  E: an ***"
    assert max(map(len, heads(outcome)[3])) < 1100
    assert outcome.lines == ["***", "***", "100000"]


def test_6_6_a_variable_turns_debug_mode_on(project: Project) -> None:
    """§6.6: ACTIONS_STEP_DEBUG, a variable or a secret of the value `true`, does too."""
    steps = "- run: echo '::debug::seen ${{ runner.debug }}'\n"
    assert project.run_steps(steps).lines == []
    for option in ("--var", "--secret"):
        outcome = project.run_steps(steps, option, "ACTIONS_STEP_DEBUG=true")
        assert [line.replace("***", "true") for line in outcome.lines] == ["debug: seen 1"]


def test_6_6_problem_matchers_make_annotations(project: Project) -> None:
    """§6.6: added in one step they hold for the next ones, until they are removed."""
    pattern = {"regexp": r"^(\S+):(\d+): (.*)$", "file": 1, "line": 2, "message": 3}
    matcher = {"owner": "lint", "severity": "warning", "pattern": [pattern]}
    project.write({".github/lint.json": json.dumps({"problemMatcher": [matcher]})})
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |
            echo "a.py:1: before"
            echo "::add-matcher::.github/lint.json"
            echo "a.py:2: after"
        - run: |
            for i in $(seq 12); do echo "b.py:$i: later"; done
            echo "::remove-matcher owner=lint::"
            echo "c.py:1: removed"
        - run: echo "::add-matcher::missing.json"
        """)
    )
    notes = [event for event in outcome.events if isinstance(event, Annotation)]
    assert [(note.file, note.line, note.message, note.level) for note in notes] == [
        ("a.py", 2, "after", "warning"),
        *[("b.py", number, "later", "warning") for number in range(1, 11)],
    ]
    assert {note.matcher for note in notes} == {"lint"}
    assert outcome.lines == [
        *("a.py:1: before", "a.py:2: after"),
        *(f"b.py:{number}: later" for number in range(1, 13)),
        "c.py:1: removed",
    ]
    assert outcome.stdout.count("after") == 1
    assert outcome.conclusions == ["success", "success", "failure"]
    assert "`missing.json` cannot be read" in outcome.steps[2].message


def test_6_6_debug_is_shown_in_debug_mode_only(project: Project) -> None:
    """§6.6: RUNNER_DEBUG=1 shows `debug` commands, echoes others, and shows heads."""
    steps = """\
on: push
jobs:
  job:
    runs-on: x
    steps:
      - run: |
          echo "::debug::one%0Atwo"
          echo "::group::g"
          echo "::notice::n"
          echo "::set-output name=a::b"
"""
    project.write({"ci.yml": steps})
    plain = project.call("run", "ci.yml")
    assert project.outcome().lines == ["▸ g"]
    verbose = project.call("run", "ci.yml", environment={"RUNNER_DEBUG": "1"})
    shown = ["debug: one", "debug: two", "▸ g", "::set-output name=a::b"]
    assert project.outcome().lines == shown
    assert "shell: bash -e {0}" in verbose.stdout
    assert "shell: bash -e {0}" not in plain.stdout
