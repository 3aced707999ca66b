"""The command files of a step (LANGUAGE 6.5)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from runner.events.model import Annotation

if TYPE_CHECKING:
    from tests.support.project import Project

BAD = [
    ("output", "echo nonsense >> $GITHUB_OUTPUT", "Invalid format 'nonsense'"),
    ("env", "echo =x >> $GITHUB_ENV", "Invalid format '=x'. Name must not be empty"),
    (
        "state",
        "echo 'a<<' >> $GITHUB_STATE",
        "Invalid format 'a<<'. Name must not be empty and delimiter must not be empty",
    ),
    (
        "output",
        "printf 'a<<E\\nx\\n' >> $GITHUB_OUTPUT",
        "Invalid value. Matching delimiter not found 'E'",
    ),
    (
        "env",
        "printf 'a<<E\\nx' >> $GITHUB_ENV",
        "Invalid value. EOF marker missing new line.",
    ),
]


def test_a_bad_file_fails_its_step(project: Project) -> None:
    """Each bad file has GitHub's message; what came before the bad line stays applied."""
    steps = "".join(
        f'- run: "{run}"\n  if: always()\n'.replace("\\n", "\\\\n") for _, run, _ in BAD
    )
    outcome = project.run_steps(
        steps
        + textwrap.dedent("""\
        - id: part
          if: always()
          run: |
            echo "good=1" >> $GITHUB_OUTPUT
            echo "bad" >> $GITHUB_OUTPUT
            exit 4
        - run: echo "good ${{ steps.part.outputs.good }}"
          if: always()
        """)
    )
    assert outcome.conclusions == ["failure"] * (len(BAD) + 1) + ["success"]
    for step, (kind, _, message) in zip(outcome.steps, BAD, strict=False):
        expected = f"Unable to process file command '{kind}' successfully. {message}"
        assert (step.message, step.errored) == (expected, False)
    assert outcome.steps[-2].message == "Process completed with exit code 4."
    assert outcome.lines == ["good 1"]


def test_node_options_are_refused(project: Project) -> None:
    """NODE_OPTIONS is not stored: an error annotation, and the step goes on."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: printf 'NODE_OPTIONS=--x\\nA=1\\n' >> $GITHUB_ENV
        - run: echo "[$NODE_OPTIONS] $A"
        """)
    )
    notes = [event for event in outcome.events if isinstance(event, Annotation)]
    assert outcome.lines == ["[] 1"]
    assert [(note.level, note.message) for note in notes] == [
        ("error", "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.")
    ]


def test_summaries_are_kept_up_to_a_mebibyte(project: Project) -> None:
    """§6.5: a summary is kept for reports; one too large is dropped, the step unaffected."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: echo "### done" >> $GITHUB_STEP_SUMMARY
        - run: yes x | head -c 1100000 >> $GITHUB_STEP_SUMMARY
        - run: yes x | head -c 9000000 >> $GITHUB_STEP_SUMMARY
        """)
    )
    notes = [event.message for event in outcome.events if isinstance(event, Annotation)]
    assert outcome.conclusions == ["success"] * 3
    assert [step.summary for step in outcome.steps] == ["### done\n", "", ""]
    assert "supports content up to a size of 1024k, got 1074k" in notes[0]
    assert "supports content up to a size of 1024k, got 8789k" in notes[1]
    assert "\n## job summary\n\n### done\n" in (outcome.folder / "summary.md").read_text()
    assert "summary.md, junit.xml" in outcome.stdout


@pytest.mark.parametrize(
    ("act", "conclusion", "word"),
    [
        ('rm "$GITHUB_OUTPUT"', "success", ""),
        ('rm "$GITHUB_OUTPUT"; mkdir "$GITHUB_OUTPUT"', "failure", "no longer a file"),
        ('rm "$GITHUB_OUTPUT"; ln -s /etc/passwd "$GITHUB_OUTPUT"', "", ""),
        ('yes a=1 | head -c 9000000 >> "$GITHUB_OUTPUT"', "failure", "larger than 8 MiB"),
        ('ln "$GITHUB_OUTPUT" /workspace/second; echo x=1 >> "$GITHUB_OUTPUT"', "success", ""),
    ],
    ids=["removed", "directory", "link", "flood", "second name"],
)
def test_a_guest_cannot_trick_us_with_its_files(
    project: Project, act: str, conclusion: str, word: str
) -> None:
    """Whatever a step leaves there, nothing outside is read, and the next step has new files."""
    outcome = project.run_steps(
        textwrap.dedent(f"""\
        - run: |
            {act} || true
        - run: |
            [ -f "$GITHUB_OUTPUT" ] && [ ! -s "$GITHUB_OUTPUT" ] && echo "fresh"
            echo b=2 >> "$GITHUB_OUTPUT"
          if: always()
          id: next
        - run: echo "b is ${{{{ steps.next.outputs.b }}}}"
          if: always()
        """)
    )
    first = outcome.steps[0]
    assert outcome.lines[-2:] == ["fresh", "b is 2"]
    assert first.conclusion == (conclusion or first.conclusion)
    assert word in first.message
    assert "root:" not in str(outcome.events)


def test_6_5_what_no_variable_can_hold_fails_the_step_that_wrote_it(project: Project) -> None:
    """§6.5: a NUL in a variable, a directory or a state, and more directories than a path has."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: printf 'A=1\\nB=x\\0y\\nC=2\\n' >> $GITHUB_ENV
        - run: printf 'a=x\\0y\\n' >> $GITHUB_STATE
          if: always()
        - run: printf '/a\\n/b\\0\\n/c\\n' >> $GITHUB_PATH
          if: always()
        - run: seq 100000 >> $GITHUB_PATH
          if: always()
        - run: printf '\\357\\273\\277x=after a mark\\ny=\\0\\n' >> $GITHUB_OUTPUT
          if: always()
          id: mark
        - run: echo "$A [$C] ${PATH%%:*} ${{ steps.mark.outputs.x }}"
          if: always()
        """)
    )
    assert outcome.conclusions == [*["failure"] * 4, *["success"] * 2]
    messages = [step.message for step in outcome.steps]
    assert "'env' successfully. `B` holds a NUL" in messages[0]
    assert "'state' successfully. `a` holds a NUL" in messages[1]
    assert "'path' successfully. `/b\\x00` holds a NUL" in messages[2]
    assert "more than 256 KiB of directories" in messages[3]
    assert not any(step.errored for step in outcome.steps)
    assert outcome.lines == ["1 [] /a after a mark"]


def test_6_5_a_step_that_fails_twice_tells_both(project: Project) -> None:
    """§6.5: the exit code is the step's message, the bad file an error annotation."""
    outcome = project.run_steps("- run: echo bad >> $GITHUB_OUTPUT; exit 3\n")
    notes = [event.message for event in outcome.events if isinstance(event, Annotation)]
    assert outcome.steps[0].message == "Process completed with exit code 3."
    message = "Unable to process file command 'output' successfully. Invalid format 'bad'"
    assert notes == [message]


def test_6_5_the_last_of_two_outputs_of_a_name_wins(project: Project) -> None:
    """§6.5: names of outputs have no case, as in expressions; a value is kept to the letter."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - id: o
          run: |
            printf 'x=1\\nX=2\\nx=3\\nX= 4 \\n' >> $GITHUB_OUTPUT
            printf 'y<<E O F\\n a\\n\\nE O F\\nz=<<q\\n' >> $GITHUB_OUTPUT
        - run: echo '${{ steps.o.outputs.x }}|${{ toJSON(steps.o.outputs) }}'
        """)
    )
    assert outcome.lines == [" 4 |{", '  "X": " 4 ",', r'  "y": " a\n",', '  "z": "<<q"', "}"]
