"""What came of an execution, and what is known of a plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.abi import Usage
from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.abi import FileChange
    from runner.errors import Problem


class PluginResult(NamedTuple):
    """The outcome of one execution, of which nothing that the plugin did is raised.

    `is_success`: it ended by itself with exit code 0 and left what it promised. `verdict` is one
    of `runner.abi.Verdict`, `exit_code` 0..255 if that is `exited`, else None. `value` is the
    JSON value that it left, `outputs` are typed as its manifest declares, `lines` are its output.
    `errors` says all that went wrong; warnings and refused acts are among them as warnings.
    `duration` is in seconds from the call to the result. `changes` are of the workspace, also
    those that somebody else made there meanwhile.
    """

    plugin: str
    version: str
    execution_id: str
    is_success: bool
    verdict: str
    exit_code: int | None = None
    value: Any = None
    outputs: dict[str, Any] = {}
    lines: tuple[str, ...] = ()
    errors: tuple[Problem, ...] = ()
    usage: Usage = Usage()
    duration: float = 0.0
    changes: tuple[FileChange, ...] = ()


class PluginStatus(NamedTuple):
    """A plugin's record since it was loaded.

    `running` counts the executions that have begun or wait for their turn, `done` those with a
    result, `failures` those of them without success. `cpu_time` is the sum over all executions in
    seconds, `peak_memory` the most that one of them used in bytes; `reloads` counts the versions
    that took the place of another.
    """

    plugin: str
    version: str
    running: int = 0
    done: int = 0
    failures: int = 0
    last_error: str = ""
    cpu_time: float = 0.0
    peak_memory: int = 0
    reloads: int = 0
