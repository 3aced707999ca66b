"""The command files of a call: empty before it, and read back with suspicion after it.

The guest may have replaced any of them by a link, a pipe or a flood of bytes, so each is opened
without following links, without waiting, and read up to a cap.
"""

from __future__ import annotations

import os
import stat

from runner.abi.guest import COMMAND_FILES
from runner.workspace.clone import discard_tree

MAX_COMMAND_FILE = 8 * 1024 * 1024


class TooLarge(ValueError):
    """A command file holds more than MAX_COMMAND_FILE; `size` is in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the file is larger than {MAX_COMMAND_FILE // 2**20} MiB")
        self.size = size


def renew(folder: str, *, kept: frozenset[str] = frozenset()) -> None:
    """Let `folder` hold the command files, empty, and nothing else but files named in `kept`.

    The last call's are used again as far as it left them alone: making seven files takes longer
    than a short call. Only for calls that follow each other.
    """
    empty = _find_empty(folder, kept)
    if empty is None:
        discard_tree(folder)
        os.mkdir(folder)
        empty = set()
    for name in set(COMMAND_FILES.values()) - empty:
        os.close(os.open(os.path.join(folder, name), os.O_CREAT | os.O_EXCL, 0o600))


def read(folder: str, variable: str) -> str:
    """Return what the guest left in a command file, '' if it removed it.

    A byte order mark is not part of the text. Raises ValueError if there is something else than a
    file, TooLarge if there is too much in it.
    """
    path = os.path.join(folder, COMMAND_FILES[variable])
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
            raise TooLarge(status.st_size)
        text = os.read(descriptor, MAX_COMMAND_FILE).decode("utf-8", "replace")
        return text.removeprefix("\ufeff")
    finally:
        os.close(descriptor)


def _find_empty(folder: str, kept: frozenset[str]) -> set[str] | None:
    """Remove the command files that were written to and return the names of the others.

    None for a folder that is missing or holds anything but plain files of ours. A file with a
    second name may be seen by later calls under that name: it is none of ours any more.
    """
    try:
        with os.scandir(folder) as entries:
            found = {entry.name: entry.stat(follow_symlinks=False) for entry in entries}
    except FileNotFoundError:
        return None
    is_plain = all(stat.S_ISREG(one.st_mode) and one.st_nlink == 1 for one in found.values())
    if not is_plain or not found.keys() <= kept.union(COMMAND_FILES.values()):
        return None
    written = {name for name, one in found.items() if one.st_size} - kept
    for name in written:
        os.unlink(os.path.join(folder, name))
    return found.keys() - written - kept
