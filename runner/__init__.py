"""A CI engine whose every build step is a WebAssembly plugin in a capability sandbox.

Its plugin system is for any program: `runner.PluginManager`, see docs/MANAGER.md.
"""

from __future__ import annotations

from runner.version import __version__ as __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from runner.abi import Clock, FileChange, Limits, Usage, Verdict
    from runner.app.manager import PluginManager
    from runner.errors import Denied, InvalidInput, Problem, RunnerError, Unavailable
    from runner.permissions import ALL as ALL_PERMISSIONS
    from runner.permissions import Permissions
    from runner.plugins.manager.config import ExecutionContext, ManagerConfig
    from runner.plugins.manager.discovery import ScanReport
    from runner.plugins.manager.events import EventKind, ManagerEvent
    from runner.plugins.manager.result import PluginResult, PluginStatus
    from runner.plugins.manager.validation import ValidationReport
    from runner.plugins.manifest import Manifest
    from runner.plugins.policy import read_file as read_policy

__all__ = [
    "ALL_PERMISSIONS",
    "Clock",
    "Denied",
    "EventKind",
    "ExecutionContext",
    "FileChange",
    "InvalidInput",
    "Limits",
    "ManagerConfig",
    "ManagerEvent",
    "Manifest",
    "Permissions",
    "PluginManager",
    "PluginResult",
    "PluginStatus",
    "Problem",
    "RunnerError",
    "ScanReport",
    "Unavailable",
    "Usage",
    "ValidationReport",
    "Verdict",
    "read_policy",
]

_PLACES = {
    "ALL_PERMISSIONS": "runner.permissions:ALL",
    "Clock": "runner.abi",
    "Denied": "runner.errors",
    "EventKind": "runner.plugins.manager.events",
    "ExecutionContext": "runner.plugins.manager.config",
    "FileChange": "runner.abi",
    "InvalidInput": "runner.errors",
    "Limits": "runner.abi",
    "ManagerConfig": "runner.plugins.manager.config",
    "ManagerEvent": "runner.plugins.manager.events",
    "Manifest": "runner.plugins.manifest",
    "Permissions": "runner.permissions",
    "PluginManager": "runner.app.manager",
    "PluginResult": "runner.plugins.manager.result",
    "PluginStatus": "runner.plugins.manager.result",
    "Problem": "runner.errors",
    "RunnerError": "runner.errors",
    "ScanReport": "runner.plugins.manager.discovery",
    "Unavailable": "runner.errors",
    "Usage": "runner.abi",
    "ValidationReport": "runner.plugins.manager.validation",
    "Verdict": "runner.abi",
    "read_policy": "runner.plugins.policy:read_file",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: `runner run` needs none of them."""
    if name not in _PLACES:
        raise AttributeError(f"module `runner` has no attribute `{name}`")
    from importlib import import_module

    module, _, own_name = _PLACES[name].partition(":")
    return getattr(import_module(module), own_name or name)
