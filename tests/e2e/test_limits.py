"""Steps that misbehave: each gives a clear result, and the next job still runs."""

from __future__ import annotations

import textwrap
import time
from typing import TYPE_CHECKING

import pytest
import wasmtime

if TYPE_CHECKING:
    from tests.support.project import Outcome, Project

WASI = '(import "wasi_snapshot_preview1" "{0}" (func ${0} {1}))'
EXIT = WASI.format("proc_exit", "(param i32)")
WRITE = WASI.format("fd_write", "(param i32 i32 i32 i32) (result i32)")
POLL = WASI.format("poll_oneoff", "(param i32 i32 i32 i32) (result i32)")

GUESTS = {
    "loop": "(module (memory (export {m}) 1) (func (export {s}) (loop $l (br $l))))",
    # poll_oneoff with one relative clock subscription of an hour
    "sleep": "(module " + POLL + ' (memory (export {m}) 1) (data (i32.const 16) "\\01\\00\\00\\00")'
    " (func (export {s}) (i64.store (i32.const 24) (i64.const 3600000000000))"
    " (drop (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))))",
    # grows until memory.grow says no, then traps
    "memory": "(module (memory (export {m}) 1) (func (export {s})"
    " (loop $l (br_if $l (i32.ne (memory.grow (i32.const 256)) (i32.const -1)))) unreachable))",
    "log": "(module " + WRITE + " (memory (export {m}) 17)"
    " (func (export {s}) (memory.fill (i32.const 64) (i32.const 120) (i32.const 1048576))"
    " (i32.store (i32.const 0) (i32.const 64))"
    " (i32.store (i32.const 4) (i32.const 1048576))"
    " (loop $l (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))"
    " (br $l))))",
    "exit255": "(module " + EXIT + " (memory (export {m}) 1)"
    " (func (export {s}) (call $proc_exit (i32.const 255))))",
    "trap": "(module (memory (export {m}) 1) (func (export {s}) unreachable))",
}

MANIFEST = """\
id: test/guest
name: guest
version: 1.0.0
entry_points:
  main:
    module: guest.wasm
permissions:
  filesystem:
    read_paths: [.]
    write_paths: [.]
"""

PIPELINE = """\
on: push
jobs:
  bad:
    runs-on: ubuntu-latest
    steps:
      - uses: ./guest
  good:
    needs: bad
    if: always()
    runs-on: ubuntu-latest
    steps:
      - run: echo still here
"""


def write_guest(project: Project, name: str, resources: str = "") -> None:
    text = GUESTS[name].replace("{m}", '"memory"').replace("{s}", '"_start"')
    project.write(
        {
            "guest/step.yml": MANIFEST + textwrap.dedent(resources),
            "guest/guest.wasm": bytes(wasmtime.wat2wasm(text)),
        }
    )


def run_guest(project: Project, name: str, *options: str, resources: str = "") -> Outcome:
    write_guest(project, name, resources)
    outcome = project.run(PIPELINE, *options)
    assert (outcome.code, outcome.jobs) == (1, {"bad": "failure", "good": "success"})
    assert "still here" in outcome.lines
    return outcome


@pytest.mark.parametrize("name", ["loop", "sleep"])
@pytest.mark.parametrize(
    ("options", "resources"),
    [(("--step-timeout", "1s"), ""), ((), "resources: {wall_time: 1s}\n")],
    ids=["option", "manifest"],
)
def test_a_step_that_does_not_end_is_stopped(
    project: Project, name: str, options: tuple[str, ...], resources: str
) -> None:
    """Looping or asleep, it is ended within a second of its deadline and says so."""
    write_guest(project, name, resources)
    project.run(PIPELINE, "--step-timeout", "10ms")  # compiles the guest, which takes its own time
    outcome = run_guest(project, name, *options, resources=resources)
    step = outcome.steps[0]
    assert (step.verdict, step.errored, step.exit_code) == ("timed_out", True, None)
    assert "1" in step.message
    assert 1 <= step.duration < 2


@pytest.mark.parametrize(
    ("name", "verdict", "word"),
    [
        ("memory", "out_of_memory", "memory"),
        ("log", "output_exceeded", "output"),
        ("trap", "trapped", "unreachable"),
    ],
)
def test_what_we_could_not_finish_is_errored(
    project: Project, name: str, verdict: str, word: str
) -> None:
    """Each has its verdict and its own message, and is an `error` in JUnit, not a `failure`."""
    outcome = run_guest(project, name)
    step = outcome.steps[0]
    assert (step.verdict, step.errored, step.exit_code) == (verdict, True, None)
    assert word in step.message
    assert (outcome.junit.errors, outcome.junit.failures) == (1, 0)


def test_exit_code_255_is_reported_as_such(project: Project) -> None:
    """A guest's own verdict is its exit code, whatever it is; the step failed."""
    outcome = run_guest(project, "exit255")
    step = outcome.steps[0]
    assert (step.verdict, step.exit_code, step.errored) == ("exited", 255, False)
    assert (outcome.junit.errors, outcome.junit.failures) == (0, 1)


def test_a_step_may_remove_its_own_directory(project: Project) -> None:
    """The next step is told that its working directory is gone; the run goes on."""
    project.write({"sub/file.txt": "x"})
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: cd .. && rm -r sub
          working-directory: sub
        - run: echo not reached
          working-directory: sub
        - run: echo reached
          if: always()
        """)
    )
    assert outcome.conclusions == ["success", "failure", "success"]
    assert "`sub`" in outcome.steps[1].message
    assert outcome.steps[0].changes[0][:2] == ("removed", "sub/file.txt")
    assert outcome.lines == ["reached"]


def test_the_whole_tree_can_be_removed(project: Project) -> None:
    """Emptying the workspace harms only the job's copy."""
    outcome = project.run_steps("- run: rm -rf /workspace/* && ls | wc -l\n- run: echo on\n")
    assert (outcome.code, outcome.lines) == (0, ["0", "on"])
    assert (project.folder / "ci.yml").exists()


def test_a_deadline_holds_for_the_program_too(project: Project) -> None:
    """The program itself ends soon after the deadline of its only step."""
    started = time.monotonic()
    project.run_steps("- run: while true; do :; done\n", "--step-timeout", "1s")
    assert time.monotonic() - started < 20
