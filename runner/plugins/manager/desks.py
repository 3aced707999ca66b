"""The private folders of executions, one for each that may run at once: a turn and a place."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from runner.errors import Problem, Unavailable
from runner.plugins import commandfiles
from runner.records import NamedTuple
from runner.workspace.clone import discard_tree

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = "data.json"


class Desk(NamedTuple):
    """Absolute folders: `commands` becomes /runner, `temporary` /tmp, and `workspace` is for
    executions that were given none. `empty` holds nothing, and is everybody's; `root` holds the
    others, and is seen by no guest.
    """

    root: str
    commands: str
    temporary: str
    workspace: str
    empty: str

    def lay(self) -> None:
        """Make it as if nobody had ever worked here; raises Unavailable."""
        try:
            commandfiles.renew(self.commands)
            self.clear()
        except OSError as error:
            message = f"`{self.root}` cannot be made ready for an execution: {error.strerror}"
            raise Unavailable([Problem("execution-folder", message)]) from error

    def clear(self) -> None:
        """Remove what an execution has left, but its answers; raises OSError."""
        for folder in (self.temporary, self.workspace):
            if os.listdir(folder):
                discard_tree(folder, keep_root=True)


class Desks:
    """At most `limit` desks below the folder `root`; for any thread."""

    def __init__(self, root: str, *, limit: int) -> None:
        self._root = root
        self._limit = limit
        self._made = 0
        self._free: list[Desk] = []
        self._change = threading.Condition()
        os.makedirs(os.path.join(root, "empty"), exist_ok=True)

    def take(self, deadline: float | None, *, is_wanted: Callable[[], bool]) -> Desk | None:
        """Wait for a desk; None once it is no longer wanted or `deadline` (monotonic) is over."""
        with self._change:
            while is_wanted():
                if self._free:
                    return self._free.pop()
                if self._made < self._limit:
                    return self._make()
                remaining = None if deadline is None else deadline - time.monotonic()
                if remaining is not None and remaining <= 0:
                    break
                self._change.wait(remaining)
            # Whoever leaves may have been told of a desk that another one waits for.
            self._change.notify()
            return None

    def give(self, desk: Desk) -> None:
        """Give back what was taken; the execution that used it has ended."""
        with self._change:
            self._free.append(desk)
            self._change.notify()

    def wake(self) -> None:
        """Have all who wait ask again whether they still want to."""
        with self._change:
            self._change.notify_all()

    def _make(self) -> Desk:
        root = os.path.join(self._root, f"desk-{self._made}")
        desk = Desk(
            root,
            os.path.join(root, "runner"),
            os.path.join(root, "tmp"),
            os.path.join(root, "workspace"),
            os.path.join(self._root, "empty"),
        )
        for folder in desk:
            os.makedirs(folder, exist_ok=True)
        self._made += 1
        return desk
