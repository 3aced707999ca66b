"""Plugins found in folders, and what became of them since the last look."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from runner.errors import InvalidInput, Problem, RunnerError
from runner.plugins.manager.admission import OTHER_KIND
from runner.plugins.manifest import FILE_NAME
from runner.plugins.sources.local import list_plugins
from runner.records import NamedTuple
from runner.workspace.snapshot import PRIVATE, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class ScanReport(NamedTuple):
    """The ids of the plugins that changed; `problems` are of all folders, old ones too."""

    loaded: tuple[str, ...] = ()
    reloaded: tuple[str, ...] = ()
    unloaded: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Sight(NamedTuple):
    """What was seen of a folder: `plugin` is the id loaded from it, '' for none."""

    stamp: Any
    plugin: str = ""
    problems: tuple[Problem, ...] = ()


class Discovery:
    """Keeps a manager's plugins as the folders say. For any thread; one look at a time.

    `place` loads the plugin of a folder, in the place of the one with the given id if that is not
    empty, and returns its id; `unload` forgets one.
    """

    def __init__(
        self,
        folders: tuple[str, ...],
        *,
        place: Callable[[str, str], str],
        unload: Callable[[str], object],
    ) -> None:
        self._folders = folders
        self._place = place
        self._unload = unload
        self._seen: dict[str, _Sight] = {}
        self._lock = threading.Lock()

    def scan(self) -> ScanReport:
        """Load what is new, reload what has changed, unload what is gone; raises nothing.

        A folder that was refused is looked at again when something in it has changed.
        """
        with self._lock:
            present = list(self._list())
            gone = [self._forget(path) for path in self._seen.keys() - set(present)]
            changes = [self._look(path) for path in present]
            problems = [
                Problem("discovery-folder", f"`{folder}` is not a folder")
                for folder in self._folders
                if not os.path.isdir(folder)
            ]
            problems += [problem for sight in self._seen.values() for problem in sight.problems]
            return ScanReport(
                loaded=tuple(new for old, new in changes if new != old and new),
                reloaded=tuple(new for old, new in changes if new and new == old),
                unloaded=tuple(
                    old for old in (*gone, *(old for old, new in changes if new != old)) if old
                ),
                problems=tuple(problems),
            )

    def _list(self) -> Iterator[str]:
        for folder in self._folders:
            for name in list_plugins(folder):
                yield os.path.join(os.path.abspath(folder), name)

    def _forget(self, path: str) -> str:
        plugin = self._seen.pop(path).plugin
        if plugin:
            self._drop(plugin)
        return plugin

    def _look(self, path: str) -> tuple[str, str]:
        """Return the ids before and after, two empty ones if nothing has changed."""
        known = self._seen.get(path, _Sight(None))
        stamp = None
        try:
            # Before it is read: what changes meanwhile is seen next time.
            stamp = take_snapshot(path, skip=PRIVATE).entries
            if stamp == known.stamp:
                return "", ""
            plugin = self._place(path, known.plugin)
        except (RunnerError, OSError) as error:
            self._seen[path] = _Sight(stamp, known.plugin, _explain(error, path))
            return "", ""
        self._seen[path] = _Sight(stamp, plugin)
        return known.plugin, plugin

    def _drop(self, plugin: str) -> None:
        try:
            self._unload(plugin)
        except InvalidInput:
            return  # somebody else has unloaded it


def _explain(error: RunnerError | OSError, path: str) -> tuple[Problem, ...]:
    if isinstance(error, RunnerError):
        return tuple(problem for problem in error.problems if problem.code != OTHER_KIND)
    message = f"cannot read `{os.path.join(path, FILE_NAME)}`: {error.strerror}"
    return (Problem("plugin-not-found", message),)


class Watch:
    """Calls `look` every `interval` seconds, in a thread of its own, until it is stopped."""

    def __init__(self, look: Callable[[], object], interval: float) -> None:
        self._look = look
        self._interval = interval
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="runner-plugins", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Return when it looks no more; also from within `look`."""
        self._stopped.set()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(self._interval):
            try:
                self._look()
            except Exception:
                import logging  # 10 ms; only for a fault of ours

                logging.getLogger("runner").exception("the plugin folders cannot be looked at")
