"""Names inside a tree that somebody hostile may have written, opened without leaving that tree."""

from __future__ import annotations

import errno
import functools
import os
import stat
from typing import TYPE_CHECKING

from runner.errors import InvalidInput, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

_SYS_OPENAT2 = 437  # the same on every architecture that Python's wheels know
_RESOLVE = 0x02 | 0x04 | 0x08  # NO_MAGICLINKS, NO_SYMLINKS, BENEATH
_HOW_SIZE = 24  # struct open_how: flags, mode, resolve, 64 bits each
# Old container runtimes answer a call they do not know with EPERM.
_NO_OPENAT2 = frozenset({errno.ENOSYS, errno.EPERM})


def normalise(relative: str, *, where: Position | None = None) -> str:
    """Return `relative` without empty and `.` segments; the tree itself is `.`.

    Raises InvalidInput (`unsafe-path`) for what could name a place outside the tree or could not
    be shown to a guest: an absolute path, `..`, a NUL, a name that is not UTF-8. The disk is not
    asked, so links are still to be refused by `open_beneath`.
    """
    if relative.startswith("/"):
        raise _unsafe(relative, "is absolute", where)
    if "\0" in relative:
        raise _unsafe(relative, "contains a NUL", where)
    if not _is_unicode(relative):
        raise _unsafe(relative, "is not UTF-8", where)
    segments = [segment for segment in relative.split("/") if segment not in {"", "."}]
    if ".." in segments:
        raise _unsafe(relative, "contains `..`", where)
    return "/".join(segments) or "."


def printable(name: str) -> str:
    """Return `name` as one line of Unicode, with what a terminal or JSON would choke on escaped."""
    if name.isprintable():
        return name
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in name
    )


def open_beneath(root: int | str, relative: str, *, flags: int = os.O_PATH) -> int:
    """Open `relative` below `root` and return its descriptor (close-on-exec).

    No component may be a symbolic link (ELOOP) or lead out of `root` (EXDEV), also if the tree
    changes while we look. With both O_PATH and O_NOFOLLOW a link in the last place is opened as
    the link it is. `root` is trusted: a path is followed. Raises OSError with `relative` as its
    filename. O_CREAT is not for here: see `make_directories`.
    """
    name = _encode(relative)
    if isinstance(root, int):
        return _open_resolved(root, name, relative, flags | os.O_CLOEXEC)
    anchor = os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        return _open_resolved(anchor, name, relative, flags | os.O_CLOEXEC)
    finally:
        os.close(anchor)


def open_directory(root: int, relative: str) -> int:
    """Open the directory `relative` below `root` for reading, refusing links as `open_beneath`.

    It walks by itself and needs no system call binding, which a run that only copies and compares
    files would load for nothing (2.5 ms). Raises OSError with `relative` as its filename.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    return _walk(root, _encode(relative), relative, flags)


def find_link(root: int, relative: str) -> tuple[str, str] | None:
    """Return path and target of the first symbolic link on the way to `relative`, if there is one.

    For messages: it names what an ELOOP of the functions above met.
    """
    segments = relative.split("/")
    for end in range(1, len(segments) + 1):
        path = "/".join(segments[:end])
        try:
            link = _walk(root, _encode(path), path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            if stat.S_ISLNK(os.fstat(link).st_mode):
                return path, os.readlink("", dir_fd=link)
        finally:
            os.close(link)
    return None


def make_directories(root: int, relative: str) -> int:
    """Create the missing directories of `relative` below `root`; return the last one's descriptor.

    As `open_beneath`: a link on the way is refused, not followed.
    """
    directory = os.dup(root)
    for segment in _encode(relative).split(b"/"):
        if segment in {b"", b"."}:
            continue
        try:
            _ensure_directory(directory, segment)
            deeper = _open_step(directory, segment, relative, os.O_RDONLY | os.O_DIRECTORY)
        finally:
            os.close(directory)
        directory = deeper
    return directory


def _unsafe(relative: str, reason: str, where: Position | None) -> InvalidInput:
    hint = "write it relative to the workspace, without `..`"
    return InvalidInput(
        [Problem("unsafe-path", f"path `{printable(relative)}` {reason}", where, hint)]
    )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _encode(relative: str) -> bytes:
    """Return the bytes of `relative`, refusing what openat2 and the walk would treat unlike."""
    try:
        name = os.fsencode(relative)
    except UnicodeEncodeError as error:
        raise _failure(errno.EILSEQ, relative) from error
    if b"\0" in name:
        raise _failure(errno.EINVAL, relative)
    if name.startswith(b"/") or b".." in name.split(b"/"):
        raise _failure(errno.EXDEV, relative)
    return name or b"."


def _failure(code: int, relative: str) -> OSError:
    return OSError(code, os.strerror(code), relative)


def _open_resolved(root: int, name: bytes, relative: str, flags: int) -> int:
    code, descriptor = _openat2()(root, name, flags)
    if descriptor >= 0:
        return descriptor
    if code in _NO_OPENAT2:
        return _walk(root, name, relative, flags)
    raise _failure(code, relative)


@functools.cache
def _openat2() -> Callable[[int, bytes, int], tuple[int, int]]:
    """Bind the system call, which neither Python nor the C library offers, as -> errno, fd."""
    import ctypes  # 2.5 ms; only when a path is opened on behalf of a guest

    syscall = ctypes.CDLL(None, use_errno=True).syscall
    syscall.restype = ctypes.c_long
    word = ctypes.c_uint64 * 3
    number, size = ctypes.c_long(_SYS_OPENAT2), ctypes.c_long(_HOW_SIZE)

    def call(root: int, name: bytes, flags: int) -> tuple[int, int]:
        how = word(flags, 0, _RESOLVE)
        descriptor = syscall(number, ctypes.c_long(root), name, ctypes.byref(how), size)
        return ctypes.get_errno(), int(descriptor)

    return call


def _walk(root: int, name: bytes, relative: str, flags: int) -> int:
    """Do what openat2 does, a component at a time."""
    *parents, last = [part for part in name.split(b"/") if part not in {b"", b"."}] or [b"."]
    directory = os.dup(root)
    try:
        for parent in parents:
            deeper = _open_step(directory, parent, relative, os.O_PATH)
            os.close(directory)
            directory = deeper
        return _open_step(directory, last, relative, flags)
    finally:
        os.close(directory)


def _open_step(directory: int, name: bytes, relative: str, flags: int) -> int:
    """Open one component; a link is refused unless the caller wants the link itself."""
    wants_link = flags & os.O_PATH and flags & os.O_NOFOLLOW
    try:
        opened = os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)
    except OSError as error:
        code = error.errno or errno.EIO
        if code == errno.ENOTDIR and _is_link(directory, name):
            code = errno.ELOOP
        raise _failure(code, relative) from error
    if flags & os.O_PATH and not wants_link and stat.S_ISLNK(os.fstat(opened).st_mode):
        os.close(opened)
        raise _failure(errno.ELOOP, relative)
    return opened


def _is_link(directory: int, name: bytes) -> bool:
    try:
        return stat.S_ISLNK(os.lstat(name, dir_fd=directory).st_mode)
    except OSError:
        return False


def _ensure_directory(directory: int, name: bytes) -> None:
    try:
        os.mkdir(name, dir_fd=directory)
    except FileExistsError:
        return
