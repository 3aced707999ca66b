"""What the operations of a host are handed, and what they share during one call."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

from runner.errors import Denied, Problem
from runner.permissions import grant_text
from runner.records import NamedTuple

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from runner.abi import Denial, Invocation, PluginResult
    from runner.plugins.invoke import Call, Places
    from runner.plugins.policy import Policy
    from runner.plugins.resolve import Plugin

MAX_DEPTH = 4
MAX_CHILDREN = 64


class Run(Protocol):
    """Runs one guest to its end, as `runner.sandbox.Sandbox.run` does."""

    def __call__(
        self,
        invocation: Invocation,
        on_output: Callable[[bytes], None],
        *,
        on_start: Callable[[Callable[[], None]], None] | None = None,
        on_call: Callable[[str, bytes], bytes] | None = None,
    ) -> PluginResult: ...


class Message(NamedTuple):
    """What the plugin with this id said to its host; `data` is its whole JSON object.

    `kind` is `progress` (`data` may have `done`, `total`, `text`), `result` (`value`), or anything
    else that plugin and application agree on.
    """

    plugin: str
    kind: str
    data: dict[str, Any]


class Services(NamedTuple):
    """What an application offers its plugins; all of it for any thread.

    `run` runs the plugins that others start; `find` gets one by its id, with its modules, and
    raises InvalidInput for an unknown one. `places` are those of the caller, `scratch` is a folder
    of the host's own. `on_message` returns the JSON value that is the reply. `tls` is for tests
    and private certificates; without it those of the machine count.
    """

    run: Run | None = None
    find: Callable[[str], Plugin] | None = None
    places: Places | None = None
    scratch: str = ""
    on_message: Callable[[Message], Any] | None = None
    policy: Policy | None = None
    tls: ssl.SSLContext | None = None


class Budget:
    """How many plugins may be started, directly or not, by one call; and how deep we are."""

    def __init__(self, depth: int = 0, left: threading.Semaphore | None = None) -> None:
        self._depth = depth
        self._left = left or threading.Semaphore(MAX_CHILDREN)

    def descend(self, permission: str) -> Budget:
        """Return the budget of a child; raises Denied when there are too many, or too deep."""
        if self._depth >= MAX_DEPTH:
            message = f"plugins start each other more than {MAX_DEPTH} deep"
            raise Denied([Problem(permission, message)])
        if not self._left.acquire(blocking=False):
            message = f"more than {MAX_CHILDREN} plugins were started"
            raise Denied([Problem(permission, message)])
        return Budget(self._depth + 1, self._left)


class Session:
    """One call of a plugin as its operations see it."""

    def __init__(self, plugin: str, call: Call, services: Services, budget: Budget) -> None:
        self.plugin = plugin
        self.allowed = call.allowed
        self.secrets = call.secrets
        self.limits = call.invocation.limits
        self.services = services
        self.budget = budget
        self.denials: list[Denial] = []
        wall_time = self.limits.wall_time
        self._end = time.monotonic() + wall_time if wall_time else None
        self._lock = threading.Lock()
        self._stops: list[Callable[[], None]] = []
        self.is_closed = False

    @property
    def largest(self) -> int:
        """How many bytes a message may have."""
        return self.allowed.communication.max_message_size

    def remaining(self, most: float) -> float:
        """Return the seconds that are left, at most `most`, and never quite none."""
        if self._end is None:
            return most
        return min(most, max(self._end - time.monotonic(), 0.001))

    @contextlib.contextmanager
    def stopping_by(self, stop: Callable[[], None]) -> Iterator[None]:
        """Have `stop` called if the session is closed meanwhile: at once, if it is already."""
        with self._lock:
            self._stops.append(stop)
            is_late = self.is_closed
        if is_late:
            stop()
        try:
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)

    def close(self) -> None:
        """End what is still at work."""
        with self._lock:
            self.is_closed = True
            stops = tuple(self._stops)
        for stop in stops:
            stop()


def deny(permission: str, act: str, value: Any) -> Denied:
    """Return the refusal of `act` for want of `value` in the field `permission`."""
    group, _, field = permission.partition(".")
    return Denied([Problem(permission, act, hint=grant_text({group: {field: value}}))])
