"""Concurrency groups between processes, by their files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from runner.execution.groupqueue import CANCELLED, PENDING, RUNNING, Ticket, join

if TYPE_CHECKING:
    from pathlib import Path


def claim(home: Path, group: str = "g", *, cancels: bool = False, keeps: bool = False) -> Ticket:
    return join(str(home), group, cancels_running=cancels, keeps_pending=keeps)


def test_one_runs_and_the_newest_waits(tmp_path: Path) -> None:
    """A newer claim replaces one that waits; whoever runs is left alone (§3.4)."""
    first, second, third = claim(tmp_path), claim(tmp_path, "G"), claim(tmp_path)
    assert [one.look() for one in (first, second, third)] == [RUNNING, CANCELLED, PENDING]
    first.leave()
    assert third.look() == RUNNING
    second.leave()
    third.leave()


def test_a_queue_keeps_all_that_wait(tmp_path: Path) -> None:
    """With `queue: max` claims run in the order in which they were made."""
    tickets = [claim(tmp_path, keeps=True) for _ in range(3)]
    for ticket in tickets:
        assert ticket.look() == RUNNING
        ticket.leave()


def test_cancel_in_progress_asks_whoever_runs(tmp_path: Path) -> None:
    """The running claim is asked to end; the new one runs once it has."""
    first = claim(tmp_path)
    second = claim(tmp_path, cancels=True)
    assert (first.look(), second.look()) == (CANCELLED, PENDING)
    first.leave()
    assert second.look() == RUNNING
    second.leave()


def test_groups_do_not_mind_each_other(tmp_path: Path) -> None:
    """Two names are two groups, whatever is in them."""
    one, other = claim(tmp_path, "a/../b"), claim(tmp_path, "ä\0")
    assert (one.look(), other.look()) == (RUNNING, RUNNING)


def test_the_claim_of_a_dead_process_is_gone(tmp_path: Path) -> None:
    """A process that was killed leaves its file, and nobody waits for it."""
    program = (
        "import os, signal; from runner.execution.groupqueue import join;"
        f"join({str(tmp_path)!r}, 'g', cancels_running=False, keeps_pending=False);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program], check=False)
    (folder,) = tmp_path.iterdir()
    assert [name for name in os.listdir(folder) if name.endswith(".running")]
    ticket = claim(tmp_path)
    assert ticket.look() == RUNNING


def test_a_group_whose_folder_is_gone_lets_nobody_wait(tmp_path: Path) -> None:
    """Who waits in a folder that somebody removed is cancelled, not stuck."""
    claim(tmp_path)
    second = claim(tmp_path)
    (folder,) = tmp_path.iterdir()
    for name in os.listdir(folder):
        os.unlink(folder / name)
    os.rmdir(folder)
    assert second.look() == CANCELLED
    second.leave()


@pytest.mark.parametrize("turn", range(3))
def test_many_processes_run_one_at_a_time(tmp_path: Path, turn: int) -> None:
    """Whatever the order, never do two hold the group at once."""
    del turn
    program = (
        "import os, sys, time; from runner.execution.groupqueue import join, RUNNING\n"
        f"home = {str(tmp_path)!r}\n"
        "ticket = join(home, 'g', cancels_running=False, keeps_pending=True)\n"
        "while ticket.look() != RUNNING: time.sleep(0.001)\n"
        "os.mkdir(home + '/inside'); os.rmdir(home + '/inside')\n"
        "ticket.leave()\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(6)]
    assert [process.wait() for process in processes] == [0] * 6


def test_no_link_in_the_tree_is_followed(tmp_path: Path) -> None:
    """A group that leads elsewhere is refused, and nothing there is touched."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.ticket").touch()
    home = tmp_path / "home"
    claim(home).leave()
    (group,) = home.iterdir()
    shutil.rmtree(group)
    group.symlink_to(elsewhere)
    with pytest.raises(NotADirectoryError):
        claim(home)
    (tmp_path / "link").symlink_to(elsewhere)
    with pytest.raises(NotADirectoryError):
        claim(tmp_path / "link")
    assert [path.name for path in elsewhere.iterdir()] == ["mine.ticket"]
