"""What execution is handed: the doers it never names itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.abi import Clock, Invocation, PluginResult
    from runner.events.masking import Masker
    from runner.events.stream import Stream
    from runner.execution.contexts import RunContext
    from runner.execution.folder import RunFolder
    from runner.plugins.policy import Policy
    from runner.plugins.resolve import Plugin


class RunPlugin(Protocol):
    """Runs one guest and returns when it has ended; called from many threads at once.

    `on_output` gets the bytes of stdout and stderr as they come, in the calling thread;
    `on_start` gets a function that ends this guest, which any thread may call. `on_call` answers
    what the guest asks of its host, in another thread.
    """

    def __call__(
        self,
        invocation: Invocation,
        on_output: Callable[[bytes], None],
        *,
        on_start: Callable[[Callable[[], None]], None] | None = None,
        on_call: Callable[[str, bytes], bytes] | None = None,
    ) -> PluginResult: ...


class Options(NamedTuple):
    """What the user set for the whole run; `step_timeout` in seconds, 0 for none."""

    slots: int = 1
    step_timeout: float = 0.0
    is_in_place: bool = False


class Services(NamedTuple):
    """`source` is the absolute folder whose files the jobs work on.

    `resolve` returns the plugin of `steps/NAME`, `locate` the folder of another repository's files
    by `owner/name` and ref, `find_by_id` the plugin with an id, standard or beside a folder; they
    raise RunnerError and may be asked by any thread. `read_clock` gives the time for plugins that
    may not see the real one. `policy` caps
    what plugins may be granted, None if nothing does.
    """

    run_plugin: RunPlugin
    stream: Stream
    masker: Masker
    resolve: Callable[[str], Plugin]
    locate: Callable[[str, str], str]
    find_by_id: Callable[[str, str], Plugin]
    read_clock: Callable[[], Clock]
    folder: RunFolder
    source: str
    run: RunContext
    options: Options
    policy: Policy | None = None
