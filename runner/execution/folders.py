"""The private folder of a step: its command files, its script, its temporary files.

The guest may have replaced any of them by a link, a pipe or a flood of bytes, so each is opened
without following links, without waiting, and read up to a cap.
"""

from __future__ import annotations

import json
import os
import stat
from typing import Any

from runner.abi.guest import COMMAND_FILES
from runner.records import NamedTuple
from runner.workspace.clone import discard_tree

MAX_COMMAND_FILE = 8 * 1024 * 1024
SCRIPTS = frozenset({"script", "script.sh", "script.py"})
EVENT = "event.json"
_KEPT = SCRIPTS | {EVENT}
_OURS = _KEPT.union(COMMAND_FILES.values())


class StepFolder(NamedTuple):
    """`commands` becomes /runner; `temporary`, shared by the job's steps, /tmp; `empty` stands
    for / in the guest.
    """

    commands: str
    temporary: str
    empty: str

    def place_script(self, name: str, text: str) -> None:
        """Put the step's script there, and take earlier ones away; '' for a step without one.

        A file of that name is written over: on ext4 that takes 5 µs, a new file 300, and cutting
        one to nothing 1500.
        """
        for other in SCRIPTS:
            path = os.path.join(self.commands, other)
            if other != name and os.path.lexists(path):
                os.unlink(path)
        if name:
            flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            with open(os.open(os.path.join(self.commands, name), flags, 0o600), "wb") as file:
                file.write(text.encode("utf-8", "replace") or b"\n")
                file.truncate()

    def place_event(self, payload: Any) -> None:
        """Put the event's file there, unless it is there from an earlier step of the job."""
        path = os.path.join(self.commands, EVENT)
        if not os.path.lexists(path):
            with open(path, "x", encoding="ascii") as file:
                json.dump(payload, file)

    def read(self, variable: str) -> str:
        """Return what the guest left in a command file, '' if it removed it.

        Raises ValueError if there is something else than a file, or too much in it.
        """
        path = os.path.join(self.commands, COMMAND_FILES[variable])
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            descriptor = os.open(path, flags)
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise ValueError(f"cannot read the file: {error.strerror}") from error
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise ValueError("it is no longer a file")
            if status.st_size > MAX_COMMAND_FILE:
                raise ValueError(f"the file is larger than {MAX_COMMAND_FILE // 2**20} MiB")
            return os.read(descriptor, MAX_COMMAND_FILE).decode("utf-8", "replace")
        finally:
            os.close(descriptor)


def create_job_folder(work: str, number: int) -> str:
    """Make the private folder of a job (or leg) below the run's `work`; return its path."""
    root = os.path.join(work, f"job-{number}")
    os.mkdir(root)
    for name in ("tmp", "empty"):
        os.mkdir(os.path.join(root, name))
    return root


def open_step_folder(job_folder: str) -> StepFolder:
    """Return the folder of the job's next step, its command files empty (6.3).

    The last step's is used again as far as it left the files alone: making seven files takes
    longer than a short step. Only for steps that follow each other.
    """
    commands = os.path.join(job_folder, "runner")
    empty = _find_empty(commands)
    if empty is None:
        discard_tree(commands)
        os.mkdir(commands)
        empty = set()
    for name in set(COMMAND_FILES.values()) - empty:
        os.close(os.open(os.path.join(commands, name), os.O_CREAT | os.O_EXCL, 0o600))
    return StepFolder(commands, os.path.join(job_folder, "tmp"), os.path.join(job_folder, "empty"))


def _find_empty(commands: str) -> set[str] | None:
    """Remove the command files that were written to and return the names of the others.

    None for a folder that is missing or holds anything but plain files of ours. A file with a
    second name may be seen by later steps under that name: it is none of ours any more.
    """
    try:
        with os.scandir(commands) as entries:
            found = {entry.name: entry.stat(follow_symlinks=False) for entry in entries}
    except FileNotFoundError:
        return None
    is_plain = all(stat.S_ISREG(one.st_mode) and one.st_nlink == 1 for one in found.values())
    if not is_plain or not found.keys() <= _OURS:
        return None
    written = {name for name, one in found.items() if one.st_size} - _KEPT
    for name in written:
        os.unlink(os.path.join(commands, name))
    return found.keys() - written - _KEPT
