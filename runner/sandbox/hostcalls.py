"""The guest's way to its host: the import module `runner`, as a worker serves it (docs/PLUGINS.md).

Nothing is decided here: a worker may be in the hands of its guest, so the host checks all of it
again. What is refused here is refused early, to spare the host.
"""

from __future__ import annotations

import ctypes
import os

from runner.sandbox import memory
from runner.sandbox.messages import (
    CALL,
    CHANNEL,
    FAULT,
    INVALID,
    LARGEST_OPERATION,
    NO_HOST,
    TOO_LARGE,
    frame,
)

_STATUS = 4  # bytes of a reply's length, or of what went wrong


class HostCalls:
    """One guest's calls, one after the other: it waits in `call` until the host has replied."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self.largest = 0  # bytes of a request and of a reply; 0 while there is no host
        self._library = library
        self._reply = b""

    def call(self, caller: int, name: int, name_size: int, request: int, size: int) -> int:
        """Have the host do an operation; return the length of its reply or an error number."""
        self._reply = b""
        if not self.largest:
            return NO_HOST
        if name_size > LARGEST_OPERATION:
            return INVALID
        if size > self.largest:
            return TOO_LARGE
        operation, message = self._read(caller, name, name_size), self._read(caller, request, size)
        if operation is None or message is None:
            return FAULT
        _write_all(frame(CALL, bytes([name_size]) + operation + message))
        status = int.from_bytes(_read_exactly(_STATUS), "little", signed=True)
        if status > 0:
            self._reply = _read_exactly(status)
        return status

    def reply(self, caller: int, buffer: int, size: int) -> int:
        """Copy the reply, as much as fits, and return how many bytes that is."""
        text = self._reply[:size]
        address = memory.find(self._library, caller, buffer, len(text))
        if address is None:
            return FAULT
        ctypes.memmove(address, text, len(text))
        return len(text)

    def _read(self, caller: int, place: int, size: int) -> bytes | None:
        return memory.read(self._library, caller, place, size)


def _write_all(data: bytes) -> None:
    while data:
        data = data[os.write(CHANNEL, data) :]


def _read_exactly(size: int) -> bytes:
    pieces = []
    while size:
        piece = os.read(CHANNEL, size)
        if not piece:
            os._exit(1)  # the host has gone, and this process is about to follow
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
