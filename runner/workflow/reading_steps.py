"""Checked step nodes to step records (spec §3.6, §3.7)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from runner.documents.nodes import Mapping, Scalar
from runner.workflow.leaves import fields_of, items_of
from runner.workflow.references import Reference, parse_reference
from runner.workflow.steps import ControlStep, RunStep, Step, UsesStep

if TYPE_CHECKING:
    from runner.documents.nodes import Node
    from runner.workflow.leaves import Fields, Leaves
    from runner.workflow.values import Text

_CONTROL_KINDS = ("parallel", "cancel", "wait", "wait-all")
_ILLEGAL = r"[^A-Za-z0-9_-]"


def read_steps(leaves: Leaves, node: Node | None) -> tuple[Step, ...]:
    """Return the steps of a job or of a composite action."""
    return _StepReader(leaves).read(node)


class _StepReader:
    """Reads the steps of one scope, in which generated and given ids are unique."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}
        self._spelled: dict[str, str] = {}

    def read(self, node: Node | None) -> tuple[Step, ...]:
        return tuple(self._step(item) for item in items_of(node))

    def _step(self, node: Node) -> Step:
        fields = fields_of(node)
        leaves = self._leaves
        given = leaves.text(fields.get("id"))
        common: dict[str, Any] = {
            "position": leaves.position(node),
            "id": given,
            "name": leaves.text(fields.get("name")),
            "continue_on_error": leaves.value(fields.get("continue-on-error")),
        }
        if given:
            self._spelled[given.value.lower()] = given.value
        if "run" in fields:
            common["action"] = self._action(given, "run")
            script = leaves.given(fields["run"])
            shell = leaves.text(fields.get("shell"))
            folder = leaves.text(fields.get("working-directory"))
            common |= self._plugin_fields(fields)
            return RunStep(script=script, shell=shell, working_directory=folder, **common)
        if "uses" in fields:
            uses = parse_reference(leaves.given(fields["uses"]))
            assert uses is not None  # noqa: S101 - runner.workflow.rules.uses saw to it
            common["action"] = self._action(given, _slug(uses))
            common |= self._plugin_fields(fields)
            return UsesStep(uses=uses, inputs=fields.get("with"), **common)
        return self._control(fields, given, common)

    def _plugin_fields(self, fields: Fields) -> dict[str, Any]:
        background = fields.get("background")
        grant = fields.get("grant")
        return {
            "condition": self._leaves.text(fields.get("if")),
            "env": fields.get("env"),
            "timeout_minutes": self._leaves.value(fields.get("timeout-minutes")),
            "background": isinstance(background, Scalar) and background.value is True,
            "grant": grant if isinstance(grant, Mapping) else None,
        }

    def _control(self, fields: Fields, given: Text | None, common: dict[str, Any]) -> Step:
        kind = next(kind for kind in _CONTROL_KINDS if kind in fields)
        common["action"] = self._action(given, kind)
        if kind == "parallel":
            inner: Any = self.read(fields[kind])
            return ControlStep(kind=kind, steps=inner, **common)
        named = items_of(fields[kind]) if kind != "wait-all" else ()
        return ControlStep(kind=kind, targets=tuple(map(self._target, named)), **common)

    def _target(self, node: Node) -> Text:
        text = self._leaves.given(node)
        return text._replace(value=self._spelled.get(text.value.lower(), text.value))

    def _action(self, given: Text | None, kind: str) -> str:
        if given:
            self._taken.add(given.value.lower())
            return given.value
        plain = kind if kind.isalnum() and kind.isascii() else re.sub(_ILLEGAL, "_", kind)
        base = name = f"__{plain}"
        count = self._counts.get(base, 1)
        while name.lower() in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._counts[base] = count
        self._taken.add(name.lower())
        return name


def _slug(uses: Reference) -> str:
    if uses.kind == "remote":
        return f"{uses.owner}_{uses.repository}"
    return f"steps_{uses.path}" if uses.kind == "standard" else "self"
