"""Secrets and masks, from the place they come from to every sink (LANGUAGE 6.7)."""

from __future__ import annotations

import base64
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.project import Project


def test_masks_hold_in_every_file(project: Project) -> None:
    """6.7: a masked value, also one printed in two writes, stands in no log and no report."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |
            echo "::add-mask::hunter2-secret"
            echo "said hunter2-secret"
            printf 'split hunter2'; printf -- '-secret\\n'
            echo "::warning::hunter2-secret"
            echo "out=hunter2-secret" >> "$GITHUB_OUTPUT"
            echo "hunter2-secret" >> "$GITHUB_STEP_SUMMARY"
            echo hunter2-secret | base64
          id: leak
        - name: shows ${{ steps.leak.outputs.out }}
          run: echo "later $X"
          env: {X: "${{ steps.leak.outputs.out }}"}
        - run: echo "::add-mask::"
        """)
    )
    assert outcome.lines[:2] == ["said ***", "split ***"]
    assert "later ***" in outcome.lines
    # The script itself is part of a step's name only by its first line, the mask's own command.
    texts = [outcome.stdout, outcome.stderr]
    texts += [path.read_text() for path in outcome.folder.rglob("*") if path.is_file()]
    assert texts
    for text in texts:
        assert "hunter2-secret" not in text.replace("::add-mask::hunter2-secret", "")
    assert "aHVudGVyMi1zZWNyZXQ" not in "".join(texts)


def test_a_job_output_that_holds_a_secret_is_dropped(project: Project) -> None:
    """6.2.5: such an output is left out, with GitHub's warning."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          one:
            runs-on: x
            outputs: {bad: "${{ steps.s.outputs.x }}", good: fine}
            steps:
              - id: s
                run: |
                  echo "::add-mask::confidential"
                  echo "x=very confidential" >> $GITHUB_OUTPUT
          two:
            needs: one
            runs-on: x
            steps: [{run: "echo '${{ toJSON(needs.one.outputs) }}'"}]
        """)
    )
    assert outcome.lines == ["{", '  "good": "fine"', "}"]
    assert "Skip output 'bad' since it may contain secret." in outcome.stderr


def test_floods_of_commands_have_an_end(project: Project) -> None:
    """A step may add 1,000 masks: with more it fails, and so it is known that they do not hold."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: for i in $(seq 1001); do echo "::add-mask::mask-number-$i"; done; echo mask-number-7
        - run: echo on
          if: always()
        """)
    )
    assert outcome.conclusions == ["failure", "success"]
    assert "a step may add 1000 masks" in outcome.steps[0].message
    assert outcome.lines == ["***", "on"]


def test_6_7_a_secret_is_masked_in_every_sink(project: Project) -> None:
    """§6.7: as it is, encoded, split, in names and in messages; in the terminal and every file."""
    secret = "s3cr3t-Value/9"
    project.write({"with-s3cr3t-Value": ""})
    completed = project.write(
        {
            "ci.yml": textwrap.dedent("""\
            on: push
            name: pipeline s3cr3t-Value/9
            jobs:
              job:
                name: job s3cr3t-Value/9
                runs-on: x
                strategy: {matrix: {leg: [s3cr3t-Value/9]}}
                steps:
                  - name: step ${{ secrets.T }}
                    id: all
                    env: {T: "${{ secrets.T }}"}
                    run: |
                      echo "$T"; printf 's3cr3t-'; printf 'Value/9\\n'; echo "$T" >&2
                      printf 's3cr3\\033[31mt-Value\\033[0m/9\\n'
                      printf "$T" | base64; printf "x$T" | base64; printf "xy$T" | base64
                      printf "$T" | jq -R -r '@uri, @json, @html, @base64'
                      echo "::warning file=$T,title=$T::$T"
                      echo "::group::$T"; echo "::$T::"; echo "::error $T"
                      echo "out=$T" >> $GITHUB_OUTPUT
                      echo "# $T" >> $GITHUB_STEP_SUMMARY
                      mkdir "${T%/9}"; echo > "$T"
                      printf '{"tests": [{"name": "%s", "result": "failed", "message": "%s"}]}' \\
                        "$T" "$T" > $RUNNER_RESULT
                      echo "bad $T" >> $GITHUB_OUTPUT
                  - uses: actions/upload-artifact@v4
                    if: always()
                    with: {name: kept, path: s3cr3t-Value}
                  - run: echo no
                    if: always()
                    working-directory: ${{ secrets.T }}
                  - run: echo "${{ fromJSON(steps.all.outputs.out) }}"
                    if: always()
                  - run: echo "::set-env name=$T::$T"; echo "::stop-commands::"
                    if: always()
                    env: {T: "${{ secrets.T }}"}
            """)
        }
    ).call("run", "ci.yml", "--secret", f"T={secret}")
    outcome = project.outcome()
    assert len(outcome.steps) == 5
    texts = [completed.stdout, completed.stderr]
    texts += [path.read_text() for path in outcome.folder.rglob("*") if path.is_file()]
    texts += [str(path.relative_to(outcome.folder)) for path in outcome.folder.rglob("*.*")]
    assert len(texts) > 8
    shown = "".join(texts)
    assert outcome.lines[:7] == ["***", "***", "***", "***", "***", "eH***", "eHl***"]
    assert shown.count("***") > 50
    encoded = [base64.b64encode(f"{start}{secret}".encode()).decode() for start in ("", "x", "xy")]
    for form in (secret, encoded[0][:18], encoded[1][2:18], encoded[2][3:20], "Value%2F9"):
        assert form not in shown


def test_6_7_an_artifact_cannot_be_named_after_a_secret(project: Project) -> None:
    """§6.7: names of artifacts are folders on the disk, which cannot be masked."""
    steps = "- run: echo x > a\n- uses: actions/upload-artifact@v4\n"
    steps += "  with: {name: 'a-${{ secrets.KEY }}', path: a}\n"
    outcome = project.run_steps(steps, "--secret", "KEY=sesame-open")
    assert outcome.conclusions == ["success", "failure"]
    assert "holds a secret" in outcome.steps[1].message
    assert not [path for path in outcome.folder.rglob("*") if "sesame" in path.name]
