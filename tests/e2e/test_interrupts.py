"""Ctrl-C and SIGTERM: a run ends in order, or at once, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import textwrap
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess

    from tests.support.project import Project

PIPELINE = textwrap.dedent("""\
    on: push
    jobs:
      slow:
        runs-on: x
        steps:
          - run: echo begun; sleep 60
          - run: echo no
          - run: echo cleaned; sleep ${{ github.workflow }}
            if: always()
      queued: {runs-on: x, needs: slow, steps: [{run: echo no}]}
      report:
        needs: [slow, queued]
        if: always()
        runs-on: x
        steps: [{run: "echo report ${{ needs.slow.result }} ${{ needs.queued.result }}"}]
    """)


def children(pid: int) -> list[int]:
    """Return the processes below `pid`, however deep."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    parent = int(file.read().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found += [int(name), *children(int(name))]
    return found


def wait_for(process: subprocess.Popen[str], word: str) -> str:
    """Read the program's output up to the line that holds `word`."""
    assert process.stdout
    read = ""
    for line in process.stdout:
        read += line
        if word in line:
            return read
    raise AssertionError(read)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_cancels_and_lets_clean_up(project: Project, number: int) -> None:
    """6.3: what runs is ended, `always()` steps and jobs run, reports are written; exit 130."""
    project.write({"ci.yml": "name: 0\n" + PIPELINE})
    process = project.start("run", "ci.yml")
    wait_for(process, "│ begun")
    below = children(process.pid)
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    outcome = project.outcome()
    assert process.returncode == 130
    assert "Traceback" not in out + err
    assert "another Ctrl-C ends that too" in out + err
    assert outcome.jobs == {"slow": "cancelled", "queued": "cancelled", "report": "success"}
    assert outcome.conclusions == ["cancelled", "skipped", "success", "success"]
    assert outcome.lines == ["begun", "cleaned", "report cancelled cancelled"]
    assert outcome.reasons["slow"] == "the run was cancelled"
    assert outcome.reasons["queued"] == "the run was cancelled"
    assert len(list(outcome.junit)) == 3
    assert below
    assert not any(map(is_alive, below))


def test_a_second_interrupt_ends_at_once(project: Project) -> None:
    """Not even `always()` steps and jobs go on; reports are written, no process is left."""
    project.write({"ci.yml": "name: 60\n" + PIPELINE})
    process = project.start("run", "ci.yml")
    wait_for(process, "│ begun")
    process.send_signal(signal.SIGINT)
    wait_for(process, "│ cleaned")
    below = children(process.pid)
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - started < 2
    outcome = project.outcome()
    assert process.returncode == 130
    assert "Traceback" not in out + err
    assert outcome.jobs == dict.fromkeys(("slow", "queued", "report"), "cancelled")
    assert outcome.conclusions == ["cancelled", "skipped", "cancelled"]
    assert "report" not in outcome.lines
    assert (outcome.folder / "junit.xml").is_file()
    assert not any(map(is_alive, below))


def test_a_step_that_wants_to_outlive_a_cancellation_does(project: Project) -> None:
    """6.3: the running step's `if` is asked again; where it still holds the step may finish."""
    project.write(
        {
            "ci.yml": "on: push\njobs:\n  job:\n    runs-on: x\n    steps:\n"
            "      - run: echo begun; sleep 0.5; echo finished\n        if: always()\n"
            "      - run: echo no\n"
        }
    )
    process = project.start("run", "ci.yml")
    wait_for(process, "│ begun")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    outcome = project.outcome()
    assert process.returncode == 130
    assert outcome.conclusions == ["success", "skipped"]
    assert outcome.lines == ["begun", "finished"]
    assert outcome.jobs == {"job": "cancelled"}


def is_alive(pid: int) -> bool:
    """Whether the process still runs; a dead one that nobody has buried does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
