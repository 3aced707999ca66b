"""Checked documents to workflows: the front door of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import Mapping, Scalar
from runner.workflow.leaves import Leaves, fields_of, items_of
from runner.workflow.model import Call, Defaults, Job, Permissions, Strategy, Workflow
from runner.workflow.reading_steps import read_steps
from runner.workflow.reading_triggers import read_events, read_interface
from runner.workflow.references import parse_workflow_reference
from runner.workflow.templates import is_expression

if TYPE_CHECKING:
    from runner.documents.nodes import Document, Node
    from runner.errors import Problem
    from runner.workflow.leaves import Fields
    from runner.workflow.values import Text

SCHEMA = "pipeline"
_STRATEGY_KEYS = {"matrix", "fail-fast", "max-parallel"}


def check_workflow(document: Document) -> list[Problem]:
    """Return what no schema can say against a document of any shape."""
    from runner.workflow.rules import find_problems  # 13 ms; not for a remembered file

    return find_problems(document)


def read_workflow(document: Document) -> Workflow:
    """Return the model of a document that `load(..., SCHEMA, rules=check_workflow)` let pass."""
    root = fields_of(document.root)
    leaves = Leaves(document)
    name = leaves.text(root.get("name"))
    on, jobs = root["on"], root["jobs"]
    dispatch_inputs, call = read_interface(leaves, on)
    return Workflow(
        file=document.file,
        digest=document.digest,
        name=name.value if name and name.value else document.file,
        on=read_events(leaves, on),
        jobs=_read_jobs(leaves, jobs),
        jobs_position=leaves.position(jobs),
        run_name=leaves.text(root.get("run-name")),
        env=root.get("env"),
        defaults=_read_defaults(leaves, root.get("defaults")),
        permissions=_read_permissions(root.get("permissions")),
        concurrency=root.get("concurrency"),
        dispatch_inputs=dispatch_inputs,
        call=call,
        grant=_mapping(root.get("grant")),
    )


def _read_jobs(leaves: Leaves, node: Node) -> tuple[Job, ...]:
    assert isinstance(node, Mapping)  # noqa: S101 - the schema says so
    spelled = {str(key.value).lower(): str(key.value) for key, _ in node.entries}
    return tuple(
        _read_job(leaves, leaves.given(key), fields_of(value), spelled)
        for key, value in node.entries
    )


def _read_job(leaves: Leaves, name: Text, fields: Fields, spelled: dict[str, str]) -> Job:
    needs: dict[str, Text] = {}
    for item in items_of(fields.get("needs")):
        text = leaves.given(item)
        needed = spelled[text.value.lower()]
        needs.setdefault(needed, text._replace(value=needed))
    return Job(
        id=name,
        name=leaves.text(fields.get("name")),
        needs=tuple(needs.values()),
        condition=leaves.text(fields.get("if")),
        runs_on=fields.get("runs-on"),
        steps=read_steps(leaves, fields.get("steps")),
        call=_read_call(leaves, fields),
        env=fields.get("env"),
        strategy=_read_strategy(leaves, fields.get("strategy")),
        defaults=_read_defaults(leaves, fields.get("defaults")),
        outputs=fields.get("outputs"),
        timeout_minutes=leaves.value(fields.get("timeout-minutes")),
        cancel_timeout_minutes=leaves.value(fields.get("cancel-timeout-minutes")),
        continue_on_error=leaves.value(fields.get("continue-on-error")),
        permissions=_read_permissions(fields.get("permissions")),
        concurrency=fields.get("concurrency"),
        environment=fields.get("environment"),
        container=fields.get("container"),
        services=fields.get("services"),
        grant=_mapping(fields.get("grant")),
    )


def _read_call(leaves: Leaves, fields: Fields) -> Call | None:
    if "uses" not in fields:
        return None
    uses = parse_workflow_reference(leaves.given(fields["uses"]))
    assert uses is not None  # noqa: S101 - runner.workflow.rules.uses saw to it
    secrets = fields.get("secrets")
    inherits = isinstance(secrets, Scalar)
    return Call(uses, fields.get("with"), None if inherits else secrets, inherits)


def _read_strategy(leaves: Leaves, node: Node | None) -> Strategy | None:
    if node is None:
        return None
    fields = fields_of(node)
    if not fields.keys() <= _STRATEGY_KEYS or is_expression(node):
        return Strategy(whole=node)
    return Strategy(
        matrix=fields.get("matrix"),
        fail_fast=leaves.value(fields.get("fail-fast")),
        max_parallel=leaves.value(fields.get("max-parallel")),
    )


def _read_defaults(leaves: Leaves, node: Node | None) -> Defaults | None:
    run = fields_of(node).get("run")
    if run is None:
        return None
    fields = fields_of(run)
    return Defaults(leaves.text(fields.get("shell")), leaves.text(fields.get("working-directory")))


def _read_permissions(node: Node | None) -> Permissions | None:
    if node is None:
        return None
    if isinstance(node, Scalar):
        return Permissions(str(node.value).removesuffix("-all"))
    scopes = fields_of(node).items()
    return Permissions(
        "none",
        tuple((name, str(level.value)) for name, level in scopes if isinstance(level, Scalar)),
    )


def _mapping(node: Node | None) -> Mapping | None:
    return node if isinstance(node, Mapping) else None
