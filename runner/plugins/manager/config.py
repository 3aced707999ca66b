"""What an application tells the manager: once, and with each execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.abi import Limits
from runner.permissions import ALL, Permissions
from runner.permissions.kinds.communication import Communication
from runner.permissions.kinds.network import Network
from runner.plugins.invoke import FIXED_CLOCK
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.abi import Clock
    from runner.plugins.manager.events import ManagerEvent
    from runner.plugins.policy import Policy

NO_LIMITS = Limits(*(0,) * len(Limits._fields))
LOCAL_GRANT = Permissions(
    ALL.filesystem, Network(), ALL.system._replace(spawn_processes=()), Communication()
)


class ManagerConfig(NamedTuple):
    """How a manager works.

    `concurrency` is how many executions may run at once, 0 for as many as there are processors;
    further ones wait. `limits` bound every execution, as far as they are not 0. `kinds` are the
    kinds of plugins that are loaded, none for all.

    A plugin that requests more than `grant` and `policy` allow is not loaded. Unless `grant` says
    otherwise, plugins may use the workspace, the environment and the clock that an execution
    gives them, and neither the network nor other plugins.

    `folders` are looked through for plugins, a folder with a `step.yml` each; with
    `is_hot_reload` they are looked at again every `interval` seconds. `on_event` is told what
    happens, in the thread where it happens; it may call any method but `scan`. What it raises is
    logged and changes nothing.
    """

    concurrency: int = 0
    limits: Limits = NO_LIMITS
    grant: Permissions = LOCAL_GRANT
    policy: Policy | None = None
    kinds: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    is_hot_reload: bool = False
    interval: float = 0.5
    on_event: Callable[[ManagerEvent], None] | None = None


class ExecutionContext(NamedTuple):
    """For whom, where and within which bounds a plugin is executed.

    `workspace` is a folder of the host, shown as `/workspace` as far as the plugin's permissions
    go; without one the plugin gets an empty one, which is gone afterwards. Of `environment` it
    sees the names that it requests. `limits` and `timeout` tighten what the manifest and the
    configuration allow; `timeout` is in seconds from the call to the result, waiting for a turn
    included, 0 for none. `execution_id` is made if it is empty. `tenant` is the user or customer.

    The plugin sees `execution_id` and `tenant` as `RUNNER_EXECUTION_ID` and `RUNNER_TENANT`, and
    `data`, which must be JSON, in the file that `RUNNER_DATA` names. A plugin that requests no
    `system_time` sees `clock`.
    """

    workspace: str = ""
    environment: Mapping[str, str] = {}
    execution_id: str = ""
    tenant: str = ""
    limits: Limits = NO_LIMITS
    timeout: float = 0.0
    data: Mapping[str, Any] = {}
    clock: Clock = FIXED_CLOCK


DEFAULT = ManagerConfig()


def narrow(*bounds: Limits) -> Limits:
    """Return the tightest of each limit, where 0 means none."""
    return Limits(*(min(filter(None, column), default=0) for column in zip(*bounds, strict=True)))
