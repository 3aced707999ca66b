"""Compiled modules, kept from run to run.

    <folder>/entries/<module digest>-<library digest>-<configuration>   names a file of compiled/
    <folder>/compiled/<digest of its own bytes>                         machine code, mapped and run
    <folder>/digests/        what files are known to hash to

Compiled code is trusted as our own is. So the folder belongs to us alone, a file is named by its
content and checked against its name, and a worker gets it open for reading only.
"""

from __future__ import annotations

import fcntl
import os
import stat
import time
from typing import TYPE_CHECKING

from runner.errors import Denied, InvalidInput, Problem, Unavailable
from runner.sandbox.compiler import compile_module
from runner.sandbox.library import COMPONENT, CONFIGURATION, MODULE
from runner.workspace.digestmemory import Digests

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.sandbox.kill import Kill

_PATIENCE = 0.02  # seconds between looks whether another process has compiled
_FOLDERS = ("entries", "compiled", "digests")


class ModuleCache:
    """Opens modules as compiled code; compiles what is new. For any thread and many processes."""

    def __init__(self, folder: str, *, library: str, on_compile: Callable[[str], None]) -> None:
        self._folder = folder
        self._library = library
        self._on_compile = on_compile
        _make_private(folder)
        for name in _FOLDERS:
            os.makedirs(os.path.join(folder, name), mode=0o700, exist_ok=True)
        self._digests = Digests(os.path.join(folder, "digests"))
        self._entries: dict[str, str] = {}
        self._components: set[str] = set()

    def open(self, module: str, digest: str, *, kill: Kill) -> int:
        """Return a descriptor of the compiled code of the file `module`, read-only.

        May compile for a minute, unless ended by `kill`. Raises InvalidInput if the module is
        missing, has another digest or is neither a module nor a component; `is_component` tells
        afterwards which.
        """
        wasm = _open_module(module)
        try:
            found = self._digests.of(wasm)
            if found != digest:
                message = f"module `{module}` has the digest {found}, not {digest}"
                raise InvalidInput([Problem("module.digest", message)])
            if os.pread(wasm, len(COMPONENT), 0) == COMPONENT:
                self._components.add(digest)
            key = f"{digest}-{self._library_digest()}-{CONFIGURATION}"
            code = self._find(key)
            return self._make(key, wasm, module, kill) if code is None else code
        finally:
            os.close(wasm)

    def is_component(self, digest: str) -> bool:
        """Whether the module of that digest, which was opened, is a component."""
        return digest in self._components

    def open_own(self, text: str, *, kill: Kill) -> int:
        """Return the compiled code of a file of WebAssembly text that is part of this program."""
        descriptor = os.open(text, os.O_RDONLY | os.O_CLOEXEC)
        try:
            key = f"{self._digests.of(descriptor)}-{self._library_digest()}-{CONFIGURATION}"
            code = self._find(key)
            return self._make(key, descriptor, "", kill) if code is None else code
        finally:
            os.close(descriptor)

    def _library_digest(self) -> str:
        descriptor = os.open(self._library, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return self._digests.of(descriptor)
        finally:
            os.close(descriptor)

    def _find(self, key: str) -> int | None:
        """Open the code of `key`; None if there is none, or if it is not what was written."""
        name = self._entries.get(key) or self._read_entry(key)
        if not name:
            return None
        try:
            code = os.open(self._path("compiled", name), os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        if self._digests.of(code) != name:
            os.close(code)
            return None
        self._entries[key] = name
        return code

    def _read_entry(self, key: str) -> str:
        try:
            with open(self._path("entries", key), encoding="ascii") as file:
                return os.path.basename(file.read())
        except (OSError, ValueError):
            return ""

    def _make(self, key: str, wasm: int, module: str, kill: Kill) -> int:
        """Compile once, even if several processes ask at once: the others wait for the lock.

        `module` is empty for what is our own.
        """
        lock = os.open(self._path("entries", f"{key}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(lock, kill)
            code = self._find(key)
            if code is None:
                self._compile(key, wasm, module, kill)
                code = self._find(key)
        finally:
            os.close(lock)
        if code is None:
            raise Denied(
                [Problem("sandbox.cache", f"`{self._folder}` is changed by somebody else")]
            )
        return code

    def _compile(self, key: str, wasm: int, module: str, kill: Kill) -> None:
        if module:
            _check_kind(os.pread(wasm, 8, 0), module)
            self._on_compile(module)
        temporary = self._path("compiled", f"{key}.new")
        code = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            digest = key.partition("-")[0]
            compile_module(wasm, code, digest=digest, library=self._library, kill=kill)
            name = self._digests.of(code)
            os.replace(temporary, self._path("compiled", name))
        except BaseException:
            os.unlink(temporary)
            raise
        finally:
            os.close(code)
        self._write_entry(key, name)

    def _write_entry(self, key: str, name: str) -> None:
        """Point `key` at `name`; under the lock, so the temporary name is nobody else's."""
        temporary = self._path("entries", f"{key}.new")
        with open(temporary, "w", encoding="ascii") as file:
            file.write(name)
        os.replace(temporary, self._path("entries", key))
        self._entries[key] = name

    def _path(self, kind: str, name: str) -> str:
        return os.path.join(self._folder, kind, name)


def _make_private(folder: str) -> None:
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        status = os.lstat(folder)
    except OSError as error:
        raise _unusable(f"the cache `{folder}` cannot be made: {error.strerror}") from error
    if status.st_uid != os.geteuid() or not stat.S_ISDIR(status.st_mode):
        raise _unusable(f"`{folder}` is not a folder of our own, so code in it cannot be trusted")
    if stat.S_IMODE(status.st_mode) != 0o700:
        os.chmod(folder, 0o700)


def _unusable(message: str) -> Unavailable:
    hint = "let WASI_RUNNER_CACHE name a folder that you own"
    return Unavailable([Problem("sandbox.cache", message, hint=hint)])


def _lock(descriptor: int, kill: Kill) -> None:
    """Wait for the lock or for the end of the run; nothing is told when a lock comes free."""
    while not kill.is_requested:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PATIENCE)
        else:
            return
    raise Denied([Problem("sandbox.cancelled", "cancelled")])


def _open_module(module: str) -> int:
    try:
        return os.open(module, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        message = f"module `{module}` cannot be opened: {error.strerror}"
        raise InvalidInput([Problem("module.missing", message)]) from error


def _check_kind(head: bytes, module: str) -> None:
    """Refuse what wasmtime would take though it is no module: it reads WAT text as well."""
    if head not in {MODULE, COMPONENT}:
        message = f"`{module}` is not a WebAssembly module"
        raise InvalidInput([Problem("module.invalid", message)])
