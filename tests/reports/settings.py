"""A place for reports to write to in tests."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from runner.events.fold import summarise
from runner.reports.console import Console
from runner.reports.reporter import Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from runner.events.model import Event


class Terminal(io.StringIO):
    """A stream that says it is a terminal, or one of another encoding, if told so."""

    def __init__(self, *, is_terminal: bool = False, encoding: str = "utf-8") -> None:
        super().__init__()
        self._is_terminal = is_terminal
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]  # read-only here, as for real streams
        return self._encoding

    def isatty(self) -> bool:
        return self._is_terminal


def setting_for(folder: object = "", *, strict: bool = False) -> Setting:
    """Return a setting for reports that write files only."""
    return Setting(str(folder), io.StringIO(), io.StringIO(), {}, strict=strict)


def watch(
    events: Iterable[Event],
    *,
    environment: Mapping[str, str] | None = None,
    is_terminal: bool = False,
    encoding: str = "utf-8",
) -> tuple[str, str]:
    """Return what the console report writes to stdout and to stderr for a whole run."""
    events = list(events)
    out = Terminal(is_terminal=is_terminal, encoding=encoding)
    err = Terminal(encoding=encoding)
    setting = Setting("/runs/1", out, err, environment or {}, shown=".runner/latest")
    console = Console(setting)
    for event in events:
        console.handle([event])
    console.finish(summarise(events))
    return out.getvalue(), err.getvalue()
