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
from functools import partial
from typing import Any

from runner.documents.nodes import Document, Mapping, Node, Scalar, Sequence
from runner.resources import locate
from runner.version import __version__

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
        except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError):
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


def _freeze(root: Node) -> dict[str, list[Any]]:
    """Return the tree as flat lists, which JSON reads several times faster than nested ones.

    Nodes are numbered breadth first, so that the children of a collection stand together;
    `collections` holds three numbers for each: its own, how many children, and 1 for a mapping.
    """
    nodes: list[Node] = [root]
    keys: list[Scalar] = []
    collections: list[int] = []
    for index, node in enumerate(nodes):
        if isinstance(node, Mapping):
            keys += [key for key, _ in node.entries]
            nodes += [value for _, value in node.entries]
            collections += (index, len(node.entries), 1)
        elif isinstance(node, Sequence):
            nodes += node.items
            collections += (index, len(node.items), 0)
    values = [node.value if isinstance(node, Scalar) else None for node in nodes]
    return {
        "nodes": [values, [node.line for node in nodes], [node.column for node in nodes]],
        "keys": [list(column) for column in zip(*keys, strict=True)] or [[], [], []],
        "collections": collections,
    }


def _thaw(data: dict[str, list[Any]]) -> Node:
    new_scalar = partial(tuple.__new__, Scalar)  # the constructor itself costs three times more
    nodes: list[Any] = list(map(new_scalar, zip(*data["nodes"], strict=True)))
    keys = list(map(new_scalar, zip(*data["keys"], strict=True)))
    numbers = iter(data["collections"])
    end, keys_end = len(nodes), len(keys)
    for index, count, is_mapping in reversed(list(zip(numbers, numbers, numbers, strict=True))):
        children = tuple(nodes[end - count : end])
        end -= count
        _, line, column = nodes[index]
        if is_mapping:
            entries = tuple(zip(keys[keys_end - count : keys_end], children, strict=True))
            keys_end -= count
            nodes[index] = Mapping(entries, line, column)
        else:
            nodes[index] = Sequence(children, line, column)
    return nodes[0]  # type: ignore[no-any-return]
