"""A plain file for each job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.events.fold import summarise
from runner.events.model import JobFinished, StepOutput
from runner.reports.logs import Logs
from tests.events.samples import sample_run
from tests.reports.settings import setting_for

if TYPE_CHECKING:
    from pathlib import Path

    from runner.events.model import Event

BUILD = """\
==> 01 Compile (steps/sh)
▸ Run make
  make
  shell: bash -e {0}
cc -o app\tmain.c
red done
warning: lint: unused `x` (main.c:3:7)
<== success, exit code 0, 1.2s

==> 02 Keep (actions/upload-artifact)
<== success, exit code 0, 100ms

"""


def report(folder: Path, events: list[Event]) -> dict[str, str]:
    """Return the content of each file that the report wrote, by name."""
    logs = Logs(setting_for(folder))
    for event in events:
        logs.handle([event])
    logs.finish(summarise(events))
    return {path.name: path.read_text() for path in (folder / "logs").iterdir()}


def test_a_log_reads_like_the_run(tmp_path: Path) -> None:
    """Headers tell the steps apart; colours and other sequences are left out."""
    files = report(tmp_path, sample_run())
    assert files["build.log"] == BUILD
    assert {"build.log", "lint.log", "test.3.11-True.log"} == set(files)
    assert "<== failure, 2.0s: timed out after 2s\n" in files["lint.log"]
    assert files["test.3.11-True.log"].endswith("==> 02 Report skipped\n\n")


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/passwd", "a/../b", ".", "..", "", "n\0l", "y" * 400]
)
def test_a_log_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    """Whatever a job or a leg is called, its file is an ordinary one beside the others."""
    events: list[Event] = [
        StepOutput("job", {"x": name}, 0, "text"),
        StepOutput(name, None, 0, "a"),
    ]
    assert {"text\n", "a\n"} == set(report(tmp_path, events).values())
    assert [path.name for path in tmp_path.iterdir()] == ["logs"]


def test_legs_with_like_names_have_files_of_their_own(tmp_path: Path) -> None:
    """Names that only differ in what a file name cannot hold, or in case, do not collide."""
    values = ("a/b", "a:b", "A?b", 1, "1")
    events: list[Event] = [StepOutput("job", {"x": value}, 0, repr(value)) for value in values]
    files = report(tmp_path, events)
    assert {f"{value!r}\n" for value in values} == set(files.values())
    assert len({name.casefold() for name in files}) == len(values)


def test_a_matrix_may_have_more_legs_than_a_process_files(tmp_path: Path) -> None:
    """A job's file is let go when the job is finished."""
    events: list[Event] = []
    for number in range(2000):
        leg = {"n": number}
        events.append(StepOutput("job", leg, 0, "x"))
        events.append(JobFinished("job", leg, "job", "success", "", 0.0, 0.0))
    assert len(report(tmp_path, events)) == 2000
