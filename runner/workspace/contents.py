"""The bytes of one open regular file: copied, hashed, or both."""

from __future__ import annotations

import os

# One system call of this size hashes as fast as any larger one; a larger buffer is allocated anew
# for each file and costs more than reading a small file does.
_CHUNK = 65536


def copy_contents(source: int, target: int, size: int) -> int:
    """Copy up to `size` bytes from `source` to `target`, both at their start; return how many.

    The kernel shares the blocks (reflink) where the file system can. Both stay independent.
    """
    copied = _copy_in_kernel(source, target, size)
    while copied < size:
        sent = os.sendfile(target, source, copied, size - copied)
        if not sent:
            break
        copied += sent
    return copied


def digest_contents(descriptor: int, *, limit: int) -> tuple[str, int]:
    """Return the hex SHA-256 of the rest of `descriptor`, and how many bytes that took.

    The digest is empty if there are more than `limit` bytes.
    """
    import hashlib  # 3 ms; only when something changed

    state = hashlib.sha256()
    read = 0
    while chunk := os.read(descriptor, _CHUNK):
        read += len(chunk)
        if read > limit:
            return "", read
        state.update(chunk)
    return state.hexdigest(), read


def digest_text(text: str) -> str:
    """Return the hex SHA-256 of a link's target or another name from the disk."""
    import hashlib  # 3 ms; only when something changed

    return hashlib.sha256(os.fsencode(text)).hexdigest()


def _copy_in_kernel(source: int, target: int, size: int) -> int:
    """Use copy_file_range, which clones first; some file systems refuse it, some stop early."""
    copied = 0
    try:
        while copied < size:
            moved = os.copy_file_range(source, target, size - copied, copied, copied)
            if not moved:
                break
            copied += moved
    except OSError:
        # EXDEV, EINVAL, EOPNOTSUPP, ENOSYS: not here. ENOSPC and its like come back at once from
        # the other way of copying, which is not caught.
        os.lseek(target, copied, os.SEEK_SET)
        return copied
    os.lseek(target, copied, os.SEEK_SET)
    return copied
