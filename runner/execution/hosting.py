"""What the host does for a step's plugin while it runs: requests, messages, other plugins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from runner.plugins.host import Message, Services, make_host
from runner.workspace.paths import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.abi import Invocation, PluginResult
    from runner.execution.services import Services as RunServices
    from runner.execution.state import JobState
    from runner.plugins.invoke import Call, Places
    from runner.plugins.resolve import Plugin

MAX_SHOWN = 500  # characters of a message that is put into the log


class StepHost:
    """Made for one call of a plugin. `value` is the last result that it told by message."""

    def __init__(self, services: RunServices, job: JobState, plugin: Plugin, *, index: int) -> None:
        self.value: Any = None
        self._services = services
        self._job = job
        self._plugin = plugin
        self._where = (job.identity.job, job.identity.leg, index)

    def run(
        self,
        call: Call,
        places: Places,
        invocation: Invocation,
        run: Callable[[Invocation, Callable[[str, bytes], bytes]], PluginResult],
    ) -> PluginResult:
        """Run `invocation` with a host at its side, which ends with it."""
        for secret in call.secrets.values():
            self._services.masker.add(secret)
        offered = Services(
            run=self._services.run_plugin,
            find=lambda name: self._services.find_by_id(name, self._plugin.folder),
            places=places,
            scratch=self._job.place.folder,
            on_message=self._take,
            policy=self._services.policy,
        )
        with make_host(self._plugin.manifest.id, call, offered) as host:
            return host.settle(run(invocation, host))

    def _take(self, message: Message) -> None:
        """Put what a plugin says into the step's log; called from a thread of the host's."""
        data = message.data
        if message.kind == "result":
            self.value = data.get("value")
            return
        text = str(data.get("text", ""))
        if message.kind == "progress":
            count = "/".join(str(data[key]) for key in ("done", "total") if key in data)
            text = f"progress: {' '.join(filter(None, (count, text)))}"
        else:
            text = f"{message.kind}: {json.dumps(data, ensure_ascii=False)}"
        self._services.stream.emit_output(*self._where, [printable(text)[:MAX_SHOWN]])
