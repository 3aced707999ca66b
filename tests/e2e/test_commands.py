"""Workflow commands in a step's output, and masking (LANGUAGE 6.6, 6.7)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from runner.events.model import Annotation

if TYPE_CHECKING:
    from tests.support.project import Project


def test_annotations_are_recorded_ten_of_a_kind(project: Project) -> None:
    """6.6: annotations have places, fail nothing, and are counted; commands are not echoed."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |
            echo "::error file=a.py,line=3,endLine=4,col=5,title=T%3A::bad%0Athing"
            for i in $(seq 12); do echo "::warning::w$i"; done
            echo "##[notice]old form"
            echo "::debug::hidden"
            echo "::nonsense::plain"
            echo "::group::title"
            echo "::endgroup::"
        """)
    )
    notes = [event for event in outcome.events if isinstance(event, Annotation)]
    first = notes[0]
    assert outcome.code == 0
    assert (first.message, first.title) == ("bad\nthing", "T:")
    assert (first.file, first.line, first.end_line, first.column) == ("a.py", 3, 4, 5)
    assert [note.level for note in notes] == ["error", *["warning"] * 10, "notice"]
    assert outcome.lines == ["::warning::w11", "::warning::w12", "::nonsense::plain", "▸ title"]


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


def test_commands_can_be_stopped(project: Project) -> None:
    """6.6: between `stop-commands` and its token all lines are plain; a bad token fails."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |
            echo "::stop-commands::tok"
            echo "::error::not one"
            echo "::tok::"
            echo "::notice::one"
        - run: echo "::stop-commands::error"
        """)
    )
    notes = [event.message for event in outcome.events if isinstance(event, Annotation)]
    assert (notes, outcome.lines) == (["one"], ["::error::not one"])
    assert outcome.conclusions == ["success", "failure"]
    assert "stop-commands" in outcome.steps[1].message


def test_old_commands(project: Project) -> None:
    """6.6: `set-output` works still; `set-env` and `add-path` fail unless they are allowed."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - id: old
          run: echo "::set-output name=a::1%0A2"
        - run: echo "${{ steps.old.outputs.a }}"
        - run: |
            echo "::set-env name=X::insecure"
            echo "::add-path::/insecure"
          env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: true}
        - run: echo "$X ${PATH%%:*}"
        - run: echo "::set-env name=X::y"
        - run: echo "::set-output::y"
          if: always()
        - run: |
            echo "::echo::on"
            echo "::debug::shown"
          if: always()
        """)
    )
    assert outcome.lines == ["1", "2", "insecure /insecure", "::echo::on", "::debug::shown"]
    assert outcome.conclusions[-3:] == ["failure", "failure", "success"]
    assert outcome.steps[4].message.startswith("Unable to process command '::set-env::y'")


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
