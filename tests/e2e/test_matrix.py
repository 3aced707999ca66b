"""Matrices: legs, their names, fail-fast, outputs (LANGUAGE 3.5, 6.2)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from runner.events.model import JobFinished, JobStarted

if TYPE_CHECKING:
    from tests.support.project import Project


def test_legs_are_combined_included_and_excluded(project: Project) -> None:
    """3.5: the first key varies slowest; exclude drops, include adds to legs or adds legs."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          build:
            runs-on: x
            strategy:
              matrix:
                os: [linux, mac]
                version: [1.10, 2]
                exclude: [{os: mac, version: 2}]
                include:
                  - {os: linux, extra: yes}
                  - {os: bsd, version: 3}
            steps:
              - run: echo "${{ matrix.os }} ${{ matrix.version }} [${{ matrix.extra }}] $N"
                env: {N: "${{ strategy.job-index }}/${{ strategy.job-total }}"}
        """),
        "-j",
        "1",
    )
    assert outcome.lines == [
        "linux 1.1 [yes] 0/4",
        "linux 2 [yes] 1/4",
        "mac 1.1 [] 2/4",
        "bsd 3 [] 3/4",
    ]
    names = [event.name for event in outcome.events if isinstance(event, JobStarted)]
    assert names == ["build (linux, 1.1)", "build (linux, 2)", "build (mac, 1.1)", "build (bsd, 3)"]
    assert list(outcome.jobs.values()) == ["success"] * 4


def test_a_matrix_may_come_from_a_job(project: Project) -> None:
    """3.5: a job's output, through fromJSON, becomes the matrix of another; names may use it."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          plan:
            runs-on: x
            outputs: {matrix: "${{ steps.m.outputs.matrix }}"}
            steps:
              - id: m
                run: echo 'matrix={"part":["a","b"],"include":[{"part":"c"}]}' >> $GITHUB_OUTPUT
          work:
            needs: plan
            name: part ${{ matrix.part }}
            runs-on: x
            strategy:
              matrix: ${{ fromJSON(needs.plan.outputs.matrix) }}
              max-parallel: 1
            outputs: {last: "${{ matrix.part }}"}
            steps: [{run: "echo ${{ matrix.part }} ${{ strategy.max-parallel }}"}]
          use:
            needs: work
            runs-on: x
            steps: [{run: "echo ${{ needs.work.outputs.last }} ${{ needs.work.result }}"}]
        """)
    )
    assert outcome.lines == ["a 1", "b 1", "c 1", "c success"]
    names = [event.name for event in outcome.events if isinstance(event, JobStarted)]
    assert names == ["plan", "part a", "part b", "part c", "use"]


def test_a_failing_leg_ends_the_others(project: Project) -> None:
    """6.2.2: fail-fast ends what runs and drops what waits; each of them is told, with why."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          legs:
            runs-on: x
            strategy: {matrix: {n: [1, 2, 3, 4]}, max-parallel: 2}
            steps:
              - run: if [ ${{ matrix.n }} = 1 ]; then sleep 0.3; exit 1; else sleep 60; fi
              - run: echo clean ${{ matrix.n }}
                if: always()
        """),
        "-j",
        "4",
    )
    assert outcome.jobs == {
        'legs {"n": 1}': "failure",
        **{f'legs {{"n": {n}}}': "cancelled" for n in (2, 3, 4)},
    }
    assert sorted(outcome.lines) == ["clean 1", "clean 2"]
    reasons = [event.reason for event in outcome.events if isinstance(event, JobFinished)]
    assert reasons.count("another leg of the matrix failed (fail-fast)") == 3
    assert "another leg of the matrix failed" in outcome.stdout


def test_without_fail_fast_every_leg_runs(project: Project) -> None:
    """6.2.2, 6.2.3: the others go on; a tolerant leg's failure ends none and counts as success."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          legs:
            runs-on: x
            strategy: {fail-fast: false, matrix: {n: [1, 2, 3]}}
            outputs: {n: "${{ matrix.n }}"}
            steps: [{run: "exit $((${{ matrix.n }} == 2))"}]
          soft:
            runs-on: x
            strategy: {matrix: {n: [1, 2]}}
            continue-on-error: ${{ matrix.n == 1 }}
            steps: [{run: "exit $((${{ matrix.n }} == 1))"}]
          after:
            needs: [legs, soft]
            if: always()
            runs-on: x
            steps: [{run: "echo ${{ needs.legs.result }} ${{ needs.soft.result }}"}]
        """)
    )
    assert outcome.code == 1
    results = {name: result for name, result in outcome.jobs.items() if "legs" in name}
    assert list(results.values()).count("success") == 2
    assert outcome.lines == ["failure success"]
