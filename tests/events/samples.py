"""A run in which everything happens that reports must tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.errors import Position, Problem
from runner.events.model import (
    Annotation,
    ArtifactSaved,
    Change,
    Denial,
    JobFinished,
    JobStarted,
    Notice,
    RunFinished,
    RunStarted,
    StepFinished,
    StepHead,
    StepOutput,
    StepStarted,
    SubstepFinished,
    TestFinished,
)

if TYPE_CHECKING:
    from runner.events.model import Event

START = 1_700_000_000.0
LEG = {"python": "3.11", "debug": True}


def sample_run() -> list[Event]:
    """Return the events of four jobs: passed, failed and errored (a matrix leg), and skipped."""
    return [
        RunStarted("r1", "Shop", "ci.yml", "0.1.0", START, ("build", "lint", "test", "deploy")),
        Notice(
            Problem("no-landlock", "this kernel has no Landlock", None, "use 5.13", "warning"),
        ),
        *_build(),
        *_test(),
        JobFinished("deploy", None, "deploy", "skipped", "`test` failed", START + 9, 0.0),
        RunFinished("failure", START + 9, 9.0),
    ]


def single_run() -> list[Event]:
    """Return the events of a run of one job with one step that says `hi`."""
    return [
        RunStarted("r2", "ci.yml", "ci.yml", "0.1.0", START, ("hello",)),
        JobStarted("hello", None, "hello", START),
        StepStarted("hello", None, 0, "", "Say hi", "steps/sh", START),
        StepOutput("hello", None, 0, "hi"),
        finished("hello", 0, "Say hi", duration=0.0123),
        JobFinished("hello", None, "hello", "success", "", START, 0.02),
        RunFinished("success", START, 0.021),
    ]


def finished(
    job: str,
    step: int,
    name: str,
    *,
    conclusion: str = "success",
    verdict: str = "exited",
    exit_code: int | None = 0,
    message: str = "",
    duration: float = 0.1,
    changes: tuple[Change, ...] = (),
    denials: tuple[Denial, ...] = (),
    leg: dict[str, object] | None = None,
) -> StepFinished:
    return StepFinished(
        job,
        leg,
        step,
        f"s{step}",
        name,
        conclusion,
        conclusion,
        verdict,
        exit_code,
        message,
        verdict not in {"exited", ""},
        START + 1,
        duration,
        changes=changes,
        denials=denials,
    )


def _build() -> list[Event]:
    change = Change("added", "dist/app.js", 12, "", "ab" * 32)
    return [
        JobStarted("build", None, "Build it", START),
        StepStarted("build", None, 0, "s0", "Compile", "steps/sh", START),
        StepHead("build", None, 0, ("Run make", "make", "shell: bash -e {0}")),
        StepOutput("build", None, 0, "cc -o app\tmain.c"),
        StepOutput("build", None, 0, "\x1b[31mred\x1b[0m \x1b]0;title\x07done"),
        Annotation("build", None, 0, "warning", "unused `x`", "lint", "main.c", 3, 7),
        finished("build", 0, "Compile", duration=1.25, changes=(change,)),
        StepStarted("build", None, 1, "s1", "Keep", "actions/upload-artifact", START + 2),
        ArtifactSaved("build", None, 1, "dist", 2, 12_345, "cd" * 32),
        SubstepFinished(
            *("build", None, 1, "2.1", "s", "Pack", "failure", "success", "exited", 1),
            *("Process completed with exit code 1.", False, START + 2, 0.1),
        ),
        finished("build", 1, "Keep"),
        JobFinished("build", None, "Build it", "success", "", START + 3, 1.5),
    ]


def _test() -> list[Event]:
    return [
        JobStarted("test", LEG, "test (3.11, true)", START + 3),
        JobStarted("lint", None, "lint", START + 3),
        StepStarted("test", LEG, 0, "s0", "Unit tests", "steps/python", START + 3),
        *(StepOutput("test", LEG, 0, f"line {number}") for number in range(1, 13)),
        TestFinished("test", LEG, 0, "shop.Cart", "test_add", "passed", 0.01),
        TestFinished(
            "test", LEG, 0, "shop.Cart", "test_sum", "failed", 0.02, "1 != 2", "a\nb", "t.py", 4
        ),
        TestFinished("test", LEG, 0, "shop.Cart", "test_net", "skipped", 0.0, "no network"),
        finished("test", 0, "Unit tests", conclusion="failure", exit_code=1, leg=LEG),
        finished("test", 1, "Report", conclusion="skipped", verdict="", exit_code=None, leg=LEG),
        StepStarted("lint", None, 0, "s0", "Lint", "steps/lint", START + 4),
        Notice(Problem("old", "this is old", Position("ci.yml", 7, 3)), "lint", None, 0),
        StepOutput("lint", None, 0, "checking ..."),
        finished(
            "lint",
            0,
            "Lint",
            conclusion="failure",
            verdict="timed_out",
            exit_code=None,
            message="timed out after 2s",
            duration=2.0,
            denials=(
                Denial("network.allowed_domains", "GET https://x", "grant: {network: {}}"),
                Denial("filesystem.read_paths", "read `/etc/passwd`"),
            ),
        ),
        JobFinished("lint", None, "lint", "failure", "", START + 6, 2.1),
        JobFinished("test", LEG, "test (3.11, true)", "failure", "", START + 8, 75.0),
    ]
