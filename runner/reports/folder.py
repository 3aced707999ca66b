"""Files of a run's folder, out of reach of guests."""

from __future__ import annotations

import os
from contextlib import suppress

_ENTER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


class Folder:
    """A folder that is held open: who moves or replaces it by name later changes nothing here."""

    def __init__(self, path: str, *, within: int | None = None) -> None:
        self._at = os.open(path, _ENTER, dir_fd=within)

    def enter(self, name: str) -> Folder:
        """Return the folder `name` below this one, made if it is not there."""
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=self._at)
        return Folder(name, within=self._at)

    def create(self, name: str) -> int:
        """Return a descriptor of the new file `name`."""
        return os.open(name, _NEW, 0o666, dir_fd=self._at)

    def replace(self, name: str, data: bytes) -> None:
        """Write `data` beside `name`, then rename it into place."""
        beside = f".{name}.{os.getpid()}"
        file = self.create(beside)
        try:
            write_all(file, data)
        finally:
            os.close(file)
        os.rename(beside, name, src_dir_fd=self._at, dst_dir_fd=self._at)

    def close(self) -> None:
        os.close(self._at)


def write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
