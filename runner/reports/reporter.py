"""What every report is to the rest of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from runner.events.model import Event
    from runner.events.summary import RunSummary


class Setting(NamedTuple):
    """Where a report finds itself.

    `folder` is the run's folder, which exists; `shown` is how a person should be told of it.
    `strict` asks for formats without extensions (JUnit: as Jenkins' junit-10.xsd has it).
    """

    folder: str
    out: TextIO
    err: TextIO
    environment: Mapping[str, str]
    shown: str = ""
    strict: bool = False


class Reporter(Protocol):
    """A report is made before any guest runs, so that what it opens is still the host's.

    `handle` is a sink of `events.stream`: it gets the lines of one step that came together, or one
    event of another kind. `finish` is called once, after the last event.
    """

    def __init__(self, setting: Setting) -> None: ...

    def handle(self, events: Sequence[Event]) -> None: ...

    def finish(self, summary: RunSummary) -> None: ...
