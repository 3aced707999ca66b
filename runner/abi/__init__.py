"""The two records that cross the sandbox wall, and what a guest sees behind it."""

from runner.abi.invocation import Clock, Directory, Invocation, Limits
from runner.abi.result import Denial, FileChange, PluginResult, Usage, Verdict

__all__ = [
    "Clock",
    "Denial",
    "Directory",
    "FileChange",
    "Invocation",
    "Limits",
    "PluginResult",
    "Usage",
    "Verdict",
]
