"""`runner.lock`: which plugins of other repositories somebody has approved, to the byte."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from functools import cache
from typing import TYPE_CHECKING, Any

from runner import permissions
from runner.documents.nodes import Mapping, plain
from runner.documents.reader import load
from runner.errors import InvalidInput, Position, Problem
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runner.documents.nodes import Document
    from runner.permissions import Permissions
    from runner.plugins.resolve import Plugin

FILE_NAME = "runner.lock"
SCHEMA = "lock"
MAX_LOCK = 4 * 2**20
_HEAD = "# Written by `runner lock`: plugins of other repositories, as somebody approved them.\n"
RENEW = "look at what changed, then approve it: `runner lock FILE...`"


class Locked(NamedTuple):
    """`files` is the hex SHA-256 of the plugin's folder; `where` is the entry's place."""

    files: str
    allowed: Permissions
    where: Position


class Lock(NamedTuple):
    """Approved plugins by what `uses:` says."""

    plugins: dict[str, Locked]

    def approve(self, plugin: Plugin) -> Permissions | None:
        """Return what `plugin` may do, None if nobody approved it in any version.

        Raises InvalidInput for one that is not, to the byte, what was approved.
        """
        locked = self.plugins.get(plugin.reference)
        if locked is None:
            return None
        if digest_folder(plugin.folder) == locked.files:
            return locked.allowed
        more = permissions.missing(plugin.manifest.permissions, locked.allowed)
        asks = f"; it asks for more: `{permissions.grant_text(more)}`" if more else ""
        message = f"`{plugin.reference}` is not what {locked.where} approves{asks}"
        raise InvalidInput([Problem("lock-changed", message, hint=RENEW)])


def read_file(path: str, *, memory: str | None = None) -> Lock:
    """Read the lock at `path`; raises InvalidInput with every problem and its place."""
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_LOCK)
    except OSError as error:
        message = f"cannot read the lock: {error.strerror}"
        raise InvalidInput([Problem("lock-unreadable", message, Position(path))]) from error
    document = load(path, content, SCHEMA, rules=_find_problems, memory=memory)
    return Lock({name: _read(document, node) for name, node in _entries(document)})


def write_text(plugins: Iterable[Plugin]) -> str:
    """Return the lock that approves these plugins with all that they request."""
    entries = {
        plugin.reference: {
            "files": digest_folder(plugin.folder),
            "allow": permissions.to_data(plugin.manifest.permissions),
        }
        for plugin in sorted(plugins, key=lambda plugin: plugin.reference)
    }
    # JSON is YAML; what it makes of numbers and texts needs no second look.
    return _HEAD + json.dumps({"version": 1, "plugins": entries}, indent=2) + "\n"


@cache  # a pipeline may use one plugin a thousand times
def digest_folder(folder: str) -> str:
    """Return the hex SHA-256 over names and contents of all that a plugin's folder holds.

    A folder is read once in the life of the process: what is approved is what was planned with.
    Links count by what they say and are not followed. Only a `.git` at the top is left out, which
    no commit can hold: anything else a plugin could read later, and it would not be what was
    approved. Modules that come from elsewhere are pinned by the manifest itself.
    """
    whole = hashlib.sha256()
    for path, folders, files in os.walk(folder):
        linked = [name for name in folders if os.path.islink(os.path.join(path, name))]
        private = {".git"} if path == folder else set[str]()
        folders[:] = sorted({*folders} - {*linked} - private)
        for name in sorted([*files, *linked]):
            file = os.path.join(path, name)
            kind, content = _read_content(file)
            shown = os.fsencode(os.path.relpath(file, folder))
            whole.update(b"%d %b %d:%b" % (len(shown), kind, len(content), shown) + content)
    return whole.hexdigest()


def _read_content(file: str) -> tuple[bytes, bytes]:
    """Return what kind of thing a file is, and its digest, or what a link says."""
    if os.path.islink(file):
        return b"link", os.fsencode(os.readlink(file))
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return b"other", b""
            return b"file", hashlib.file_digest(stream, "sha256").digest()
    except OSError as error:
        message = f"cannot read `{file}`: {error.strerror}"
        raise InvalidInput([Problem("lock-unreadable", message)]) from error


def _entries(document: Document) -> Iterator[tuple[str, Mapping]]:
    root = document.root
    plugins = root.get("plugins") if isinstance(root, Mapping) else None
    for key, node in plugins.entries if isinstance(plugins, Mapping) else ():
        if isinstance(node, Mapping):
            yield str(key.value), node


def _read(document: Document, node: Mapping) -> Locked:
    data = plain(node)
    allowed, _ = permissions.parse(data["allow"] or {})
    return Locked(data["files"], allowed, document.position(node))


def _find_problems(document: Document) -> Iterator[Problem]:
    """Yield what no schema can say; documents of any shape come here."""
    for _, node in _entries(document):
        data: Any = plain(node).get("allow")
        try:
            _, faults = permissions.parse(data or {})
        except (TypeError, AttributeError, ValueError):  # the schema says which
            continue
        for fault in faults:
            yield Problem(fault.code, fault.message, document.position(node), fault.hint)
