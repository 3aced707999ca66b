"""Jobs: needs, conditions, results and the reasons that are told (LANGUAGE 6.1, 6.2)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.project import Project


def test_skips_go_through_and_name_their_cause(project: Project) -> None:
    """6.2.1: success() looks at every transitive ancestor; each skip names the one to blame."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          bad: {runs-on: x, steps: [{run: exit 1}]}
          unwanted: {if: "github.actor == 'nobody'", runs-on: x, steps: [{run: echo no}]}
          child: {needs: bad, runs-on: x, steps: [{run: echo no}]}
          grandchild: {needs: [child], runs-on: x, steps: [{run: echo no}]}
          both: {needs: [unwanted, child], runs-on: x, steps: [{run: echo no}]}
          after: {needs: unwanted, runs-on: x, steps: [{run: echo no}]}
          cleanup:
            needs: [grandchild]
            if: always()
            runs-on: x
            steps: [{run: "echo ${{ needs.grandchild.result }}"}]
          behind: {needs: cleanup, runs-on: x, steps: [{run: echo no}]}
          alarm: {needs: grandchild, if: failure(), runs-on: x, steps: [{run: echo alarm}]}
          named: {needs: [bad, cleanup], if: "success('cleanup') && failure('bad')",
                  runs-on: x, steps: [{run: echo named}]}
          never: {needs: bad, if: always() && false, runs-on: x, steps: [{run: echo no}]}
        """),
        "-j",
        "1",
    )
    assert outcome.code == 1
    ran = {"bad": "failure", "cleanup": "success", "alarm": "success", "named": "success"}
    assert outcome.jobs == dict.fromkeys(outcome.jobs, "skipped") | ran
    assert sorted(outcome.lines) == ["alarm", "named", "skipped"]
    reasons = {job: reason for job, reason in outcome.reasons.items() if job not in ran}
    assert reasons == {
        "unwanted": "`if: github.actor == 'nobody'` was false",
        "child": "ancestor `bad` failed",
        "grandchild": "ancestor `bad` failed",
        "both": "ancestor `bad` failed",
        "after": "ancestor `unwanted` was skipped",
        "behind": "ancestor `bad` failed",
        "never": "`if: always() && false` was false",
    }
    assert "ancestor `bad` failed" in outcome.stdout


def test_an_error_in_a_jobs_own_expressions_fails_it(project: Project) -> None:
    """6.2.1: an error in `if`, the matrix or a job's `env` fails the job, the others go on."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          one: {if: fromJSON('x'), runs-on: x, steps: [{run: echo no}]}
          two:
            runs-on: x
            strategy: {matrix: "${{ fromJSON('{}') }}"}
            steps: [{run: echo no}]
          three: {runs-on: x, env: {A: "${{ fromJSON('') }}"}, steps: [{run: echo no}]}
          four:
            runs-on: x
            container: ${{ github.job && 'node:20' }}
            steps: [{run: echo no}]
          five:
            runs-on: x
            container: ${{ github.nothing }}
            steps: [{run: echo yes}]
          six:
            runs-on: x
            strategy: {max-parallel: "${{ fromJSON('[]') }}", matrix: {a: [1]}}
            steps: [{run: echo no}]
        """)
    )
    assert outcome.jobs == dict.fromkeys(outcome.jobs, "failure") | {"five": "success"}
    assert outcome.lines == ["yes"]
    assert outcome.reasons["one"].startswith("Error when evaluating 'if' for job 'one'.")
    assert "at least one vector" in outcome.reasons["two"]
    assert "`container` is not supported" in outcome.reasons["four"]
    assert "Traceback" not in outcome.stdout + outcome.stderr


def test_a_tolerant_jobs_failure_lets_dependents_run(project: Project) -> None:
    """6.2.3: the run stays green and `needs` shows success; the job itself failed."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          soft:
            runs-on: x
            continue-on-error: true
            outputs: {a: "${{ steps.a.outputs.a }}"}
            steps:
              - id: a
                run: echo "a=kept" >> $GITHUB_OUTPUT; exit 1
          next:
            needs: soft
            runs-on: x
            steps: [{run: "echo ${{ needs.soft.result }} ${{ needs.soft.outputs.a }}"}]
        """)
    )
    assert outcome.code == 0
    assert outcome.jobs == {"soft": "failure", "next": "success"}
    assert outcome.lines == ["success kept"]


def test_jobs_run_side_by_side_up_to_the_slots(project: Project) -> None:
    """-j: two jobs that need nothing overlap with two slots, and do not with one."""
    pipeline = textwrap.dedent("""\
        on: push
        jobs:
          one: {runs-on: x, steps: [{run: sleep 0.4}]}
          two: {runs-on: x, steps: [{run: sleep 0.4}]}
        """)
    for slots, order in (("2", ["start"] * 2 + ["end"] * 2), ("1", ["start", "end"] * 2)):
        outcome = project.run(pipeline, "-j", slots)
        kinds = {"JobStarted": "start", "JobFinished": "end"}
        names = [type(event).__name__ for event in outcome.events]
        assert [kinds[name] for name in names if name in kinds] == order


def test_defaults_of_a_job_replace_the_workflows(project: Project) -> None:
    """6.2.6: a job's `defaults.run` replaces the workflow's as a whole; a step's own keys win."""
    project.write({"sub/x": "", "other/x": ""})
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        defaults: {run: {working-directory: sub, shell: sh}}
        jobs:
          inherits:
            runs-on: x
            steps:
              - run: echo "$PWD [$BASH]"
              - run: echo "$PWD [$BASH]"
                working-directory: other
                shell: bash
          replaces:
            runs-on: x
            needs: inherits
            defaults: {run: {working-directory: other}}
            steps:
              - run: echo "$PWD [$BASH]"
        """)
    )
    assert outcome.lines == [
        "/workspace/sub []",
        "/workspace/other [/usr/bin/bash]",
        "/workspace/other [/usr/bin/bash]",
    ]
