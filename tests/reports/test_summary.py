"""A run on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.events.fold import summarise
from runner.events.model import JobStarted
from runner.reports.summary import Summary
from tests.events.samples import finished, sample_run
from tests.reports.settings import setting_for

if TYPE_CHECKING:
    from pathlib import Path

    from runner.events.model import Event


def report(folder: Path, events: list[Event]) -> str:
    Summary(setting_for(folder)).finish(summarise(events))
    return (folder / "summary.md").read_text()


def test_the_page_tells_how_each_job_ended(tmp_path: Path) -> None:
    """Jobs, failures and annotations, each with its reason."""
    text = report(tmp_path, sample_run())
    assert text.startswith("# Shop: failed in 9.0s\n\n| | Job | Time | |\n|---|---|--:|---|\n")
    assert "| ✓ | Build it | 1.5s | 2 steps |\n" in text
    assert "| - | deploy | 0ms | \\`test\\` failed |\n" in text
    assert "- **lint / Lint**: timed out after 2s\n" in text
    assert "- warning: lint: unused \\`x\\` (main.c:3:7)\n" in text


def test_6_5_twenty_summaries_of_a_job_are_shown(tmp_path: Path) -> None:
    """§6.5: in order, under the job's name; the others are counted."""
    events: list[Event] = [JobStarted("job", None, "Job", 0.0)]
    events += [
        finished("job", step, f"s{step}")._replace(summary=f"text {step}\n") for step in range(22)
    ]
    text = report(tmp_path, events)
    assert "\n## Job summary\n\ntext 0\n\ntext 1\n\ntext 2\n" in text
    assert text.endswith("\n\ntext 19\n\n(2 more are in `journal.jsonl`)\n")


def test_a_name_is_no_markdown(tmp_path: Path) -> None:
    """What a pipeline or a guest calls things makes no heading, link, cell or tag."""
    name = "a | b\n# <img src=x> [l](u) `c` **d**"
    step = finished("job", 0, name, conclusion="failure", message=name)
    text = report(tmp_path, [JobStarted("job", None, name, 0.0), step])
    escaped = "a \\| b \\# \\<img src=x\\> \\[l\\](u) \\`c\\` \\*\\*d\\*\\*"
    assert text.count(escaped) == 4
    assert "<img" not in text.replace("\\<img", "")
