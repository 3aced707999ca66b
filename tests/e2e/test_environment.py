"""What a step finds in its environment, and who wins (LANGUAGE 5, 6.4)."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.project import Project


def test_the_nearest_variable_wins(project: Project) -> None:
    """6.4: workflow < job < GITHUB_ENV of earlier steps < step < what the runner sets."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        env: {A: workflow, B: workflow, C: workflow, D: workflow, GITHUB_JOB: workflow}
        jobs:
          first:
            runs-on: x
            env: {B: job, C: job, D: job, RUNNER_OS: job}
            steps:
              - run: |
                  for name in C D E GITHUB_SHA; do echo "$name=written" >> "$GITHUB_ENV"; done
                  echo "before $A $B $C $D [$E]"
              - run: |
                  echo "after $A $B $C $D $E $GITHUB_JOB $RUNNER_OS [$GITHUB_SHA] $CI"
                  echo "${{ env.A }} ${{ env.B }} ${{ env.C }} ${{ env.D }}"
                env: {D: step, GITHUB_JOB: step, CI: 'false'}
              - run: echo "$CI $GITHUB_ACTIONS [$SELF]"
                env: {SELF: "${{ env.OTHER }}", OTHER: x}
          second:
            needs: first
            runs-on: x
            steps: [{run: 'echo "$A $B [$E]"'}]
        """)
    )
    assert outcome.lines == [
        "before workflow job job job []",
        "after workflow job written step written first Linux [] false",
        "workflow job written step",
        "true true []",
        "workflow workflow []",
    ]


def test_paths_are_put_before(project: Project) -> None:
    """6.4, 6.5: GITHUB_PATH entries come first, the latest before all, above a step's own PATH."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |
            mkdir -p bin && printf '#!/bin/sh\\necho found $1\\n' > bin/tool && chmod +x bin/tool
            printf '%s\\n' /one '' "$PWD/bin" /two /one >> "$GITHUB_PATH"
        - run: echo "$PATH"; tool here
        - run: echo "$PATH"
          env: {PATH: /own}
        """)
    )
    added = "/one:/two:/workspace/bin"
    assert outcome.lines == [
        f"{added}:/usr/local/bin:/usr/bin:/bin",
        "found here",
        f"{added}:/own",
    ]


def test_the_event_is_a_file(project: Project) -> None:
    """5: $GITHUB_EVENT_PATH holds what `github.event` does."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: cat "$GITHUB_EVENT_PATH"
        - run: |
            jq -r .repository.full_name "$GITHUB_EVENT_PATH"
            echo "${{ github.event.repository.full_name }} $GITHUB_REPOSITORY"
        """)
    )
    event = json.loads(outcome.lines[0])
    name = event["repository"]["full_name"]
    assert outcome.lines[1:] == [name, f"{name} {name}"]
    assert event.keys() >= {"ref", "after", "sender"}


def test_contexts_say_where_a_step_is(project: Project) -> None:
    """5: `github`, `runner`, `strategy` and `job` are there, and agree with the variables."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |
            echo "${{ github.workspace }} $GITHUB_WORKSPACE $PWD"
            echo "${{ runner.os }} ${{ runner.temp }} ${{ job.status }}"
            echo "${{ strategy.job-total }} ${{ strategy.job-index }} ${{ toJSON(matrix) }}"
            [ -d "${{ runner.temp }}" ] && echo x > "$RUNNER_TEMP/kept"
        - run: cat /tmp/kept; echo "${{ github.event_name }} ${{ github.job }}"
        """)
    )
    assert outcome.lines == [
        "/workspace /workspace /workspace",
        "Linux /tmp success",
        "1 0 null",
        "x",
        "push job",
    ]
