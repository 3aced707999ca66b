"""The private folder of a step: its command files, its script, its temporary files.

The guest may have replaced any of them by a link or a flood of bytes, so each is opened beneath
its folder without following links, and read up to a cap.
"""

from __future__ import annotations

import os
import stat

from runner.abi.guest import COMMAND_FILES
from runner.records import NamedTuple
from runner.workspace.paths import open_beneath

MAX_COMMAND_FILE = 8 * 1024 * 1024


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
        flags = os.O_RDONLY | os.O_NONBLOCK
        try:
            descriptor = open_beneath(self.commands, COMMAND_FILES[variable], flags=flags)
        except OSError:
            return ""
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return ""
            return file.read(MAX_COMMAND_FILE).decode("utf-8", "replace")


def create_job_folder(work: str, number: int) -> str:
    """Make the private folder of a job (or leg) below the run's `work`; return its path."""
    root = os.path.join(work, f"job-{number}")
    os.mkdir(root)
    for name in ("tmp", "empty"):
        os.mkdir(os.path.join(root, name))
    return root


def create_step_folder(job_folder: str, index: int) -> StepFolder:
    """Make the command files of step number `index`, new and empty (6.3)."""
    commands = os.path.join(job_folder, f"step-{index}")
    os.mkdir(commands)
    for name in COMMAND_FILES.values():
        os.close(os.open(os.path.join(commands, name), os.O_CREAT | os.O_EXCL, 0o600))
    return StepFolder(commands, os.path.join(job_folder, "tmp"), os.path.join(job_folder, "empty"))
