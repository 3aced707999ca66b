"""One guest: what it sees, how much it may have, and how it ends."""

from __future__ import annotations

import ctypes

from runner.sandbox import capi
from runner.sandbox.stopped import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.sandbox.engine import Engine

# One memory and sixteen tables of its own; the others are the shim's, and are there before it.
_MEMORIES, _TABLES, _INSTANCES = 2, 17, 4
# A component is made of many modules.
_COMPONENT = 20, 100, 100
_LARGEST_EXIT_CODE = 255
_START, _SETUP = b"_start", b"_initialize"
_NOBODY_BEHIND = "uninitialized element"
_TOO_EARLY = "module has no memory that it exports, or calls the system before `_start`"
_NO_MEMORY = ("exceeds memory limits", "failed to reserve")


class Guest:
    """A linked module in a store of its own. Use from one thread, once."""

    def __init__(self, engine: Engine) -> None:
        """Make all that does not depend on the module; raises Stopped."""
        self._engine = engine
        self._library = engine.library
        self._instance = capi.Item()
        self._store = self._library.wasmtime_store_new(engine.handle, None, None)
        self._context: int = self._library.wasmtime_store_context(self._store)
        with _told_of_memory():
            engine.between.begin(self._context, engine.guests)

    @property
    def context(self) -> int:
        """The store's, for who runs something else in it."""
        return self._context

    def limit(self, *, memory: int, table_elements: int, is_component: bool = False) -> None:
        """Bound its memory, in bytes, and its tables; 0 is no limit."""
        memories, tables, instances = (
            _COMPONENT if is_component else (_MEMORIES, _TABLES, _INSTANCES)
        )
        self._library.wasmtime_store_limiter(
            self._store, memory or -1, table_elements or -1, instances, tables, memories
        )

    def show(
        self,
        *,
        arguments: Sequence[bytes],
        environment: Sequence[tuple[bytes, bytes]],
        directories: Sequence[tuple[bytes, bytes, bool]],
        output: bytes | None,
    ) -> None:
        """Give the guest its world: directories are (host path, guest path, writable).

        Standard output and error go to the file `output`, if any; that starts threads. Raises
        Stopped.
        """
        library = self._library
        wasi = library.wasi_config_new()
        library.wasi_config_set_argv(wasi, len(arguments), _texts(arguments))
        names = _texts([name for name, _ in environment])
        values = _texts([value for _, value in environment])
        library.wasi_config_set_env(wasi, len(environment), names, values)
        for host, guest, writable in directories:
            if not library.wasi_config_preopen_dir(wasi, host, guest, writable):
                shown = guest.decode("utf-8", "replace")
                raise Stopped("denied", f"directory `{shown}` cannot be opened")
        if output is not None:
            library.wasi_config_set_stdout_file(wasi, output)
            library.wasi_config_set_stderr_file(wasi, output)
        self._engine.check(library.wasmtime_context_set_wasi(self._context, wasi), "crashed")

    def run(self, module: ctypes.c_void_p, export: bytes, rules: Sequence[int]) -> int:
        """Call the function `export` and return the guest's exit code; raises Stopped.

        A module that is called by another name than `_start` is a library, to be set up first.
        `rules` are the shim's.
        """
        try:
            self._instantiate(module)
            memory = self._find(b"memory", capi.EXTERN_MEMORY)
            if memory is not None:
                self._engine.between.join(self._context, memory, rules)
            for function in self._list_calls(export):
                self._call(function)
        except Stopped:
            if self._engine.exit_code is None:
                raise
        code = self._engine.exit_code or 0
        # As POSIX does, but what was no success must not become one.
        return code & _LARGEST_EXIT_CODE or (_LARGEST_EXIT_CODE if code else 0)

    def usage(self) -> tuple[int, int]:
        """Return how many bytes of files it has read and written."""
        return self._engine.between.usage(self._context)

    def peak_memory(self) -> int:
        """Return the bytes of linear memory, which never shrinks; 0 if there is none."""
        memory = self._find(b"memory", capi.EXTERN_MEMORY) if self._instance.store else None
        if memory is None:
            return 0
        item = ctypes.byref(memory.item)
        size: int = self._library.wasmtime_memory_data_size(self._context, item)
        return size

    def close(self) -> None:
        """Let go of memory and descriptors; a process that ends need not."""
        self._library.wasmtime_store_delete(self._store)

    def _instantiate(self, module: ctypes.c_void_p) -> None:
        with _told_of_memory():
            self._instance, trap = self._engine.guests.instantiate(self._context, module)
        self._check_trap(trap)

    def _list_calls(self, export: bytes) -> list[capi.Item]:
        function = self._find(export, capi.EXTERN_FUNCTION)
        if function is None:
            raise Stopped("invalid_module", _no_export(export))
        is_library = export not in {_START, _SETUP}
        setup = self._find(_SETUP, capi.EXTERN_FUNCTION) if is_library else None
        return [function.item] if setup is None else [setup.item, function.item]

    def _find(self, name: bytes, kind: int) -> capi.Extern | None:
        """Return the export of that name and kind, if there is one."""
        found = capi.Extern()
        get = self._library.wasmtime_instance_export_get
        instance = ctypes.byref(self._instance)
        is_found = get(self._context, instance, name, len(name), ctypes.byref(found))
        return found if is_found and found.kind == kind else None

    def _call(self, function: capi.Item) -> None:
        trap = ctypes.c_void_p()
        failure = self._library.wasmtime_func_call(
            self._context, ctypes.byref(function), None, 0, None, 0, ctypes.byref(trap)
        )
        self._engine.check(failure, "trapped")
        self._check_trap(trap)

    def _check_trap(self, trap: ctypes.c_void_p) -> None:
        if trap.value is None:
            return
        text = capi.ByteVector()
        self._library.wasm_trap_message(trap, ctypes.byref(text))
        lines = self._engine.take(text).rstrip(b"\0\n ").decode("utf-8", "replace").split("\n")
        cause = lines[-1].strip().removeprefix("wasm trap: ")
        if cause == _NOBODY_BEHIND and not self._engine.between.is_joined:
            raise Stopped("invalid_module", _TOO_EARLY)
        function = self._innermost(trap)
        raise Stopped("trapped", f"{cause} in `{function}`" if function else cause)

    def _innermost(self, trap: ctypes.c_void_p) -> str:
        """Return the name of the function that trapped, if the module carries names."""
        frames = capi.PointerVector()
        self._library.wasm_trap_trace(trap, ctypes.byref(frames))
        name = self._library.wasmtime_frame_func_name(frames.data[0]) if frames.size else None
        if not name:
            return ""
        text = ctypes.string_at(name.contents.data, name.contents.size)
        return text[:200].decode("utf-8", "replace")


class _told_of_memory:  # noqa: N801 - contextlib would take 3 ms of the zygote's start
    """Gives an error its right verdict if it is about memory that cannot be had."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        if isinstance(error, Stopped) and any(sign in error.message for sign in _NO_MEMORY):
            error.verdict = "out_of_memory"


def _no_export(name: bytes) -> str:
    if name == _START:
        return "module is not a WASI command: it has no `_start`"
    return f"module exports no function `{name.decode()}`"


def _texts(texts: Sequence[bytes]) -> ctypes.Array[ctypes.c_char_p]:
    return (ctypes.c_char_p * len(texts))(*texts)
