"""Ctrl-C and SIGTERM as calls, so that they come between two acts and never within one."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interrupts_call(handle: Callable[[], None]) -> Iterator[None]:
    """Call `handle`, which must not block, at each signal that asks us to end.

    Only the main thread can have it so; in another one nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: handle()) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            # None: it was not set from Python, and cannot be from here.
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
