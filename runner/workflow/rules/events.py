"""What `on` says beyond its shape (spec §3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Mapping, Node, Scalar, Sequence
from runner.documents.scalars import to_text
from runner.workflow.leaves import fields_of, items_of
from runner.workflow.rules.cron import INVALID_CRON, is_cron
from runner.workflow.templates import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.errors import Problem
    from runner.workflow.rules.outline import Outline

MAX_INPUTS = 25
_PAIRS = ("branches", "tags", "paths")
_TYPES: dict[str, tuple[type, ...]] = {"boolean": (bool,), "number": (int, float)}


def check(outline: Outline) -> Iterator[Problem]:
    """Check filters, schedules and inputs."""
    on = outline.fields.get("on")
    if (isinstance(on, Sequence) and not on.items) or (isinstance(on, Mapping) and not on.entries):
        yield outline.problem("event.none", "No event triggers defined in `on`", on)
    events = fields_of(on)
    for event in events.values():
        yield from _check_pairs(outline, event)
    yield from _check_schedule(outline, events.get("schedule"))
    dispatch = fields_of(events.get("workflow_dispatch")).get("inputs")
    yield from _check_count(outline, dispatch)
    for inputs in (dispatch, fields_of(events.get("workflow_call")).get("inputs")):
        yield from _check_defaults(outline, inputs)
    yield from _check_options(outline, dispatch)


def _check_pairs(outline: Outline, event: Node) -> Iterator[Problem]:
    keys = {str(key.value): key for key, _ in _entries(event)}
    for name in _PAIRS:
        if name in keys and f"{name}-ignore" in keys:
            later = max(keys[name], keys[f"{name}-ignore"], key=lambda key: (key.line, key.column))
            message = f"`{name}` and `{name}-ignore` cannot be used for the same event"
            hint = f"in `{name}` a pattern that begins with `!` leaves names out"
            yield outline.problem("event.conflicting-filters", message, later, hint)


def _check_schedule(outline: Outline, node: Node | None) -> Iterator[Problem]:
    for entry in items_of(node):
        cron = fields_of(entry).get("cron")
        text = to_text(cron.value) if isinstance(cron, Scalar) else ""
        if cron is None or not text or OPEN in text:
            continue
        if not is_cron(text):
            hint = "as in `30 5 * * 1-5`: half past five from Monday to Friday"
            yield outline.problem("event.cron", INVALID_CRON, cron, hint)


def _check_count(outline: Outline, inputs: Node | None) -> Iterator[Problem]:
    for key, _ in _entries(inputs)[MAX_INPUTS : MAX_INPUTS + 1]:
        message = f"`workflow_dispatch` has more than {MAX_INPUTS} inputs"
        yield outline.problem("event.too-many-inputs", message, key)


def _check_defaults(outline: Outline, inputs: Node | None) -> Iterator[Problem]:
    """Check that defaults are of the declared type; text may be anything's default but theirs."""
    for _, node in _entries(inputs):
        fields = fields_of(node)
        kind, default = fields.get("type"), fields.get("default")
        if not isinstance(kind, Scalar) or not isinstance(default, Scalar):
            continue
        wanted = _TYPES.get(to_text(kind.value))
        text = to_text(default.value)
        is_right = wanted is None or type(default.value) in wanted or default.value is None
        if not is_right and OPEN not in text:
            message = f"Unexpected value '{text}'"
            hint = f"the input is declared as `{kind.value}`"
            yield outline.problem("event.default-type", message, default, hint)


def _check_options(outline: Outline, inputs: Node | None) -> Iterator[Problem]:
    """Check that a choice offers something; what others offer is never asked for."""
    for key, node in _entries(inputs):
        fields = fields_of(node)
        kind, options = fields.get("type"), fields.get("options")
        is_choice = isinstance(kind, Scalar) and kind.value == "choice"
        if is_choice and (options is None or options == Sequence((), options.line, options.column)):
            yield outline.problem("event.options", "Missing 'options' for choice input", node)
        elif not is_choice and options is not None and OPEN not in str(key.value):
            message = "Input type is not 'choice', but 'options' is defined"
            found = outline.problem("event.options", message, options, "say `type: choice`")
            yield found._replace(severity="warning")


def _entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, Mapping) else ()
