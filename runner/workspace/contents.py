"""The bytes of one open regular file: copied, hashed, or both."""

from __future__ import annotations

import os

# One system call of this size hashes as fast as any larger one; a larger buffer is allocated anew
# for each file and costs more than reading a small file does.
_CHUNK = 65536


def copy_contents(source: int, target: int, size: int) -> int:
    """Copy up to `size` bytes from `source` to `target`, both at their start; return how many.

    The kernel shares the blocks (reflink) where the file system can. Both stay independent. Holes
    stay holes: a file may claim a terabyte and hold nothing.
    """
    copied, size = 0, min(size, os.fstat(source).st_size)
    while copied < size:
        end = min(_seek(source, copied, os.SEEK_HOLE, otherwise=size), size)
        reached = _copy_run(source, target, copied, end)
        if reached < end:
            return reached  # the source has been cut meanwhile
        copied = end if end == size else min(_seek(source, end, os.SEEK_DATA, otherwise=size), size)
        if copied > end:
            os.ftruncate(target, copied)
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


def _seek(source: int, start: int, how: int, *, otherwise: int) -> int:
    try:
        return os.lseek(source, start, how)
    except OSError:  # ENXIO: nothing there any more; EINVAL: the file system knows no holes
        return otherwise


def _copy_run(source: int, target: int, start: int, end: int) -> int:
    """Copy what lies from `start` to `end`; return where it ended."""
    copied = _copy_in_kernel(source, target, start, end)
    os.lseek(target, copied, os.SEEK_SET)
    while copied < end:
        sent = os.sendfile(target, source, copied, end - copied)
        if not sent:
            break
        copied += sent
    return copied


def _copy_in_kernel(source: int, target: int, copied: int, end: int) -> int:
    """Use copy_file_range, which clones first; some file systems refuse it, some stop early."""
    try:
        while copied < end:
            moved = os.copy_file_range(source, target, end - copied, copied, copied)
            if not moved:
                break
            copied += moved
    except OSError:
        # EXDEV, EINVAL, EOPNOTSUPP, ENOSYS: not here. ENOSPC and its like come back at once from
        # the other way of copying, which is not caught.
        return copied
    return copied
