"""A project of a few files, run by the real program: what every end-to-end test is made of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import junitparser

from runner.events.journal import read_journal
from runner.events.model import (
    Event,
    JobFinished,
    Notice,
    StepFinished,
    StepOutput,
    TestFinished,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TIMEOUT = 120


class Completed(NamedTuple):
    """A finished program."""

    code: int
    stdout: str
    stderr: str


class Outcome:
    """What a run came to, read from what it left behind."""

    def __init__(self, completed: Completed, folder: Path) -> None:
        self.code, self.stdout, self.stderr = completed
        self.folder = folder / ".runner" / "latest"

    @cached_property
    def events(self) -> list[Event]:
        return list(read_journal(str(self.folder / "journal.jsonl")))

    @property
    def jobs(self) -> dict[str, str]:
        """Job (or `job {matrix}`) → result."""
        return {
            event.job + (f" {json.dumps(event.leg)}" if event.leg else ""): event.result
            for event in self.events
            if isinstance(event, JobFinished)
        }

    @property
    def reasons(self) -> dict[str, str]:
        return {event.job: event.reason for event in self.events if isinstance(event, JobFinished)}

    @property
    def steps(self) -> list[StepFinished]:
        return [event for event in self.events if isinstance(event, StepFinished)]

    @property
    def conclusions(self) -> list[str]:
        return [step.conclusion for step in self.steps]

    @property
    def lines(self) -> list[str]:
        """All lines that steps printed."""
        return [event.line for event in self.events if isinstance(event, StepOutput)]

    @property
    def tests(self) -> list[TestFinished]:
        return [event for event in self.events if isinstance(event, TestFinished)]

    @property
    def notices(self) -> list[str]:
        return [event.problem.code for event in self.events if isinstance(event, Notice)]

    @property
    def junit(self) -> junitparser.JUnitXml:
        return junitparser.JUnitXml.fromfile(str(self.folder / "junit.xml"))

    def artifact(self, *names: str) -> bytes:
        return self.folder.joinpath("artifacts", *names).read_bytes()


class Project:
    """A folder with files; `run` and `call` start the program in it."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": ROOT,
            # Whoever sets it spares the half minute that compiling the standard steps takes.
            "WASI_RUNNER_CACHE": os.environ.get("WASI_RUNNER_CACHE") or str(cache),
            **{name: text for name, text in os.environ.items() if "COV" in name},
        }
        for name, text in os.environ.items():
            if name.lower().startswith("npm_config_"):
                self._environment[name] = text

    def write(self, files: Mapping[str, str | bytes]) -> Project:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def call(
        self, *arguments: str, environment: Mapping[str, str] | None = None, stdin: str = ""
    ) -> Completed:
        """Run `runner ARGUMENTS` to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "runner", *arguments],
            cwd=self.folder,
            env=self._environment | dict(environment or {}),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        return Completed(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, stdin: int | None = None) -> subprocess.Popen[str]:
        """Start `runner ARGUMENTS` in a process group of its own, as a terminal would."""
        return subprocess.Popen(
            [sys.executable, "-m", "runner", *arguments],
            cwd=self.folder,
            env=self._environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, pipeline: str, *options: str) -> Outcome:
        """Write `pipeline` to ci.yml and run it."""
        self.write({"ci.yml": pipeline})
        completed = self.call("run", "ci.yml", *options)
        assert completed.code in {0, 1}, completed
        return Outcome(completed, self.folder)

    def run_steps(self, steps: str, *options: str) -> Outcome:
        """Run a pipeline of one job `job`; `steps` is the YAML of its list, from column 0."""
        indented = "\n".join(f"      {line}" if line else "" for line in steps.splitlines())
        head = "on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n"
        return self.run(head + indented + "\n", *options)

    def outcome(self) -> Outcome:
        """Return what the latest run left, however it was started."""
        return Outcome(Completed(0, "", ""), self.folder)


def event_records(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the journal's lines as they stand in the file."""
    text = (outcome.folder / "journal.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]
