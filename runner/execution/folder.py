"""Where a run leaves its files: `.runner/runs/<id>/`, which a person can open."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress

from runner.errors import Problem, Unavailable
from runner.records import NamedTuple
from runner.workspace.clone import discard_tree
from runner.workspace.paths import open_directory

HOME = ".runner"


class RunFolder(NamedTuple):
    """The places of one run; all absolute host paths that no guest can write but `work`'s.

    `away` is where `work` and `artifacts` are during a run whose guests can write to `root`, as
    it lies in the tree that they work on: else they could put links there for the host to follow.
    """

    root: str
    run_id: str
    away: str = ""

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
        return os.path.join(self.away or self.root, "artifacts")

    @property
    def work(self) -> str:
        """Holds the jobs' workspaces while they run; removed with each job."""
        return os.path.join(self.away or self.root, "work")


def create_run_folder(source: str, *, is_in_place: bool = False) -> RunFolder:
    """Make a new run folder below `source`, and let `.runner/latest` point at it.

    The id sorts by time. `.runner/` ignores itself in git. Raises Unavailable if it cannot be made.
    """
    home = os.path.join(source, HOME)
    try:
        return _create(home, is_in_place=is_in_place)
    except OSError as error:
        message = f"cannot make a run's folder in `{home}`: {error.strerror}"
        raise Unavailable([Problem("run.folder", message)]) from error


def close_run_folder(folder: RunFolder) -> Problem | None:
    """Take `work` away and put what is `away` in its place; returns what prevents that.

    No guest may be at work any more.
    """
    discard_tree(folder.work)
    if not folder.away:
        return None
    try:
        _bring_home(folder)
    except OSError as error:
        message = f"the artifacts stay in `{folder.artifacts}`: {error.strerror or error}"
        return Problem("run.folder", message, severity="warning")
    os.rmdir(folder.away)
    return None


def _bring_home(folder: RunFolder) -> None:
    """Move the artifacts below `root`, in the place of what a guest put there; follow no link."""
    import shutil  # 4 ms; few runs are in place

    runs, run_id = os.path.split(folder.root)
    source = os.path.dirname(os.path.dirname(runs))
    base = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        root = open_directory(base, f"{HOME}/runs/{run_id}")
    finally:
        os.close(base)
    try:
        target = f"/proc/self/fd/{root}/artifacts"
        with suppress(FileNotFoundError, IsADirectoryError):
            os.unlink(target)
        discard_tree(target)
        shutil.move(folder.artifacts, target)
    finally:
        os.close(root)


def _create(home: str, *, is_in_place: bool) -> RunFolder:
    runs = os.path.join(home, "runs")
    for path in (home, runs):
        if os.path.islink(path):  # it came with the tree, and may lead anywhere
            raise OSError(errno.ELOOP, "it is a link", path)
    os.makedirs(runs, exist_ok=True)
    _ignore_in_git(home)
    run_id = _claim_id(runs)
    away = ""
    if is_in_place:
        import tempfile  # 10 ms; as above

        away = tempfile.mkdtemp(prefix="wasi-runner-")
    folder = RunFolder(os.path.join(runs, run_id), run_id, away)
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
