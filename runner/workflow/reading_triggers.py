"""The checked `on` node to events, and when there is one, to an interface (spec §3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Mapping
from runner.workflow.leaves import fields_of, items_of
from runner.workflow.triggers import Event

if TYPE_CHECKING:
    from runner.documents.nodes import Node, Scalar
    from runner.workflow.interface import Input, Interface
    from runner.workflow.leaves import Leaves

_FILTERS = (
    "types",
    "branches",
    "branches-ignore",
    "tags",
    "tags-ignore",
    "paths",
    "paths-ignore",
    "workflows",
)


def read_events(leaves: Leaves, on: Node) -> tuple[Event, ...]:
    """Return the events in the order they are written."""
    if not isinstance(on, Mapping):
        return tuple(Event(leaves.given(item)) for item in items_of(on))
    return tuple(_event(leaves, key, value) for key, value in on.entries)


def read_interface(leaves: Leaves, on: Node) -> tuple[tuple[Input, ...], Interface | None]:
    """Return the inputs of `workflow_dispatch` and what `workflow_call` declares, if anything."""
    names = {event.name.value for event in read_events(leaves, on)}
    if names.isdisjoint({"workflow_dispatch", "workflow_call"}):
        return (), None
    from runner.workflow import reading_interface  # 2 ms; few workflows have one

    events = fields_of(on)
    dispatch = fields_of(events.get("workflow_dispatch"))
    inputs = reading_interface.read_inputs(leaves, dispatch.get("inputs"))
    if "workflow_call" not in names:
        return inputs, None
    return inputs, reading_interface.read_call(leaves, fields_of(events.get("workflow_call")))


def _event(leaves: Leaves, key: Scalar, value: Node) -> Event:
    fields = fields_of(value)
    filters = [(name, leaves.texts(fields[name])) for name in _FILTERS if name in fields]
    if key.value == "schedule":
        crons = [fields_of(entry)["cron"] for entry in items_of(value)]
        filters.append(("cron", tuple(map(leaves.given, crons))))
    return Event(leaves.given(key), tuple(filters))
