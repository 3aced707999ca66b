"""Results of jobs and steps, rule by rule (LANGUAGE 6.1-6.3)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from runner.events.model import JobFinished
from tests.support.results import conclusions, messages

if TYPE_CHECKING:
    from tests.support.project import Outcome, Project


def run(project: Project, pipeline: str, *options: str) -> Outcome:
    return project.run(textwrap.dedent(pipeline), *options)


def run_steps(project: Project, steps: str, *options: str) -> Outcome:
    return project.run_steps(textwrap.dedent(steps), *options)


def test_severity_of_results(project: Project) -> None:
    """§6.1: success < failure < cancelled, in a job as in the run."""
    outcome = run(
        project,
        """\
        on: push
        jobs:
          both:
            runs-on: x
            timeout-minutes: 0.01
            cancel-timeout-minutes: 0.005
            steps: [{id: bad, run: exit 1}, {id: slow, if: always(), run: sleep 60}]
          bad: {runs-on: x, steps: [{run: exit 1}]}
        """,
    )
    assert outcome.jobs == {"both": "cancelled", "bad": "failure"}
    assert conclusions(outcome)["both"] == {"bad": "failure", "slow": "cancelled"}
    assert outcome.code == 1
    assert "cancelled in" in outcome.stdout


def test_a_run_fails_unless_the_job_is_tolerated(project: Project) -> None:
    """§6.1, §6.2.3: job continue-on-error keeps the run green and dependents see success."""
    outcome = run(
        project,
        """\
        on: push
        jobs:
          soft: {runs-on: x, continue-on-error: true, steps: [{run: exit 1}]}
          legs:
            runs-on: x
            continue-on-error: ${{ matrix.soft }}
            strategy: {matrix: {soft: [true, false]}}
            steps: [{run: "${{ matrix.soft && 'sleep 0; exit 1' || 'sleep 0.2' }}"}]
          outputs:
            runs-on: x
            continue-on-error: true
            outputs: {o: "${{ fromJSON('') }}"}
            steps: [{run: exit 0}]
          next:
            needs: [soft, legs, outputs]
            runs-on: x
            steps: [{run: "echo ${{ join(needs.*.result) }}"}]
        """,
    )
    assert outcome.code == 0
    assert outcome.lines == ["success,success,success"]


def test_success_looks_at_every_ancestor(project: Project) -> None:
    """§6.2.1: a skipped grandparent makes success() false, though the parent ran by always()."""
    outcome = run(
        project,
        """\
        on: push
        jobs:
          skipped: {if: false, runs-on: x, steps: [{run: echo no}]}
          parent: {needs: skipped, if: always(), runs-on: x, steps: [{run: echo parent}]}
          child: {needs: parent, runs-on: x, steps: [{run: echo no}]}
          named: {needs: parent, if: "success('parent')", runs-on: x, steps: [{run: echo named}]}
          failed: {needs: parent, if: failure(), runs-on: x, steps: [{run: echo no}]}
        """,
    )
    assert outcome.jobs == {
        "skipped": "skipped",
        "parent": "success",
        "child": "skipped",
        "named": "success",
        "failed": "skipped",
    }
    assert outcome.reasons["child"] == "ancestor `skipped` was skipped"


def test_failure_looks_at_every_ancestor(project: Project) -> None:
    """§6.2.1: failure() is true for a failed grandparent, and can be restricted to named jobs."""
    outcome = run(
        project,
        """\
        on: push
        jobs:
          bad: {runs-on: x, steps: [{run: exit 1}]}
          good: {runs-on: x, steps: [{run: exit 0}]}
          parent: {needs: bad, if: always(), runs-on: x, steps: [{run: exit 0}]}
          child: {needs: parent, if: failure(), runs-on: x, steps: [{run: exit 0}]}
          one: {needs: [bad, good], if: failure('good'), runs-on: x, steps: [{run: exit 0}]}
          other: {needs: [bad, good], if: "failure('good', 'bad')", runs-on: x, steps: [{run: ls}]}
        """,
    )
    assert {job: outcome.jobs[job] for job in ("child", "one", "other")} == {
        "child": "success",
        "one": "skipped",
        "other": "success",
    }


def test_conditions_are_evaluated_once_and_before_the_matrix(project: Project) -> None:
    """§6.2.1: a false `if` never looks at the matrix; an error in it fails the job."""
    outcome = run(
        project,
        """\
        on: push
        jobs:
          not:
            if: github.actor == ''
            runs-on: x
            strategy: {matrix: "${{ fromJSON('') }}"}
            steps: [{run: echo no}]
          broken: {if: "fromJSON('{')", runs-on: x, steps: [{run: echo no}]}
          matrix:
            runs-on: x
            strategy: {matrix: {n: "${{ fromJSON('[]') }}"}}
            steps: [{run: echo no}]
          after: {needs: broken, if: failure(), runs-on: x, steps: [{run: echo after}]}
        """,
    )
    assert outcome.jobs == {
        "not": "skipped",
        "broken": "failure",
        "matrix": "failure",
        "after": "success",
    }
    assert "Error when evaluating 'if' for job 'broken'." in outcome.reasons["broken"]
    assert "does not contain any values" in outcome.reasons["matrix"]


def test_legs_run_in_bounds_and_fail_fast(project: Project) -> None:
    """§6.2.2: max-parallel bounds the legs; the first failure cancels the queued ones."""
    outcome = run(
        project,
        """\
        on: push
        jobs:
          fast:
            runs-on: x
            strategy: {max-parallel: 1, matrix: {n: [0, 1, 0]}}
            steps: [{run: "exit ${{ matrix.n }}"}]
          slow:
            runs-on: x
            strategy: {max-parallel: 1, fail-fast: false, matrix: {n: [1, 0]}}
            steps: [{run: "exit ${{ matrix.n }}"}]
          told:
            needs: [fast, slow]
            if: always()
            runs-on: x
            steps: [{run: "echo ${{ join(needs.*.result) }}"}]
        """,
    )
    results = [(one.job, one.result) for one in outcome.events if isinstance(one, JobFinished)]
    assert sorted(results) == [
        *(("fast", "cancelled"), ("fast", "failure"), ("fast", "success")),
        *(("slow", "failure"), ("slow", "success"), ("told", "success")),
    ]
    assert outcome.lines == ["failure,failure"]


def test_job_env_is_the_workflows_then_the_jobs(project: Project) -> None:
    """§6.2.4, §6.4: evaluated at the start of the job; entries of one map do not see each other."""
    outcome = run(
        project,
        """\
        on: push
        env: {A: workflow, B: workflow, W: "${{ github.job }}"}
        jobs:
          job:
            runs-on: x
            env: {B: job, N: "${{ github.job }}"}
            steps:
              - run: echo "$A $B $W $N ${{ env.B }}"
              - {env: {B: step, C: "${{ env.B }}"}, run: 'echo "$B $C"; echo B=file >> $GITHUB_ENV'}
              - {env: {A: step}, run: 'echo "$A $B ${{ env.A }}"'}
              - run: echo "$A $B"
        """,
    )
    assert outcome.lines == [
        "workflow job job job job",
        "step job",
        "step file step",
        "workflow file",
    ]


def test_outputs_with_secrets_and_without_values(project: Project) -> None:
    """§6.2.5: outputs after a failure; empty ones are dropped, those that hold a secret too."""
    outcome = run(
        project,
        """\
        on: push
        jobs:
          make:
            runs-on: x
            outputs:
              good: ${{ steps.s.outputs.good }}
              none: ${{ steps.s.outputs.none }}
              secret: x-${{ steps.s.outputs.secret }}
            steps:
              - id: s
                run: |
                  echo "::add-mask::hidden-$(echo value)"
                  echo "good=1" >> "$GITHUB_OUTPUT"
                  echo "secret=hidden-$(echo value)" >> "$GITHUB_OUTPUT"
                  exit 1
          use:
            needs: make
            if: always()
            runs-on: x
            steps: [{run: "echo '${{ toJSON(needs.make) }}' | tr -d ' \\\\n'"}]
        """,
    )
    assert outcome.lines[-1] == '{"result":"failure","outputs":{"good":"1"}}'
    assert "job.secret-output" in outcome.notices
    text = (outcome.folder / "journal.jsonl").read_text()
    assert "Skip output 'secret' since it may contain secret." in text
    assert "hidden-value" not in text


def test_outputs_that_are_too_large(project: Project) -> None:
    """§6.2.5: 1 MB of outputs a job; more are dropped with a warning, in bounded time."""
    outcome = run(
        project,
        """\
        on: push
        jobs:
          make:
            runs-on: x
            outputs: {o: "${{ steps.s.outputs.o }}"}
            steps:
              - id: s
                run: |
                  x=0123456789abcdef
                  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do x=$x$x; done
                  echo "o=$x" >> "$GITHUB_OUTPUT"
          use: {needs: make, runs-on: x, steps: [{run: "echo [${{ needs.make.outputs.o }}]"}]}
        """,
    )
    assert outcome.lines == ["[]"]
    assert outcome.jobs["make"] == "success"
    assert "job.outputs-too-large" in outcome.notices


def test_defaults_replace_each_other_whole(project: Project) -> None:
    """§6.2.6: a job's `defaults.run` replaces the workflow's as a whole."""
    project.write({"a/x": "", "b/x": ""})
    outcome = run(
        project,
        """\
        on: push
        defaults: {run: {working-directory: a, shell: sh}}
        jobs:
          plain: {runs-on: x, steps: [{run: pwd}, {run: pwd, working-directory: b}]}
          own:
            needs: plain
            runs-on: x
            defaults: {run: {shell: bash}}
            steps: [{run: pwd}]
        """,
    )
    assert outcome.lines == ["/workspace/a", "/workspace/b", "/workspace"]


def test_fresh_command_files_for_every_step(project: Project) -> None:
    """§6.3: command files are empty when a step begins, and read even after it failed."""
    outcome = run_steps(
        project,
        """\
        - {id: a, run: 'echo o=1 >> $GITHUB_OUTPUT; echo E=1 >> $GITHUB_ENV; exit 1'}
        - if: always()
          run: wc -c < "$GITHUB_OUTPUT"; wc -c < "$GITHUB_ENV"; echo "$E ${{ steps.a.outputs.o }}"
        """,
    )
    assert [line.strip() for line in outcome.lines] == ["0", "0", "1 1"]


def test_env_before_if_before_name(project: Project) -> None:
    """§6.3: a step's `if` sees its own env; a skipped step has no outputs and no error."""
    outcome = run_steps(
        project,
        """\
        - {id: sees, env: {A: 'yes'}, if: env.A == 'yes', name: "is ${{ env.A }}", run: echo ran}
        - {id: skipped, if: env.A == 'yes', run: 'echo o=1 >> $GITHUB_OUTPUT'}
        - run: echo "${{ steps.skipped.outcome }} ${{ steps.skipped.conclusion }}"
        - run: echo '${{ toJSON(steps.skipped.outputs) }}'
        """,
    )
    assert outcome.lines == ["ran", "skipped skipped", "{}"]
    assert outcome.steps[0].name == "is yes"


def test_continue_on_error_turns_only_failures(project: Project) -> None:
    """§6.3: a cancelled step stays cancelled; if its evaluation fails the step stays failed."""
    outcome = run(
        project,
        """\
        on: push
        jobs:
          out:
            runs-on: x
            timeout-minutes: 0.01
            steps: [{id: slow, continue-on-error: true, run: sleep 60}]
          broken:
            runs-on: x
            steps: [{id: b, continue-on-error: "${{ fromJSON('') }}", run: exit 1}]
        """,
    )
    assert outcome.jobs == {"out": "cancelled", "broken": "failure"}
    assert conclusions(outcome) == {"out": {"slow": "cancelled"}, "broken": {"b": "failure"}}
    assert "step.expression" in outcome.notices


def test_conditions_see_what_went_before(project: Project) -> None:
    """§6.3: success(), failure(), cancelled() and always() of a step are about its job so far."""
    outcome = run_steps(
        project,
        """\
        - {id: soft, continue-on-error: true, run: exit 1}
        - {id: green, if: success(), run: exit 0}
        - {id: bad, run: exit 1}
        - {id: negated, if: "!success()", run: exit 0}
        - {id: not-cancelled, if: "!cancelled()", run: exit 0}
        - {id: cancelled, if: cancelled(), run: exit 0}
        - {id: text, if: "${{ failure() }} == 'x'", run: exit 0}
        - {id: named, if: "contains('failure()', 'x') || true", run: exit 0}
        """,
    )
    assert conclusions(outcome)["job"] == {
        "soft": "success",
        "green": "success",
        "bad": "failure",
        "negated": "success",
        "not-cancelled": "success",
        "cancelled": "skipped",
        "text": "success",
        "named": "skipped",
    }
    assert messages(outcome)["named"].startswith("`if: contains")


def test_timeouts_of_steps(project: Project) -> None:
    """§6.3: the integer part counts, 0 and less is none; later steps go through `if`."""
    outcome = run_steps(
        project,
        """\
        - {id: none, timeout-minutes: 0.9, run: sleep 0.1}
        - {id: less, timeout-minutes: -1, run: exit 0}
        - {id: computed, timeout-minutes: "${{ 5 }}", run: exit 0}
        - {id: slow, run: sleep 60}
        - {id: after, run: echo no}
        - {id: told, if: failure() && !cancelled(), run: exit 0}
        """,
        *("--step-timeout", "700ms"),
    )
    assert conclusions(outcome)["job"] == {
        "none": "success",
        "less": "success",
        "computed": "success",
        "slow": "failure",
        "after": "skipped",
        "told": "success",
    }
    assert outcome.jobs == {"job": "failure"}


def test_a_job_out_of_time_lets_a_step_that_asks_for_it_finish(project: Project) -> None:
    """§6.3: a job's timeout cancels it; a running step whose `if` still holds goes on."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          job:
            runs-on: x
            timeout-minutes: 0.01
            steps:
              - {id: ends, run: sleep 1; echo done, if: always()}
              - {id: not, run: echo never}
        """)
    )
    assert "done" in outcome.lines
    assert outcome.conclusions == ["success", "skipped"]
    assert outcome.jobs == {"job": "cancelled"}
    assert outcome.reasons == {"job": "the job has exceeded its maximum execution time"}
