"""What a person sees of a run: whole screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.errors import Problem
from runner.events.model import (
    JobFinished,
    JobStarted,
    Notice,
    RunFinished,
    RunStarted,
    StepOutput,
    StepStarted,
    TestFinished,
)
from tests.events.samples import finished, sample_run, single_run
from tests.reports.settings import watch

if TYPE_CHECKING:
    from runner.events.model import Event

SAMPLE = """\
Shop  ci.yml
Build it ▸ Compile  steps/sh
Build it │ cc -o app	main.c
Build it │ red done
Build it │ warning: lint: unused `x` (main.c:3:7)
Build it ✓ Compile  1.2s · 1 file changed
Build it ▸ Keep  actions/upload-artifact
Build it │ artifact dist: 2 files, 12.3 kB
Build it ✓ Keep  100ms
test (3.11, true) ▸ Unit tests  steps/python
test (3.11, true) │ line 1
test (3.11, true) │ line 2
test (3.11, true) │ line 3
test (3.11, true) │ line 4
test (3.11, true) │ line 5
test (3.11, true) │ line 6
test (3.11, true) │ line 7
test (3.11, true) │ line 8
test (3.11, true) │ line 9
test (3.11, true) │ line 10
test (3.11, true) │ line 11
test (3.11, true) │ line 12
test (3.11, true) │ ✗ shop.Cart.test_sum: 1 != 2
test (3.11, true) ✗ Unit tests  100ms · exit code 1
test (3.11, true) - Report  skipped
lint              ▸ Lint  steps/lint
lint              │ checking ...
lint              ! Lint  2.0s · timed out after 2s
deploy            - job skipped: `test` failed

! lint / Lint: timed out after 2s
  refused: GET https://x; to allow it: grant: {network: {}}
  refused: read `/etc/passwd`

✗ test (3.11, true) / Unit tests: exit code 1
  │ … 2 lines above
  │ line 3
  │ line 4
  │ line 5
  │ line 6
  │ line 7
  │ line 8
  │ line 9
  │ line 10
  │ line 11
  │ line 12
  ✗ shop.Cart.test_sum: 1 != 2

✓ Build it             1.5s  2 steps
! lint                 2.1s  1 step, 1 errored
✗ test (3.11, true)  1m 15s  2 steps, 1 failed, 1 skipped
- deploy                     `test` failed

failed in 9.0s: 4 jobs, 1 failed, 1 errored, 1 skipped; 3 tests, 1 failed, 1 skipped
.runner/latest: junit.xml, journal.jsonl, logs/, artifacts/
"""

NOTICES = """\
warning: this kernel has no Landlock
  hint: use 5.13
error: ci.yml:7:3: this is old
"""

SINGLE = """\
ci.yml
▸ Say hi  steps/sh
│ hi
✓ Say hi  12ms

passed in 21ms: 1 job
.runner/latest: junit.xml, journal.jsonl, logs/
"""


def step_with(*lines: str, name: str = "step") -> list[Event]:
    """Return the events of one job with one failed step that prints `lines`."""
    return [
        RunStarted("r", "p", "p", "0", 0.0, ("job",)),
        JobStarted("job", None, "job", 0.0),
        StepStarted("job", None, 0, "", name, "steps/sh", 0.0),
        *(StepOutput("job", None, 0, line) for line in lines),
        finished("job", 0, name, conclusion="failure", exit_code=1),
        JobFinished("job", None, "job", "failure", "", 0.0, 0.0),
        RunFinished("failure", 0.0, 0.0),
    ]


def test_a_run_of_many_jobs() -> None:
    """Names before each line, failures with their last lines, a table, and where to read on."""
    assert watch(sample_run()) == (SAMPLE, NOTICES)


def test_a_run_of_one_job() -> None:
    """Where there is one job only, nothing is said twice."""
    assert watch(single_run()) == (SINGLE, "")


def test_output_that_was_just_shown_is_not_shown_again() -> None:
    """The last lines of a failed step are repeated only if something else came after them."""
    out, _ = watch(step_with("only once"))
    assert out.count("only once") == 1
    assert "✗ job / step: exit code 1\n" in out


def test_marks_fall_back_to_ascii() -> None:
    """A stream that cannot say `✓` is written what it can, and never raises."""
    out, _ = watch(step_with("naïve ✓ 🎉"), encoding="ascii")
    assert out.isascii()
    assert "> step  steps/sh\n| na\\xefve \\u2713 \\U0001f389\nx step  100ms - exit code 1\n" in out


def test_a_lone_surrogate_is_written_escaped() -> None:
    """A file name that is no UTF-8 does not end the report."""
    out, _ = watch(step_with("\udcff"))
    assert "│ \\udcff\n" in out


ATTACKS = (
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x1b[1A\x1b[2K",
    "\x9b2J",
    "\r",
    "\x08",
    "\u202e",
    "\x1bc",
)


@pytest.mark.parametrize("is_terminal", [True, False])
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_guest_cannot_move_the_cursor(attack: str, *, is_terminal: bool) -> None:
    """Nothing a guest can name or print acts on the terminal."""
    text = f"before{attack}after"
    events: list[Event] = [
        RunStarted("r", text, text, "0", 0.0, (text, "b")),
        Notice(Problem("code", text, None, text)),
        JobStarted("job", {"x": text}, text, 0.0),
        StepStarted("job", {"x": text}, 0, text, text, text, 0.0),
        StepOutput("job", {"x": text}, 0, text),
        TestFinished("job", {"x": text}, 0, text, text, "failed", 0.0, text, text),
        finished("job", 0, text, conclusion="failure", message=text, leg={"x": text}),
        JobFinished("job", {"x": text}, text, "failure", text, 0.0, 0.0),
        RunFinished("failure", 0.0, 0.0),
    ]
    for shown in watch(events, is_terminal=is_terminal):
        assert attack not in shown
        assert "before" in shown


@pytest.mark.parametrize(
    "command", ["::error::x", "  ::stop-commands::x", "a ##[error]x", "##vso[x]y"]
)
def test_a_guest_cannot_command_the_system_around_us(command: str) -> None:
    """Within a CI system, what it would obey is broken up, in names and output alike."""
    for environment in ({"GITHUB_ACTIONS": "true"}, {"TF_BUILD": "True"}):
        events = [
            Notice(Problem("code", command, severity=command)),
            *step_with(command, name=command),
            JobFinished(command, None, command, "skipped", command, 0.0, 0.0),
        ]
        for shown in watch(events, environment=environment):
            assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]
            assert "##" not in shown
    assert command.strip() in watch(step_with(command))[0]


def test_colours_are_for_terminals() -> None:
    """The same text with and without colour; a guest's colour ends with its line."""
    plain, _ = watch(step_with("\x1b[31mred"))
    coloured, _ = watch(step_with("\x1b[31mred"), is_terminal=True)
    assert "\x1b" not in plain
    assert "│ \x1b[31mred\x1b[0m\n" in coloured
    assert "\x1b[31m✗\x1b[0m step" in coloured


def test_a_matrix_of_one_job_shows_its_legs() -> None:
    """Legs print at the same time, so each line says whose it is."""
    events: list[Event] = [RunStarted("r", "p", "p", "0", 0.0, ("job",))]
    for leg in ({"os": "a"}, {"os": "b"}):
        events += [
            JobStarted("job", leg, "", 0.0),
            StepOutput("job", leg, 0, f"on {leg['os']}"),
        ]
    out, _ = watch(events)
    assert "job (a) │ on a\njob (b) │ on b\n" in out


def test_many_failed_tests_are_cut_short() -> None:
    """The first twenty stand at the end, the rest is counted."""
    failed = [TestFinished("job", None, 0, "", f"test_{number}", "failed") for number in range(30)]
    events = step_with()
    out, _ = watch([*events[:3], *failed, *events[3:]])
    closing = out.split("✗ job / step")[1]
    assert closing.count("✗ test_") == 20
    assert "… and 10 more\n" in closing
    assert "failed in 0ms: 1 job, 1 failed; 30 tests, 30 failed\n" in closing


def test_a_run_that_broke_off_says_so() -> None:
    """Without its last events a run is not told as a success."""
    out, _ = watch(step_with("x")[:4])
    assert "! job / step: the run ended before this step did\n" in out
    assert "ended early: 1 job, 1 errored\n" in out


def test_a_job_that_failed_without_a_failed_step_is_told() -> None:
    """Its reason stands where it happened and at the end."""
    reason = "`if` has an error"
    out, _ = watch(
        [
            RunStarted("r", "p", "p", "0", 0.0, ("job", "other")),
            JobFinished("job", None, "job", "failure", reason, 0.0, 0.0),
            JobFinished("other", None, "other", "cancelled", "", 0.0, 0.0),
        ]
    )
    assert f"job   ! job failed: {reason}\n" in out
    assert f"! job: {reason}\n" in out
    assert "■ other  0ms  cancelled\n" in out


def test_a_long_name_is_cut() -> None:
    """One long name does not push all output off the screen."""
    out, _ = watch(
        [JobStarted("job", {"x": 1}, "n" * 100, 0.0), StepOutput("job", {"x": 1}, 0, "a")]
    )
    assert f"{'n' * 23}… │ a\n" in out
