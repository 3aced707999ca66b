"""What happens in a manager, for whoever observes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.errors import Problem
    from runner.plugins.manager.result import PluginResult


class EventKind:
    """What can happen. `REFUSED` is a plugin that was to be loaded or reloaded and was not."""

    LOADED = "loaded"
    RELOADED = "reloaded"
    REFUSED = "refused"
    UNLOADED = "unloaded"
    STARTED = "started"
    FINISHED = "finished"


class ManagerEvent(NamedTuple):
    """`plugin` is its id, or the folder of one that could not be read.

    `execution_id` and `tenant` are those of the context, `result` comes with `finished`, and
    `problems` with `refused`.
    """

    kind: str
    plugin: str
    version: str = ""
    execution_id: str = ""
    tenant: str = ""
    result: PluginResult | None = None
    problems: tuple[Problem, ...] = ()


class Announcer:
    """Tells an observer, whose mistakes are its own; for any thread."""

    def __init__(self, observer: Callable[[ManagerEvent], None] | None) -> None:
        self._observer = observer

    def tell(self, event: ManagerEvent) -> None:
        if self._observer is None:
            return
        try:
            self._observer(event)
        except Exception:
            import logging  # 10 ms; only when an observer fails

            logging.getLogger("runner").exception("the observer of `%s` failed", event.kind)
