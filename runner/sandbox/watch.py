"""What the shim asks of its worker: to tell of refusals, and to look how much there is."""

from __future__ import annotations

import os

from runner.sandbox import growth, memory
from runner.sandbox.messages import CHANNEL, REFUSAL, frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ctypes
    from collections.abc import Callable, Sequence

_MOST_NOTES = 100  # different ones
_LONGEST_PATH = 512  # bytes
_THREAD, _TRY_LATER = 11, -6


class Watch:
    """The eyes of one guest's shim."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        self._noted: set[bytes] = set()
        self._folders: list[Callable[[str], int]] = []
        self._most = (0, 0)  # bytes, names

    def limit(self, folders: Sequence[bytes], *, size: int, names: int) -> None:
        """Bound by how much `folders`, host paths, may grow from now on; 0 is no limit."""
        if size or names:
            self._folders = [_opener(os.fsdecode(folder)) for folder in folders]
            now = growth.measure(self._folders)
            self._most = now[0] + size, now[1] + names

    def measure(self, _caller: int, which: int) -> int:
        """Return how many bytes (0) or names (1) may still come."""
        return max(0, self._most[which] - growth.measure(self._folders)[which])

    def note(self, caller: int, act: int, error: int, descriptor: int, path: int, size: int) -> int:
        """Tell of a refusal, each once; return 1 if enough have been told."""
        text = memory.read(self._library, caller, path, min(size, _LONGEST_PATH)) or b""
        payload = b"%d %d %d %s" % (act, error, descriptor, text)
        if payload not in self._noted:
            self._noted.add(payload)
            os.write(CHANNEL, frame(REFUSAL, payload))
        return int(len(self._noted) >= _MOST_NOTES)

    def refuse_thread(self, caller: int, _argument: int) -> int:
        """Answer `wasi.thread-spawn`: no."""
        self.note(caller, _THREAD, 0, 0, 0, 0)
        return _TRY_LATER


def _opener(root: str) -> Callable[[str], int]:
    return lambda path: os.open(f"{root}/{path}", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
