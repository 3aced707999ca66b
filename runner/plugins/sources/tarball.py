"""One file out of a hostile archive, in memory: nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import posixpath
import tarfile
import zlib
from typing import Any

from runner.errors import Denied, InvalidInput, Problem

MAX_UNPACKED = 1024 * 2**20
MAX_FILE = 512 * 2**20
MAX_MEMBERS = 50_000


def extract(content: bytes, path: str, *, origin: str) -> bytes:
    """Return the file `path` of a gzipped tar archive whose members lie in one top folder.

    Only a regular file is taken; links are not followed. Raises `InvalidInput` if it is not
    there, `Denied` if the archive is damaged or larger than the caps.
    """
    seen: list[str] = []
    try:
        with (
            _CappedGunzip(content) as stream,
            tarfile.open(fileobj=stream, mode="r|") as archive,
        ):
            for member in archive:
                name = posixpath.normpath(member.name).partition("/")[2]
                if name == path:
                    return _read(archive, member, origin)
                seen.append(name)
                if len(seen) > MAX_MEMBERS:
                    raise _refused(origin, f"it has more than {MAX_MEMBERS} members")
    except (tarfile.TarError, zlib.error, EOFError, OverflowError, UnicodeError) as error:
        raise _refused(origin, f"it is not a sound archive ({error})") from error
    except _TooLargeError as error:
        raise _refused(origin, f"it unpacks to more than {MAX_UNPACKED // 2**20} MiB") from error
    modules = [name for name in seen if name.endswith(".wasm")][:20]
    hint = f"its modules: {', '.join(modules)}" if modules else "it has no `.wasm` file"
    raise InvalidInput([Problem("module-not-found", f"{origin} has no file `{path}`", hint=hint)])


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo, origin: str) -> bytes:
    if not member.isreg():
        raise _refused(origin, f"its `{member.name}` is not a regular file")
    if member.size > MAX_FILE:
        raise _refused(origin, f"its `{member.name}` is larger than {MAX_FILE // 2**20} MiB")
    file = archive.extractfile(member)
    content = file.read(MAX_FILE + 1) if file else b""
    if len(content) != member.size:
        raise _refused(origin, f"its `{member.name}` is cut off")
    return content


def _refused(origin: str, reason: str) -> Denied:
    return Denied([Problem("module-refused", f"{origin} is refused: {reason}")])


class _TooLargeError(Exception):
    pass


class _CappedGunzip(io.RawIOBase):
    """Decompresses a piece at a time and stops at the cap, however small the archive was."""

    def __init__(self, content: bytes) -> None:
        self._inflate = zlib.decompressobj(wbits=31)
        self._pending = content
        self._total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        piece = self._inflate.decompress(self._pending, len(view))
        self._pending = self._inflate.unconsumed_tail
        self._total += len(piece)
        if self._total > MAX_UNPACKED:
            raise _TooLargeError
        view[: len(piece)] = piece
        return len(piece)
