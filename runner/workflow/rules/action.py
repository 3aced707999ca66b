"""The rules of an `action.yml` (spec §6.9, §7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.hints import nearest_key
from runner.documents.nodes import Mapping, Scalar
from runner.documents.scalars import to_text
from runner.workflow.leaves import fields_of
from runner.workflow.rules import contexts, ids, steps, unsupported, uses
from runner.workflow.rules.outline import Outline, outline_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.documents.nodes import Document, Node
    from runner.errors import Problem
    from runner.workflow.leaves import Fields

_NODE = ("node12", "node16", "node20", "node24")
_LISTED = "'node12', 'node16', 'node20' or 'node24'"
_HOOKS = {"using", "pre", "main", "post", "pre-if", "post-if"}
_PLAIN = (
    "using",
    "main",
    "pre",
    "post",
    "image",
    "entrypoint",
    "pre-entrypoint",
    "post-entrypoint",
)
_KEYS = {"composite": {"using", "steps"}, "wasm": _HOOKS}

_JOB = ("github", "strategy", "matrix", "job", "runner")
_STATUS = dict.fromkeys(("always", "cancelled", "failure", "success"), (0, 0))
_HASH = {"hashFiles": (1, 255)}
_STEP = contexts.scope((*_JOB, "inputs", "steps", "env"), _HASH)
_STEP_IF = contexts.scope(_STEP.contexts, {**_HASH, **_STATUS}, is_condition=True)
_HOOK_IF = contexts.scope((*_JOB, "env", "inputs"), {**_HASH, **_STATUS}, is_condition=True)
_DEFAULT = contexts.scope(_JOB, _HASH)
_ARGUMENT = contexts.scope(("inputs",))
_OUTPUT = contexts.scope((*_JOB, "steps", "inputs", "env"))
_STEP_KEYS: dict[str, contexts.Scope | None] = {
    **dict.fromkeys(("name", "run", "shell", "with", "env", "working-directory"), _STEP),
    "continue-on-error": _STEP,
    "if": _STEP_IF,
    "id": None,
    "uses": None,
}


def find_problems(document: Document) -> list[Problem]:
    """Return what the rules say against an action."""
    root = fields_of(document.root)
    outline = Outline(document.file, root, ())
    return [
        *_check_root(outline, document.root),
        *_check_runs(outline, root.get("runs")),
        *_check_values(outline, root),
    ]


def _check_root(outline: Outline, root: Node) -> Iterator[Problem]:
    """Miss `runs` also where a key with an expression keeps the schema from it (spec §2)."""
    if isinstance(root, Mapping) and root.entries and root.get("runs") is None:
        message = "Required property is missing: runs"
        yield outline.problem("schema.missing-key", message, root.entries[0][0])


def _check_runs(outline: Outline, runs: Node | None) -> Iterator[Problem]:
    if not isinstance(runs, Mapping):
        return
    fields = fields_of(runs)
    node = fields.get("using")
    using = to_text(node.value).lower() if isinstance(node, Scalar) else ""
    if not using:
        message = f"Missing 'using' value. 'using' requires 'composite', 'docker', {_LISTED}."
        yield outline.problem("action.missing-using", message, node or runs)
    elif using == "docker" or using in _NODE:
        yield _refuse(outline, node or runs, using)
    elif using not in _KEYS:
        message = f"'using: {using}' is not supported, use 'docker', {_LISTED} instead."
        hint = nearest_key(using, ("composite", "wasm"))
        yield outline.problem("action.unknown-using", message, node or runs, hint)
    else:
        yield from _check_kind(outline, runs, using)
    yield from _check_steps(outline, fields)


def _refuse(outline: Outline, node: Node, using: str) -> Problem:
    if using == "docker":
        message = "`using: docker` is not supported: container images cannot be run"
        return outline.problem("unsupported.docker-action", message, node, unsupported.INSTEAD)
    message = f"`using: {using}` is not supported: JavaScript actions cannot be run"
    return outline.problem("unsupported.node-action", message, node, unsupported.INSTEAD)


def _check_kind(outline: Outline, runs: Mapping, using: str) -> Iterator[Problem]:
    required = "steps" if using == "composite" else "main"
    for key, _ in runs.entries:
        name = str(key.value)
        if name not in _KEYS[using]:
            hint = f"`{name}` does not go with `using: {using}`"
            yield outline.problem("action.key", f"Unexpected value '{name}'", key, hint)
    if required not in fields_of(runs):
        message = f"Required property is missing: {required}"
        yield outline.problem("action.incomplete", message, runs)


def _check_steps(outline: Outline, fields: Fields) -> Iterator[Problem]:
    found = outline_steps(fields.get("steps"))
    yield from ids.check_steps(outline, found)
    yield from uses.check_steps(outline, found)
    yield from unsupported.check_steps(outline, found)
    yield from steps.check_shells(outline, found)
    yield from contexts.check_steps(outline, found, _STEP_KEYS)
    for key in ("pre-if", "post-if"):
        yield from contexts.check_node(outline, fields.get(key), _HOOK_IF)


def _check_values(outline: Outline, root: Fields) -> Iterator[Problem]:
    """Check what is evaluated, and that nothing else holds an expression: no description, say."""
    for part, key, scope in (("inputs", "default", _DEFAULT), ("outputs", "value", _OUTPUT)):
        for entry in fields_of(root.get(part)).values():
            for name, node in fields_of(entry).items():
                yield from contexts.check_node(outline, node, scope if name == key else None)
    runs = fields_of(root.get("runs"))
    plain = [node for key, node in root.items() if key not in {"inputs", "outputs", "runs"}]
    plain += [runs[key] for key in _PLAIN if key in runs]
    for node in plain:
        yield from contexts.check_node(outline, node, None)
    for key in ("args", "env"):
        yield from contexts.check_node(outline, runs.get(key), _ARGUMENT)
