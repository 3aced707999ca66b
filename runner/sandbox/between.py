"""The shim in a worker: its three modules round one guest, and the rules it is to keep."""

from __future__ import annotations

import ctypes

from runner.sandbox import capi
from runner.sandbox.linker import WASI, Linker
from runner.sandbox.stopped import Stopped, check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.sandbox.watch import Watch

_WORD = (1 << 64) - 1


class Between:
    """Stands between one guest and WASI. `begin` before the guest is made, `join` after."""

    def __init__(
        self,
        library: ctypes.CDLL,
        engine: ctypes.c_void_p,
        modules: Sequence[ctypes.c_void_p],
        watch: Watch,
    ) -> None:
        self._library = library
        self._base, self._front, self._back = modules
        self._linker = Linker(library, engine)
        self._linker.define(b"host", b"note", watch.note, parameters=5)
        self._linker.define(
            b"host", b"measure", watch.measure, parameters=1, results=(capi.VALUE_I64,)
        )
        self._instance: capi.Item | None = None

    @property
    def is_joined(self) -> bool:
        """Whether the back is there."""
        return self._instance is not None

    def begin(self, context: int, guests: Linker) -> None:
        """Put the front in the place of WASI among what guests are linked to."""
        self._instance = None
        base, _ = self._linker.instantiate(context, self._base)
        self._linker.define_instance(context, b"base", base)
        front, _ = self._linker.instantiate(context, self._front)
        guests.define_instance(context, WASI, front)

    def join(self, context: int, memory: capi.Extern, rules: Sequence[int]) -> None:
        """Put the back behind the front, for a guest of that memory; raises Stopped.

        `rules` are the parameters of `set_rules` (shim/back.wat).
        """
        self._linker.define_item(context, b"guest", b"memory", memory)
        try:
            self._instance, _ = self._linker.instantiate(context, self._back)
        except Stopped:
            message = "module's memory is shared or has 64-bit addresses, which WASI has no use for"
            raise Stopped("invalid_module", message) from None
        self._call(context, b"set_rules", rules)

    def usage(self, context: int) -> tuple[int, int]:
        """Return how many bytes of files were read and written."""
        if self._instance is None:
            return 0, 0
        read, written = self._call(context, b"usage", (0, 0))
        return read, written

    def _call(self, context: int, name: bytes, values: Sequence[int]) -> list[int]:
        """Call a function of the back with `values`; return as many, the first being results."""
        found, trap = capi.Extern(), ctypes.c_void_p()
        instance = ctypes.byref(self._instance or capi.Item())
        get = self._library.wasmtime_instance_export_get
        get(context, instance, name, len(name), ctypes.byref(found))
        words = (ctypes.c_uint64 * (capi.VALUE_WORDS * len(values)))()
        words[:: capi.VALUE_WORDS] = [value & _WORD for value in values]
        call = self._library.wasmtime_func_call_unchecked
        item = ctypes.byref(found.item)
        failure = call(context, item, words, len(values), ctypes.byref(trap))
        check(self._library, failure, "crashed")
        return words[:: capi.VALUE_WORDS]
