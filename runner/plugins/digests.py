"""SHA-256 of files that rarely change, remembered by what the disk says of them.

Hashing a module of 8 MB costs 10 ms, a whole step costs less.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time

_MAX_ENTRIES = 512
_CHUNK = 2**20
# A file changed twice within the clock's grain looks the same: one this young is hashed again.
_SETTLED = 2.0


def digest_file(path: str, *, memory: str) -> str:
    """Return the hex SHA-256 of the file; `memory` is the JSON file that keeps the known ones.

    Damaged or unwritable memory only costs time. Raises `OSError` if `path` cannot be read.
    """
    real = os.path.realpath(path)
    with open(real, "rb") as file:
        status = os.fstat(file.fileno())
        identity = [
            status.st_dev,
            status.st_ino,
            status.st_size,
            status.st_mtime_ns,
            status.st_ctime_ns,
        ]
        known = _load(memory)
        entry = known.get(real)
        if isinstance(entry, list) and entry[:-1] == identity and isinstance(entry[-1], str):
            return entry[-1]
        hasher = hashlib.sha256()
        while chunk := file.read(_CHUNK):
            hasher.update(chunk)
    digest = hasher.hexdigest()
    if time.time() - max(status.st_mtime, status.st_ctime) > _SETTLED:
        known.pop(real, None)
        known[real] = [*identity, digest]
        _save(memory, dict(list(known.items())[-_MAX_ENTRIES:]))
    return digest


def _load(memory: str) -> dict[str, object]:
    try:
        with open(memory, encoding="utf-8") as file:
            known = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def _save(memory: str, known: dict[str, object]) -> None:
    beside = f"{memory}.{os.getpid()}.{os.urandom(4).hex()}"
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(memory), mode=0o700, exist_ok=True)
        with open(beside, "x", encoding="utf-8") as file:
            json.dump(known, file)
        os.replace(beside, memory)
