"""What a commit says of itself: who made it, when, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple
from runner.workspace.gitprocess import GitProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.workspace.repository import Repository

_MAX_SIZE = 1 << 20  # bytes that are looked at; a longer message is cut


class Signature(NamedTuple):
    """`time` in seconds since the epoch, `offset` from UTC in seconds where it was made."""

    name: str
    email: str
    time: int = 0
    offset: int = 0


class Commit(NamedTuple):
    """`parents` are SHAs; the message has no newline at its end."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


def begin_reading(repository: Repository, sha: str) -> Callable[[], Commit | None]:
    """Return what gives the commit `sha`, None if it cannot be read; call it once.

    A commit that lies in a file of its own, as new ones do, is read without git; for one in a
    pack a git process starts now.
    """
    if not sha:
        return lambda: None
    try:
        with open(f"{repository.shared}/objects/{sha[:2]}/{sha[2:]}", "rb") as file:
            packed = file.read(_MAX_SIZE)
    except OSError:
        return _begin_asking(repository, sha)
    return lambda: _parse(sha, _inflate(packed).partition(b"\0")[2])


def _begin_asking(repository: Repository, sha: str) -> Callable[[], Commit | None]:
    try:
        process = GitProcess(repository.top, "cat-file", "commit", sha)
    except OSError:
        return lambda: None
    return lambda: _parse(sha, process.finish()[1][:_MAX_SIZE])


def _inflate(packed: bytes) -> bytes:
    import zlib  # 0.7 ms; not for a commit in a pack

    try:
        return zlib.decompressobj().decompress(packed, _MAX_SIZE)
    except zlib.error:
        return b""


def _parse(sha: str, content: bytes) -> Commit | None:
    head, _, message = content.partition(b"\n\n")
    fields: dict[bytes, list[bytes]] = {}
    for line in head.split(b"\n"):
        name, _, value = line.partition(b" ")
        fields.setdefault(name, []).append(value)
    if not fields.keys() >= {b"tree", b"author", b"committer"}:
        return None
    return Commit(
        sha,
        _decode(fields[b"tree"][0]),
        tuple(map(_decode, fields.get(b"parent", ()))),
        _read_signature(fields[b"author"][0]),
        _read_signature(fields[b"committer"][0]),
        _decode(message).rstrip("\n"),
    )


def _read_signature(line: bytes) -> Signature:
    """Read `Name <mail> seconds +hhmm`; what is damaged counts as 1970, UTC."""
    before, _, after = _decode(line).rpartition("> ")
    name, _, email = before.partition("<")
    seconds, _, zone = after.partition(" ")
    digits = zone.lstrip("+-")
    if not (seconds.isdecimal() and len(seconds) < 12 and digits.isdecimal() and len(digits) == 4):
        return Signature(name.strip(), email)
    offset = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return Signature(name.strip(), email, int(seconds), -offset if zone[0] == "-" else offset)


def _decode(text: bytes) -> str:
    return text.decode("utf-8", "replace")
