"""The checked `on` node to events, inputs, outputs and secrets (spec §3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Mapping, Scalar
from runner.workflow.leaves import fields_of, items_of
from runner.workflow.triggers import CallOutput, CallSecret, Event, Input, Interface, Schedule

if TYPE_CHECKING:
    from runner.documents.nodes import Node
    from runner.workflow.leaves import Fields, Leaves
    from runner.workflow.values import Text

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


def read_dispatch_inputs(leaves: Leaves, on: Node) -> tuple[Input, ...]:
    """Return the inputs of `workflow_dispatch`."""
    return _inputs(leaves, fields_of(fields_of(on).get("workflow_dispatch")).get("inputs"))


def read_interface(leaves: Leaves, on: Node) -> Interface | None:
    """Return what `workflow_call` declares, or None if the workflow cannot be called."""
    names = {event.name.value for event in read_events(leaves, on)}
    if "workflow_call" not in names:
        return None
    call = fields_of(fields_of(on).get("workflow_call"))
    outputs = [
        CallOutput(name, leaves.given(fields["value"]), _words(leaves, fields.get("description")))
        for name, fields in _named(leaves, call.get("outputs"))
    ]
    secrets = [
        CallSecret(name, _flag(fields.get("required")), _words(leaves, fields.get("description")))
        for name, fields in _named(leaves, call.get("secrets"))
    ]
    return Interface(_inputs(leaves, call.get("inputs")), tuple(outputs), tuple(secrets))


def _event(leaves: Leaves, key: Scalar, value: Node) -> Event:
    fields = fields_of(value)
    filters = tuple((name, leaves.texts(fields[name])) for name in _FILTERS if name in fields)
    schedules: tuple[Schedule, ...] = ()
    if key.value == "schedule":
        schedules = tuple(
            Schedule(leaves.given(entry["cron"]), leaves.text(entry.get("timezone")))
            for entry in map(fields_of, items_of(value))
        )
    return Event(leaves.given(key), filters, schedules)


def _inputs(leaves: Leaves, node: Node | None) -> tuple[Input, ...]:
    return tuple(
        Input(
            name,
            type=_words(leaves, fields.get("type")) or "string",
            description=_words(leaves, fields.get("description")),
            is_required=_flag(fields.get("required")),
            default=leaves.value(fields.get("default")),
            options=leaves.texts(fields.get("options")),
        )
        for name, fields in _named(leaves, node)
    )


def _named(leaves: Leaves, node: Node | None) -> list[tuple[Text, Fields]]:
    if not isinstance(node, Mapping):
        return []
    return [(leaves.given(key), fields_of(value)) for key, value in node.entries]


def _words(leaves: Leaves, node: Node | None) -> str:
    text = leaves.text(node)
    return text.value if text else ""


def _flag(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.value is True
