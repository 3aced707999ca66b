"""From what the shim noted to what a person reads: the permission that is missing, and its YAML."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from runner.abi import Denial
from runner.abi.guest import TMP, WORKSPACE
from runner.sandbox.request import FIRST_DIRECTORY
from runner.workspace.paths import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.abi import Directory, Invocation

# As shim/back.wat counts them.
READ, WRITE, MAKE, REMOVE, RENAME, LINK, SET_TIMES, TOO_LARGE, GROWN, MULTIPLIED, THREAD = range(
    1, 12
)
_VERBS = {
    READ: "read",
    WRITE: "write",
    MAKE: "make the folder",
    REMOVE: "remove",
    RENAME: "rename",
    LINK: "make the link",
    SET_TIMES: "set the times of",
}
_NOT_FOUND = 44
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-")


class Refusals:
    """Explains the refusals of one execution. What it is told may be anything at all."""

    def __init__(self, invocation: Invocation, directories: Sequence[Directory]) -> None:
        self._invocation = invocation
        self._directories = directories

    def explain(self, payload: bytes) -> Denial | None:
        """Return the denial, or None for what is none: a name that is nowhere, or no sense."""
        try:
            act, error, descriptor, path = _parse(payload)
        except ValueError:
            return None
        if act in {GROWN, MULTIPLIED}:
            return Denial(GROWTH, "")
        if act == THREAD:
            return Denial("system.max_threads", "start a thread")
        if act == TOO_LARGE:
            return self._explain_size()
        place = self._locate(descriptor, path)
        tried = f"{_VERBS.get(act, 'use')} `{printable(place or path)}`"
        if act == MAKE and not error:
            grant = "filesystem: {create_directories: true}"
            return Denial("filesystem.create_directories", tried, grant)
        if not place:
            return Denial(_permission(act), tried)
        return self._explain_path(act, error, place, tried)

    def _explain_size(self) -> Denial:
        limit = self._invocation.limits.file_size
        grant = f"filesystem: {{max_file_size: {2 * limit}}}"
        return Denial("filesystem.max_file_size", f"write a file of more than {limit} bytes", grant)

    def _explain_path(self, act: int, error: int, place: str, tried: str) -> Denial | None:
        guests = [row.guest for row in self._directories]
        if _is_within(place, TMP) and TMP not in guests:
            return Denial("filesystem.temp_access", tried, "filesystem: {temp_access: true}")
        if error == _NOT_FOUND and not _is_within(place, WORKSPACE):
            return None
        shown = [row for row in self._directories if _is_within(place, row.guest)]
        nearest = max(shown, key=lambda row: len(row.guest), default=None)
        # What is shown with the right that the act takes was refused for leading out.
        leads_out = nearest and not nearest.is_partial and (nearest.writable or act == READ)
        if leads_out or not _is_within(place, WORKSPACE):
            return Denial(_permission(act), tried)
        field = "read_paths" if act == READ else "write_paths"
        relative = posixpath.relpath(place, WORKSPACE)
        return Denial(_permission(act), tried, f"filesystem: {{{field}: [{_quote(relative)}]}}")

    def _locate(self, descriptor: int, path: str) -> str:
        """Return the guest path of what was tried; empty if only its end is known."""
        row = descriptor - FIRST_DIRECTORY
        if not 0 <= row < len(self._directories):
            return ""
        return posixpath.normpath(posixpath.join(self._directories[row].guest, path))


GROWTH = "resources.growth"
"""Stands for a limit that was hit, which is no denial but an end."""


def _parse(payload: bytes) -> tuple[int, int, int, str]:
    act, error, descriptor, path = payload.split(b" ", 3)
    return int(act), int(error), int(descriptor), path.decode("utf-8", "replace")


def _permission(act: int) -> str:
    return "filesystem.read_paths" if act == READ else "filesystem.write_paths"


def _is_within(place: str, folder: str) -> bool:
    return place == folder or place.startswith(f"{folder.rstrip('/')}/")


def _quote(text: str) -> str:
    """Return `text` as a YAML scalar within a flow sequence."""
    if text and set(text) <= _PLAIN and text[0] not in "-.0123456789" and not _is_word(text):
        return text
    escaped = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return "." if text == "." else f'"{escaped}"'


def _is_word(text: str) -> bool:
    return text.lower() in {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
