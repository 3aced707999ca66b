"""Where a run leaves its files: `.runner/runs/<id>/`, which a person can open."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress

from runner.errors import Problem, Unavailable
from runner.records import NamedTuple

HOME = ".runner"


class RunFolder(NamedTuple):
    """The places of one run; all absolute host paths that no guest can write but `work`'s."""

    root: str
    run_id: str

    @property
    def number(self) -> int:
        """How many runs there are here, this one included."""
        return len(os.listdir(os.path.dirname(self.root)))

    @property
    def digits(self) -> str:
        """The run's id as GitHub's are: digits alone, which grow with time."""
        stamp, _, tail = self.run_id.rpartition("-")
        return f"{stamp.replace('-', '')}{int(tail, 16):05}"

    @property
    def journal(self) -> str:
        return os.path.join(self.root, "journal.jsonl")

    @property
    def junit(self) -> str:
        return os.path.join(self.root, "junit.xml")

    @property
    def summary(self) -> str:
        return os.path.join(self.root, "summary.md")

    @property
    def logs(self) -> str:
        return os.path.join(self.root, "logs")

    @property
    def artifacts(self) -> str:
        return os.path.join(self.root, "artifacts")

    @property
    def work(self) -> str:
        """Holds the jobs' workspaces while they run; removed with each job."""
        return os.path.join(self.root, "work")


def create_run_folder(source: str) -> RunFolder:
    """Make a new run folder below `source`, and let `.runner/latest` point at it.

    The id sorts by time. `.runner/` ignores itself in git. Raises Unavailable if it cannot be made.
    """
    home = os.path.join(source, HOME)
    try:
        return _create(home)
    except OSError as error:
        message = f"cannot make a run's folder in `{home}`: {error.strerror}"
        raise Unavailable([Problem("run.folder", message)]) from error


def _create(home: str) -> RunFolder:
    runs = os.path.join(home, "runs")
    for path in (home, runs):
        if os.path.islink(path):  # it came with the tree, and may lead anywhere
            raise OSError(errno.ELOOP, "it is a link", path)
    os.makedirs(runs, exist_ok=True)
    _ignore_in_git(home)
    run_id = _claim_id(runs)
    folder = RunFolder(os.path.join(runs, run_id), run_id)
    for path in (folder.logs, folder.artifacts, folder.work):
        os.mkdir(path)
    _point_latest(home, run_id)
    return folder


def _claim_id(runs: str) -> str:
    while True:
        run_id = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.urandom(2).hex()}"
        try:
            os.mkdir(os.path.join(runs, run_id), mode=0o700)
        except FileExistsError:
            continue
        return run_id


def _ignore_in_git(home: str) -> None:
    path = os.path.join(home, ".gitignore")
    # Only a new file: a link may lead to where there is none.
    with suppress(FileExistsError), open(path, "x", encoding="ascii") as file:
        file.write("*\n")


def _point_latest(home: str, run_id: str) -> None:
    """Replace the link in one step, so that a reader finds the old or the new run, never none."""
    link = os.path.join(home, "latest")
    fresh = f"{link}.{run_id}"
    os.symlink(os.path.join("runs", run_id), fresh)
    os.replace(fresh, link)
