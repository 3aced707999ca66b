"""The private folder of a step: its command files, its script, its temporary files.

The guest may have replaced any of them by a link or a flood of bytes, so each is opened beneath
its folder without following links, and read up to a cap.
"""

from __future__ import annotations

import os
import stat

from runner.abi.guest import COMMAND_FILES
from runner.records import NamedTuple
from runner.workspace.clone import discard_tree

MAX_COMMAND_FILE = 8 * 1024 * 1024
SCRIPTS = ("script", "script.sh", "script.py")
_NAMES = frozenset({*COMMAND_FILES.values(), *SCRIPTS})


class StepFolder(NamedTuple):
    """`commands` becomes /runner; `temporary`, shared by the job's steps, /tmp; `empty` stands
    for / in the guest.
    """

    commands: str
    temporary: str
    empty: str

    def write(self, name: str, text: str) -> None:
        """Put a file there before the guest starts."""
        with open(os.path.join(self.commands, name), "w", encoding="utf-8", newline="") as file:
            file.write(text)

    def read(self, variable: str) -> str:
        """Return what the guest left in a command file; '' if it removed or replaced it."""
        path = os.path.join(self.commands, COMMAND_FILES[variable])
        try:
            found = os.lstat(path)
            if not found.st_size or not stat.S_ISREG(found.st_mode):
                return ""
            # The guest has ended, so what was just seen to be a plain file still is.
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return ""
        with open(descriptor, "rb") as file:
            return file.read(MAX_COMMAND_FILE).decode("utf-8", "replace")


def create_job_folder(work: str, number: int) -> str:
    """Make the private folder of a job (or leg) below the run's `work`; return its path."""
    root = os.path.join(work, f"job-{number}")
    os.mkdir(root)
    for name in ("tmp", "empty"):
        os.mkdir(os.path.join(root, name))
    return root


def open_step_folder(job_folder: str) -> StepFolder:
    """Return the folder of the job's next step, its command files empty (6.3).

    The last step's is used again if it left the files as such: making seven files takes longer
    than a short step. Only for steps that follow each other.
    """
    commands = os.path.join(job_folder, "runner")
    if not _clear(commands):
        discard_tree(commands)
        os.mkdir(commands)
        for name in COMMAND_FILES.values():
            os.close(os.open(os.path.join(commands, name), os.O_CREAT | os.O_EXCL, 0o600))
    return StepFolder(commands, os.path.join(job_folder, "tmp"), os.path.join(job_folder, "empty"))


def _clear(commands: str) -> bool:
    """Empty the files of a folder; False if it holds anything but our own plain files.

    A file with a second name may be seen by later steps under that name: it is not used again.
    """
    try:
        with os.scandir(commands) as entries:
            found = {entry.name: entry.stat(follow_symlinks=False) for entry in entries}
    except FileNotFoundError:
        return False
    is_ours = all(stat.S_ISREG(one.st_mode) and one.st_nlink == 1 for one in found.values())
    if not is_ours or not set(COMMAND_FILES.values()) <= found.keys() <= _NAMES:
        return False
    for name, one in found.items():
        if one.st_size:
            os.truncate(os.path.join(commands, name), 0)
    return True
