"""One order for all that happens, and nothing secret in it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

from runner.errors import Problem
from runner.events.model import Event, Leg, Notice, StepOutput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from runner.events.masking import Masker

    Sink = Callable[[Sequence[Event]], object]

# Our own words, numbers and digests, and identifiers that link events: never masked, as a secret
# like `a` would make them unreadable to every reader of events.
_STRUCTURE = frozenset(
    {"run", "runner", "jobs", "job", "id", "level", "result", "outcome", "conclusion", "verdict"}
    | {"code", "severity", "kind", "before", "after", "digest"}
)

_Record = TypeVar("_Record", bound=tuple[Any, ...])


class Stream:
    """Takes events from any thread, masks them, and hands them to each sink in one order.

    A sink gets a batch: the lines of one step that came together, or one event of another kind.
    It is called under the stream's lock, so it needs none, and must not emit. A sink that raises
    is dropped; the others get a Notice of it, and it stays in `problems`.
    """

    def __init__(self, masker: Masker, sinks: Mapping[str, Sink]) -> None:
        self.problems: list[Problem] = []
        self._masker = masker
        self._sinks = dict(sinks)
        self._lock = Lock()
        self._legs: dict[str, dict[str, Leg]] = {}

    def emit(self, event: Event) -> None:
        masked = self._mask_record(event)
        with self._lock:
            self._deliver([masked])

    def emit_output(self, job: str, leg: Leg, step: int, lines: list[str]) -> None:
        """Emit a StepOutput for each of `lines`: all that could be read at once, for speed."""
        if not lines:
            return
        lines = self._masker.mask_lines(lines)
        leg = self._mask_leg(job, leg)
        events = [StepOutput(job, leg, step, line) for line in lines]
        with self._lock:
            self._deliver(events)

    def _deliver(self, events: Sequence[Event]) -> None:
        broken: dict[str, Problem] = {}
        for name, sink in self._sinks.items():
            try:
                sink(events)
            except Exception as error:  # noqa: BLE001 - no report may take the run with it
                message = f"`{name}` is incomplete: {type(error).__name__}: {error}"
                broken[name] = Problem("sink-failed", message, severity="warning")
        for name in broken:
            del self._sinks[name]
        for problem in broken.values():
            self.problems.append(problem)
            self._deliver([Notice(problem)])

    def _mask_record(self, record: _Record) -> _Record:
        if not self._masker.has_secrets and getattr(record, "leg", None) is None:
            return record  # as most do: there is nothing to mask, and no leg to remember
        fields = cast(Any, record)._fields
        values = [
            self._mask_leg(cast(Any, record).job, value)
            if name == "leg"
            else value
            if name in _STRUCTURE
            else self._mask_value(value)
            for name, value in zip(fields, record, strict=True)
        ]
        return cast(_Record, cast(Any, type(record))._make(values))

    def _mask_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._masker.mask(value)
        if isinstance(value, dict):
            return {self._mask_value(key): self._mask_value(item) for key, item in value.items()}
        if hasattr(value, "_fields"):
            return self._mask_record(value)
        if isinstance(value, list | tuple):
            return type(value)(map(self._mask_value, value))
        return value

    def _mask_leg(self, job: str, leg: Leg) -> Leg:
        """Mask a leg the same way each time: it links the events of a job.

        Two legs that differ only in secrets are told apart by a number.
        """
        if leg is None:
            return None
        legs = self._legs.setdefault(job, {})
        key = repr(leg)
        if key not in legs:
            masked = {name: self._mask_value(value) for name, value in leg.items()}
            if masked in legs.values():
                masked = {**masked, "leg": len(legs) + 1}
            legs[key] = masked
        return legs[key]
