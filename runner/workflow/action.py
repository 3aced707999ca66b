"""An `action.yml`: what it takes, what it gives, and how it runs (spec §6.9, §7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Mapping, Node, Scalar
from runner.documents.scalars import to_text
from runner.records import NamedTuple
from runner.workflow.leaves import Leaves, fields_of
from runner.workflow.reading_steps import read_steps

if TYPE_CHECKING:
    from runner.documents.nodes import Document
    from runner.errors import Problem
    from runner.workflow.steps import Step
    from runner.workflow.values import Text

SCHEMA = "action"


class ActionInput(NamedTuple):
    """`default` may hold `${{ }}`; that `is_required` is told to readers, not enforced."""

    name: Text
    description: str = ""
    default: Text | None = None
    is_required: bool = False
    deprecation: str = ""


class ActionOutput(NamedTuple):
    """`value` is None for actions other than composite ones."""

    name: Text
    description: str = ""
    value: Text | None = None


class Action(NamedTuple):
    """An action; `using` is `composite` (with `steps`) or `wasm` (with the modules, and what they
    may do: `permissions`, in the words of a `step.yml`).
    """

    file: str
    digest: str
    name: str
    using: str
    inputs: tuple[ActionInput, ...] = ()
    outputs: tuple[ActionOutput, ...] = ()
    steps: tuple[Step, ...] = ()
    pre: Text | None = None
    main: Text | None = None
    post: Text | None = None
    pre_condition: Text | None = None
    post_condition: Text | None = None
    permissions: Mapping | None = None


def check_action(document: Document) -> list[Problem]:
    """Return what no schema can say against an `action.yml` of any shape."""
    from runner.workflow.rules.action import find_problems  # 13 ms; not for a remembered file

    return find_problems(document)


def read_action(document: Document) -> Action:
    """Return the model of a document that `load(..., SCHEMA, rules=check_action)` let pass."""
    root = fields_of(document.root)
    leaves = Leaves(document)
    runs = fields_of(root["runs"])
    requested = root.get("permissions")
    return Action(
        file=document.file,
        digest=document.digest,
        name=_words(root.get("name")) or document.file,
        using=_words(runs.get("using")).lower(),
        inputs=_read_inputs(leaves, root.get("inputs")),
        outputs=_read_outputs(leaves, root.get("outputs")),
        steps=read_steps(leaves, runs.get("steps")),
        pre=leaves.text(runs.get("pre")),
        main=leaves.text(runs.get("main")),
        post=leaves.text(runs.get("post")),
        pre_condition=leaves.text(runs.get("pre-if")),
        post_condition=leaves.text(runs.get("post-if")),
        permissions=requested if isinstance(requested, Mapping) else None,
    )


def _read_inputs(leaves: Leaves, node: Node | None) -> tuple[ActionInput, ...]:
    return tuple(
        ActionInput(
            leaves.given(key),
            description=_words(fields.get("description")),
            default=leaves.text(fields.get("default")),
            is_required=_words(fields.get("required")).lower() == "true",
            deprecation=_words(fields.get("deprecationMessage")),
        )
        for key, fields in _entries(node)
    )


def _read_outputs(leaves: Leaves, node: Node | None) -> tuple[ActionOutput, ...]:
    return tuple(
        ActionOutput(
            leaves.given(key),
            description=_words(fields.get("description")),
            value=leaves.text(fields.get("value")),
        )
        for key, fields in _entries(node)
    )


def _entries(node: Node | None) -> list[tuple[Scalar, dict[str, Node]]]:
    entries = node.entries if isinstance(node, Mapping) else ()
    return [(key, fields_of(value)) for key, value in entries]


def _words(node: Node | None) -> str:
    return to_text(node.value) if isinstance(node, Scalar) else ""
