"""The truth about a run on disk: an event a line, from which every report can be made again.

A line is an object with `v` (JOURNAL_VERSION), `seq` (counts from 1), `event` (a name of KINDS) and
the fields of that event's record; schemas/journal.schema.json describes each.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, cast

from runner.errors import InvalidInput, Position, Problem
from runner.events.model import JOURNAL_VERSION, KINDS, NAMES, Change, Denial, Event, StepOutput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Journal:
    """Appends batches of events; `write` is a sink.

    Each batch is in the file before `write` returns, so that a crash of this process loses nothing.
    `path` must not exist, and no guest may have had its folder yet.
    """

    def __init__(self, path: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW
        self._file = os.open(path, flags, 0o666)
        self._count = 0
        self._last: StepOutput | None = None
        self._frame = ("", "")

    def write(self, events: Sequence[Event]) -> None:
        first = self._count + 1
        self._count += len(events)
        if type(events[0]) is StepOutput:
            text = self._encode_output(cast("Sequence[StepOutput]", events), first)
        else:
            text = "".join(_encode_event(event, seq) for seq, event in enumerate(events, first))
        # A lone surrogate (a file name that is no UTF-8) becomes `\\udcXX`, as JSON writes it.
        data = text.encode("utf-8", "backslashreplace")
        while data:
            data = data[os.write(self._file, data) :]

    def close(self) -> None:
        os.close(self._file)

    def _encode_output(self, events: Sequence[StepOutput], first: int) -> str:
        """Encode the lines of one step: the hot path, as all but two values are known before."""
        event, last = events[0], self._last
        if (
            not last
            or event.leg is not last.leg
            or (event.job, event.step) != (last.job, last.step)
        ):
            self._last = event = event._replace(line="")
            head, _, rest = _encode_event(event, 0).partition('"seq":0')
            self._frame = (f'{head}"seq":', rest.removesuffix('""}\n'))
        start, middle = self._frame
        numbered = enumerate(events, first)
        return "".join(
            [f"{start}{seq}{middle}{_encode(event.line)}}}\n" for seq, event in numbered]
        )


def read_journal(path: str) -> Iterator[Event]:
    """Yield the events of the journal at `path`, up to a last line that was not finished.

    Kinds and fields of a later minor version are passed over. Raises InvalidInput for a journal of
    another version, and for a line that is damaged.
    """
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                event = _decode(json.loads(line))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                message = f"this line is no event of journal version {JOURNAL_VERSION}: {error}"
                problem = Problem("journal-damaged", message, Position(path, number))
                raise InvalidInput([problem]) from error
            if event is not None:
                yield event


def _encode_event(event: Event, seq: int) -> str:
    head = {"v": JOURNAL_VERSION, "seq": seq, "event": NAMES[type(event)]}
    return _encode(head | _to_json(event)) + "\n"


def _to_json(value: Any) -> Any:
    if hasattr(value, "_fields"):
        return {name: _to_json(item) for name, item in zip(value._fields, value, strict=True)}
    if isinstance(value, list | tuple):
        return [_to_json(item) for item in value]
    return value


def _decode(data: Any) -> Event | None:
    if data["v"] != JOURNAL_VERSION:
        raise ValueError(f"its version is `{data['v']}`")
    kind = KINDS.get(data["event"])
    if kind is None:
        return None
    values = {name: data[name] for name in kind._fields if name in data}
    if "problem" in values:
        values["problem"] = _decode_problem(**values["problem"])
    for field, record in (("changes", Change), ("denials", Denial)):
        if field in values:
            values[field] = tuple(record(**item) for item in values[field])
    for name in {"jobs", "lines"} & values.keys():
        values[name] = tuple(values[name])
    return kind(**values)


def _decode_problem(*, where: dict[str, Any] | None, **rest: Any) -> Problem:
    return Problem(where=Position(**where) if where else None, **rest)
