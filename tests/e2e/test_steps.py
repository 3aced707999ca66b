"""Steps in sequence: conditions, outcomes, outputs, timeouts (LANGUAGE 6.3)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.project import Project


def test_conditions_see_the_jobs_status(project: Project) -> None:
    """6.3: after a failure only steps that ask for it run; each skip says why."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: echo first
        - run: exit 3
          id: bad
        - run: echo no
        - run: echo failure ${{ job.status }}
          if: failure()
        - run: echo always
          if: always()
        - run: echo no
          if: success() || cancelled()
        - run: echo no
          if: true
        - run: echo outcome
          if: failure() && steps.bad.outcome == 'failure' && steps.bad.conclusion == 'failure'
        """)
    )
    assert outcome.code == 1
    assert outcome.lines == ["first", "failure failure", "always", "outcome"]
    assert outcome.conclusions == [
        *("success", "failure", "skipped", "success"),
        *("success", "skipped", "skipped", "success"),
    ]
    bad, skipped = outcome.steps[1:3]
    assert (bad.exit_code, bad.errored) == (3, False)
    assert bad.message == "Process completed with exit code 3."
    assert skipped.message == "an earlier step failed"
    assert "success() || cancelled()" in outcome.steps[5].message
    assert "an earlier step failed" in outcome.stdout


def test_continue_on_error_turns_failure_into_success(project: Project) -> None:
    """6.3: `outcome` is what happened, `conclusion` what counts; the job stays green."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: exit 1
          id: soft
          continue-on-error: true
        - run: exit 1
          id: computed
          continue-on-error: ${{ github.actor != '' }}
        - run: echo ${{ steps.soft.outcome }} ${{ steps.soft.conclusion }}
        - run: exit 1
          continue-on-error: ${{ 'true' }}
        - run: echo no
        """)
    )
    assert outcome.code == 1
    assert outcome.lines == ["failure success"]
    assert [(step.outcome, step.conclusion) for step in outcome.steps] == [
        ("failure", "success"),
        ("failure", "success"),
        ("success", "success"),
        ("failure", "failure"),  # a text is no boolean (1.3)
        ("skipped", "skipped"),
    ]


def test_an_error_in_an_expression_fails_its_step_only(project: Project) -> None:
    """6.3: an error in `env`, `if` or the script fails the step; the next ones go through `if`."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: echo no
          if: fromJSON('nonsense')
          continue-on-error: true
        - run: echo no
          if: always()
          env: {A: "${{ fromJSON('{') }}"}
        - run: echo ${{ fromJSON('') }}
          if: always()
          continue-on-error: true
        - run: echo yes
          name: shown ${{ fromJSON('') }}
          if: always()
        """)
    )
    assert outcome.conclusions == ["failure", "failure", "success", "success"]
    assert outcome.lines == ["yes"]
    assert all("fromJson" in step.message for step in outcome.steps[:3])
    assert all(step.errored for step in outcome.steps[:3])


def test_outputs_reach_later_steps_and_jobs(project: Project) -> None:
    """5, 6.2.5: outputs go through `steps`, job outputs and `needs`; empty ones are dropped."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          make:
            runs-on: x
            outputs:
              version: v${{ steps.make.outputs.version }}
              text: ${{ steps.make.outputs.text }}
              none: ${{ steps.make.outputs.none }}
            steps:
              - id: make
                run: |
                  echo "version=1.2=3" >> "$GITHUB_OUTPUT"
                  { echo 'text<<END'; echo one; echo; echo ' two'; echo END; } >> "$GITHUB_OUTPUT"
              - run: echo "lost=1" >> "$GITHUB_OUTPUT"
              - run: echo "${{ steps.make.outputs.version }}/${{ steps.MAKE.outputs['version'] }}"
          use:
            needs: make
            runs-on: x
            steps:
              - run: |
                  echo "$TEXT"
                  echo "${{ needs.make.result }} ${{ toJSON(needs.make.outputs.none) }}"
                env:
                  TEXT: ${{ needs.make.outputs.version }}:${{ needs.make.outputs.text }}
        """)
    )
    assert outcome.lines == ["1.2=3/1.2=3", "v1.2=3:one", "", " two", "success null"]
    assert outcome.steps[0].outputs == {"version": "1.2=3", "text": "one\n\n two"}


def test_names_are_evaluated_and_shown(project: Project) -> None:
    """3.6: a step's name may hold expressions; without one its first line is shown."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |

            echo first
            echo second
        - name: for ${{ github.job }}
          run: echo ${{ github.action }}
          id: named
        - run: echo ${{ github.action }}
        """)
    )
    assert [step.name for step in outcome.steps] == [
        "Run echo first",
        "for job",
        "Run echo __run_2",
    ]
    assert outcome.lines[2:] == ["named", "__run_2"]


def test_a_job_out_of_time_is_cancelled_and_may_clean_up(project: Project) -> None:
    """6.3: a job's timeout cancels it; `always()` and `cancelled()` steps still run."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          slow:
            runs-on: x
            timeout-minutes: 0.02
            steps:
              - run: sleep 60
              - run: echo no
              - run: echo cleaned
                if: always()
              - run: echo cancelled
                if: cancelled()
          next:
            needs: slow
            if: always()
            runs-on: x
            steps: [{run: "echo ${{ needs.slow.result }}"}]
        """)
    )
    assert outcome.code == 1
    assert outcome.jobs == {"slow": "cancelled", "next": "success"}
    assert outcome.conclusions == ["cancelled", "skipped", "success", "success", "success"]
    assert outcome.lines == ["cleaned", "cancelled", "cancelled"]
    assert "maximum execution time" in outcome.reasons["slow"]
    assert "maximum execution time" in outcome.stdout


def test_times_that_make_no_sense_are_told(project: Project) -> None:
    """1.3, 6.3: a timeout that is no number fails the step, an immense one is none at all."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: echo no
          timeout-minutes: ${{ 'soon' }}
        - run: echo long
          if: always()
          timeout-minutes: 99999999999
        - run: echo no
          if: always()
          timeout-minutes: .inf
        - run: echo none
          if: always()
          timeout-minutes: -5
        """)
    )
    assert outcome.conclusions == ["failure", "success", "failure", "success"]
    assert outcome.steps[0].message == "Unexpected value 'soon'"
    assert outcome.lines == ["long", "none"]


def test_files_are_hashed(project: Project) -> None:
    """6.10: hashFiles digests the digests, in order; nothing found is ''."""
    import hashlib

    files = {"a/b.txt": "b", "a.txt": "a", "sub/c.lock": "c"}
    project.write(dict(files))

    def digest(*names: str) -> str:
        parts = [hashlib.sha256(files[name].encode()).digest() for name in names]
        return hashlib.sha256(b"".join(parts)).hexdigest()

    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |
            echo "${{ hashFiles('**/*.txt') }}"
            echo "${{ hashFiles('sub/**', 'a.txt') }}"
            echo "${{ hashFiles('**', '!ci.yml', '!**/*.txt') }}"
            echo "[${{ hashFiles('none*') }}]"
        - run: echo no
          if: hashFiles('../x') != ''
        """)
    )
    assert outcome.lines == [
        digest("a/b.txt", "a.txt"),
        digest("sub/c.lock", "a.txt"),
        digest("sub/c.lock"),
        "[]",
    ]
    assert "hashFiles" in outcome.steps[1].message
