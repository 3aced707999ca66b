"""Workflow commands in a step's output (LANGUAGE 6.6)."""

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
            echo "##[notice file=/workspace/b.py ;line= 7 ]old form"
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
    assert (notes[-1].file, notes[-1].line, notes[-1].message) == ("b.py", 7, "old form")
    assert [note.level for note in notes] == ["error", *["warning"] * 10, "notice"]
    assert outcome.lines == ["warning: w11", "warning: w12", "::nonsense::plain", "▸ title"]
    assert "error: T:: bad\nthing (a.py:3:5)\n" in (outcome.folder / "logs/job.log").read_text()


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
            echo "::set-output name=a::hidden"
            echo "::echo::on"
            echo "::set-output name=a::shown"
            echo "::debug::hidden"
            echo "::add-mask::hidden"
            echo "::echo::off"
            echo "::set-output name=a::quiet"
          if: always()
        - run: echo "::echo::maybe"
          if: always()
        """)
    )
    assert outcome.lines[:3] == ["1", "2", "insecure /insecure"]
    assert outcome.lines[3:] == ["::set-output name=a::shown", "::echo::off"]
    assert outcome.conclusions[-4:] == ["failure", "failure", "success", "failure"]
    assert outcome.steps[4].message.startswith(
        "Unable to process command '::set-env name=X::y' successfully. "
    )
    assert "Required field 'name' is missing in ##[set-output] command." in outcome.steps[5].message
    warned = [event.step for event in outcome.events if isinstance(event, Annotation)]
    assert warned == [0, 5, 6]  # that `set-output` is deprecated, once a step


def test_6_6_stopped_commands_resume_by_their_token_only(project: Project) -> None:
    """§6.6: the token is read as a command's name is; a longer one is masked from then on."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |
            echo "::stop-commands::Pause-1234"
            echo "::Pause-12345::"
            echo "x ::Pause-1234::"
            echo "::set-output name=a::no"
            echo "  ::pause-1234::"
            echo "::notice::again"
            echo "the token was Pause-1234"
          id: a
        - run: echo "[${{ steps.a.outputs.a }}]"
        """)
    )
    assert outcome.lines == [
        "::***5::",
        "x ::***::",
        "::set-output name=a::no",
        "the token was ***",
        "[]",
    ]


def test_6_6_unsecure_commands_have_their_rules(project: Project) -> None:
    """§6.6: where they are allowed, NODE_OPTIONS is refused still, and so is what is no name."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |
            echo "::set-env name=node_options::--x"
            echo "::set-env name=A::1"
          env: &allowed {ACTIONS_ALLOW_UNSECURE_COMMANDS: true}
        - run: echo "::set-env name=A=B::c"
          env: *allowed
          if: always()
        - run: echo "::add-path::"
          env: *allowed
          if: always()
        - run: echo "$A [$node_options]"
          if: always()
        """)
    )
    notes = [event.message for event in outcome.events if isinstance(event, Annotation)]
    assert notes == ["Can't update node_options environment variable using ::set-env:: command."]
    assert outcome.conclusions == ["success", "failure", "failure", "success"]
    assert outcome.lines == ["1 []"]
