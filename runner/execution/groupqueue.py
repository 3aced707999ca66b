"""Concurrency groups between processes: who runs, who waits, who has to go (LANGUAGE 3.4).

A group is a folder. Each claim is a file in it whose lock its owner holds, so that one whose
process has died is told by its lock being free. `mutex` guards every look and every change.

The folder comes with a tree that somebody hostile may have written: no link in it is followed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PENDING, RUNNING, CANCELLED = "pending", "running", "cancelled"
_TICKET, _RUNNING, _CANCEL = ".ticket", ".running", ".cancel"
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW


class Ticket:
    """A claim to a group, from `join` until `leave`; `state` is what the last look found.

    The descriptors `folder` and `lock` are closed by `leave`.
    """

    def __init__(self, folder: int, stem: str, lock: int) -> None:
        self.state = PENDING
        self._folder = folder
        self._stem = stem
        self._lock = lock

    def look(self) -> str:
        """Return the state, having moved up if it is this claim's turn.

        One whose folder was taken away is cancelled: nobody would let it go.
        """
        try:
            with _mutex(self._folder):
                self._move_up(_living(self._folder))
        except OSError:
            self.state = CANCELLED
        return self.state

    def _move_up(self, names: list[str]) -> None:
        if self._stem + _CANCEL in names:
            self.state = CANCELLED
        elif self.state == PENDING and _next(names) == self._stem:
            old, new = self._stem + _TICKET, self._stem + _RUNNING
            os.rename(old, new, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            self.state = RUNNING

    def leave(self) -> None:
        """Give the claim up; the next one in the group may go."""
        with suppress(OSError), _mutex(self._folder):
            _remove(self._folder, self._stem)
        os.close(self._lock)
        os.close(self._folder)


def join(home: str, group: str, *, cancels_running: bool, keeps_pending: bool) -> Ticket:
    """Claim `group` (its case does not count) among the groups below the folder `home`.

    Of those that wait only the newest does, unless it `keeps_pending`; one that `cancels_running`
    asks whoever runs to end. Raises OSError.
    """
    digest = hashlib.sha256(group.lower().encode("utf-8", "replace")).hexdigest()[:32]
    folder = _open_folder(home, digest)
    try:
        stem, lock = _take_ticket(
            folder, cancels_running=cancels_running, keeps_pending=keeps_pending
        )
    except BaseException:
        os.close(folder)
        raise
    ticket = Ticket(folder, stem, lock)
    ticket.look()
    return ticket


def _open_folder(home: str, name: str) -> int:
    os.makedirs(home, mode=0o700, exist_ok=True)
    root = os.open(home, _DIRECTORY)
    try:
        with suppress(FileExistsError):
            os.mkdir(name, mode=0o700, dir_fd=root)
        return os.open(name, _DIRECTORY, dir_fd=root)
    finally:
        os.close(root)


def _take_ticket(folder: int, *, cancels_running: bool, keeps_pending: bool) -> tuple[str, int]:
    """Queue up; return the stem of the claim's file, and the lock on it."""
    with _mutex(folder):
        for name in _living(folder):
            is_asked = (name.endswith(_TICKET) and not keeps_pending) or (
                name.endswith(_RUNNING) and cancels_running
            )
            if is_asked:
                stem = name.rpartition(".")[0]
                os.close(os.open(stem + _CANCEL, _FLAGS, 0o600, dir_fd=folder))
        stem = f"{time.time_ns():020}-{os.getpid()}-{os.urandom(4).hex()}"
        lock = os.open(stem + _TICKET, _FLAGS, 0o600, dir_fd=folder)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return stem, lock


@contextmanager
def _mutex(folder: int) -> Iterator[None]:
    lock = os.open("mutex", _FLAGS, 0o600, dir_fd=folder)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _living(folder: int) -> list[str]:
    """Return the names of all claims whose owners live, and of what they were asked, in order."""
    names = sorted(os.listdir(folder))
    for name in names:
        if name.endswith((_TICKET, _RUNNING)) and not _is_locked(folder, name):
            _remove(folder, name.rpartition(".")[0])
    return sorted(os.listdir(folder))


def _is_locked(folder: int, name: str) -> bool:
    try:
        probe = os.open(name, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=folder)
    except OSError:
        return False
    try:
        fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(probe)
    return False


def _next(names: list[str]) -> str:
    """Return which claim may run now, '' if one does or none waits."""
    if any(name.endswith(_RUNNING) for name in names):
        return ""
    stems = [name.removesuffix(_TICKET) for name in names if name.endswith(_TICKET)]
    return next((stem for stem in stems if stem + _CANCEL not in names), "")


def _remove(folder: int, stem: str) -> None:
    for ending in (_TICKET, _RUNNING, _CANCEL):
        with suppress(FileNotFoundError):
            os.unlink(stem + ending, dir_fd=folder)
