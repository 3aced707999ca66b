"""Trees of documents that were found valid, by content: a known file is not checked again.

Parsing and checking cost over 100 ms of imports alone; what is kept here is read back without
any of them. An entry is one JSON file, headed by the digest of the rest; whatever is unreadable,
foreign or damaged counts as absent, and what cannot be written is not kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from typing import Any

from runner import __version__
from runner.documents.nodes import Document, Mapping, Node, Scalar, Sequence
from runner.resources import locate

MAX_ENTRIES = 256


class Memory:
    """What is known in `folder` about documents of one schema; made anew by every version."""

    def __init__(self, folder: str, schema: str) -> None:
        self._folder = folder
        with open(locate("schemas", f"{schema}.schema.json"), "rb") as file:
            self._epoch = hashlib.sha256(file.read() + __version__.encode()).digest()

    def recall(self, file: str, content: bytes) -> Document | None:
        """Return the valid document that has this content, if it is known."""
        digest = hashlib.sha256(content).hexdigest()
        try:
            with open(self._path(digest), "rb") as entry:
                head, _, body = entry.read().partition(b"\n")
            if head.decode() != hashlib.sha256(body).hexdigest():
                return None
            root = _thaw(json.loads(body))
        except (OSError, ValueError, TypeError, RecursionError):
            return None
        return Document(file, content.decode("utf-8-sig"), digest, root)

    def keep(self, document: Document) -> None:
        """Remember a document that was found valid."""
        body = json.dumps(_freeze(document.root), separators=(",", ":")).encode()
        path = self._path(document.digest)
        beside = f"{path}.{os.getpid()}.{os.urandom(4).hex()}"
        with contextlib.suppress(OSError):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            self._prune()
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with open(os.open(beside, flags, 0o600), "wb") as entry:
                entry.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            os.replace(beside, path)

    def _path(self, digest: str) -> str:
        key = hashlib.sha256(self._epoch + digest.encode()).hexdigest()
        return os.path.join(self._folder, f"{key}.json")

    def _prune(self) -> None:
        """Forget the older half when there are too many entries."""
        with os.scandir(self._folder) as listing:
            entries = list(listing)
        if len(entries) < MAX_ENTRIES:
            return
        entries.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
        for entry in entries[: MAX_ENTRIES // 2]:
            os.unlink(entry.path)


def _freeze(node: Node) -> list[Any]:
    """Return lists: [line, column, value] or [line, column, items]; four items for a mapping."""
    if isinstance(node, Scalar):
        return [node.line, node.column, node.value]
    if isinstance(node, Sequence):
        return [node.line, node.column, [_freeze(item) for item in node.items]]
    flat: list[Any] = []
    for key, value in node.entries:
        flat += (key.value, key.line, key.column, _freeze(value))
    return [node.line, node.column, flat, 0]


def _thaw(data: Any) -> Node:
    if len(data) == 4:
        line, column, flat, _ = data
        keys = map(Scalar, flat[0::4], flat[1::4], flat[2::4])
        return Mapping(tuple(zip(keys, map(_thaw, flat[3::4]), strict=True)), line, column)
    line, column, value = data
    if isinstance(value, list):
        return Sequence(tuple(map(_thaw, value)), line, column)
    return Scalar(value, line, column)
