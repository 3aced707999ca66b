"""Which version of which plugin is current, and who still works with an older one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from runner.errors import InvalidInput, Problem, nearest
from runner.plugins.manager.result import PluginStatus
from runner.records import NamedTuple
from runner.workspace.clone import discard_tree

if TYPE_CHECKING:
    from runner.plugins.manager.loading import Loaded
    from runner.plugins.manager.result import PluginResult
    from runner.plugins.resolve import Plugin


class Entry:
    """A plugin from its load to its unload; `users` counts executions by their version's folder.

    Its fields are the registry's to change, but `is_cancelled`: nothing is to begin any more.
    """

    __slots__ = ("current", "is_cancelled", "status", "users")

    def __init__(self, loaded: Loaded) -> None:
        self.current: Loaded | None = loaded
        self.is_cancelled = False
        self.status = PluginStatus(loaded.id, loaded.version)
        self.users: dict[str, int] = {}


class Lease(NamedTuple):
    """A version in use, by somebody who will give it back."""

    entry: Entry
    loaded: Loaded


class Registry:
    """The loaded plugins; for any thread. A version's folder is removed with its last user."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._change = threading.Condition()

    def add(self, loaded: Loaded) -> None:
        """Make `loaded` known; raises InvalidInput if there is a plugin of this id."""
        with self._change:
            if loaded.id in self._entries:
                there = self._entries[loaded.id].status.version
                message = f"plugin `{loaded.id}` is loaded already, in version {there}"
                hint = "reload it, or unload it first"
                raise InvalidInput([Problem("plugin-loaded", message, hint=hint)])
            self._entries[loaded.id] = Entry(loaded)

    def has(self, plugin: str) -> bool:
        """Whether a plugin of this id is loaded."""
        with self._change:
            return plugin in self._entries

    def current(self, plugin: str) -> Loaded:
        """Return the version that the next execution will have; raises InvalidInput."""
        with self._change:
            return _current(self._find(plugin))

    def replace(self, before: Loaded, after: Loaded) -> bool:
        """Put `after` in the place of `before`, which its users keep; False if it has none."""
        with self._change:
            entry = self._entries.get(before.id)
            if entry is None or entry.current is not before:
                return False
            entry.current = after
            reloads = entry.status.reloads + 1
            entry.status = entry.status._replace(version=after.version, reloads=reloads)
            is_idle = before.folder not in entry.users
        if is_idle:
            discard_tree(before.folder)
        return True

    def begin(self, plugin: str | Entry) -> Lease:
        """Return the current version, in use until `end`; raises InvalidInput.

        An entry, which may be a removed one, is for its owner to begin with.
        """
        with self._change:
            entry = self._find(plugin) if isinstance(plugin, str) else plugin
            loaded = _current(entry)
            entry.users[loaded.folder] = entry.users.get(loaded.folder, 0) + 1
            entry.status = entry.status._replace(running=entry.status.running + 1)
            return Lease(entry, loaded)

    def count(self, lease: Lease, result: PluginResult | None) -> None:
        """Note that an execution has ended; `result` is None if it could not begin."""
        with self._change:
            lease.entry.status = _count(lease.entry.status, result)

    def end(self, lease: Lease) -> None:
        """Let go of a version."""
        entry, loaded = lease
        with self._change:
            entry.users[loaded.folder] -= 1
            if not entry.users[loaded.folder]:
                del entry.users[loaded.folder]
            is_idle = loaded.folder not in entry.users and entry.current is not loaded
            self._change.notify_all()
        if is_idle:
            discard_tree(loaded.folder)

    def remove(self, plugin: str) -> Entry:
        """Forget a plugin, whose executions go on; raises InvalidInput."""
        with self._change:
            entry = self._find(plugin)
            del self._entries[plugin]
            return entry

    def retire(self, entry: Entry) -> Loaded:
        """Remove the last version of a removed entry, as soon as nobody uses it; return it."""
        with self._change:
            loaded, entry.current = _current(entry), None
            is_idle = loaded.folder not in entry.users
        if is_idle:
            discard_tree(loaded.folder)
        return loaded

    def await_idle(self, entry: Entry) -> None:
        """Return when no execution of a removed entry is running."""
        with self._change:
            self._change.wait_for(lambda: not entry.users)

    def status(self, plugin: str) -> PluginStatus:
        """Return a plugin's record; raises InvalidInput."""
        with self._change:
            return self._find(plugin).status

    def list(self) -> tuple[Loaded, ...]:
        """Return the current versions, sorted by id."""
        with self._change:
            return tuple(_current(self._entries[name]) for name in sorted(self._entries))

    def _find(self, plugin: str) -> Entry:
        if plugin not in self._entries:
            hint = nearest(plugin, self._entries) or "no plugin is loaded"
            raise InvalidInput(
                [Problem("plugin-unknown", f"no plugin `{plugin}` is loaded", hint=hint)]
            )
        return self._entries[plugin]


class Loans:
    """The versions that one execution uses besides its own; for any thread."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._lock = threading.Lock()
        self._leases: list[Lease] = []
        self._is_closed = False

    def take(self, plugin: str) -> Plugin:
        """Return the current version of a plugin; raises InvalidInput."""
        with self._lock:
            if self._is_closed:
                message = f"`{plugin}` is called by an execution that has ended"
                raise InvalidInput([Problem("execution-ended", message)])
            lease = self._registry.begin(plugin)
            self._leases.append(lease)
            return lease.loaded.plugin

    def close(self) -> None:
        """Give back all that was taken, and lend nothing more."""
        with self._lock:
            self._is_closed = True
        for lease in self._leases:
            self._registry.count(lease, None)
            self._registry.end(lease)


def _current(entry: Entry) -> Loaded:
    assert entry.current is not None, "an entry has a version until it is retired"  # noqa: S101
    return entry.current


def _count(status: PluginStatus, result: PluginResult | None) -> PluginStatus:
    status = status._replace(running=status.running - 1)
    if result is None:
        return status
    errors = [problem for problem in result.errors if problem.severity == "error"]
    return status._replace(
        done=status.done + 1,
        failures=status.failures + (not result.is_success),
        last_error=str(errors[0]) if errors else status.last_error,
        cpu_time=status.cpu_time + result.usage.cpu_time,
        peak_memory=max(status.peak_memory, result.usage.peak_memory),
    )
