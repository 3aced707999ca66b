"""The two records that cross the sandbox wall, and what a guest sees behind it."""

from runner.abi.invocation import Directory, Invocation, Limits
from runner.abi.result import FileChange, PluginResult, Usage, Verdict

__all__ = [
    "Directory",
    "FileChange",
    "Invocation",
    "Limits",
    "PluginResult",
    "Usage",
    "Verdict",
]
