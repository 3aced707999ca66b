"""What came of an execution: the answer half of the sandbox wall."""

from __future__ import annotations

from typing import Any

from runner.records import NamedTuple


class Verdict:
    """How an execution ended. Only `EXITED` is the guest's own word; the others are *errored*."""

    EXITED = "exited"
    TRAPPED = "trapped"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_EXCEEDED = "output_exceeded"
    GROWTH_EXCEEDED = "growth_exceeded"
    DENIED = "denied"
    INVALID_MODULE = "invalid_module"
    CANCELLED = "cancelled"
    CRASHED = "crashed"


class Usage(NamedTuple):
    """Resources used; seconds and bytes, 0 where unknown.

    `bytes_read` and `bytes_written` are of files.
    """

    wall_time: float = 0.0
    cpu_time: float = 0.0
    peak_memory: int = 0
    output: int = 0
    bytes_read: int = 0
    bytes_written: int = 0


class Denial(NamedTuple):
    """An act that was refused for want of a permission.

    `permission` is its dotted name (`network.allowed_domains`), `act` what was tried, and `grant`
    the YAML that would allow it, empty where nothing can.
    """

    permission: str
    act: str
    grant: str = ""


class FileChange(NamedTuple):
    """A path (relative, `/`-separated) that differs after an execution.

    `kind` is `added`, `modified` or `removed`; `before` and `after` are hex SHA-256 of the
    content (of the target text for a symbolic link), empty where there is none.
    """

    kind: str
    path: str
    size: int
    before: str
    after: str


class PluginResult(NamedTuple):
    """The outcome of one `Invocation`.

    `exit_code` is 0..255 if `verdict` is `exited`, else None, and `message` then says in one
    line why. `value` is the JSON value that the plugin left, if any. `denials` are what it was
    refused on the way; a guest may live on after one, and end with success. `notes` say what this
    execution could not tell or do, a line each.
    """

    verdict: str
    exit_code: int | None = None
    message: str = ""
    usage: Usage = Usage()
    value: Any = None
    changes: tuple[FileChange, ...] = ()
    denials: tuple[Denial, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_success(self) -> bool:
        """Whether the guest ended by itself with exit code 0."""
        return self.verdict == Verdict.EXITED and self.exit_code == 0

    @property
    def is_errored(self) -> bool:
        """Whether we could not do it, as opposed to the guest saying no."""
        return self.verdict != Verdict.EXITED
