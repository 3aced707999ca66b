"""`grant:` as permissions: what a pipeline allows the plugins of a step (ARCHITECTURE 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner import permissions
from runner.documents.nodes import Mapping, Sequence, plain
from runner.errors import Position, Problem, nearest

if TYPE_CHECKING:
    from runner.documents.nodes import Node
    from runner.permissions import Permissions

# By the type of a field's default: what may stand there, in words.
_WORDS = {tuple: "a list of texts", bool: "true or false", int: "a number"}


def read_grant(grant: Mapping, *, file: str) -> tuple[Permissions, list[Problem]]:
    """Return what `grant` allows, and what is wrong with it, each problem at its place."""
    problems = _check_shape(grant, file)
    if problems:
        return permissions.Permissions(), problems
    allowed, faults = permissions.parse(plain(grant))
    return allowed, [
        Problem(fault.code, fault.message, _place(grant, fault.path, file), fault.hint)
        for fault in faults
    ]


def _check_shape(grant: Mapping, file: str) -> list[Problem]:
    """Check the types of all values: parsing takes them for granted."""
    problems = []
    for group, node in grant.entries:
        fields = getattr(permissions.ALL, str(group.value))._asdict()
        for key, value in node.entries if isinstance(node, Mapping) else ():
            where = Position(file, key.line, key.column)
            default = fields.get(str(key.value))
            if default is None:
                hint = nearest(str(key.value), fields)
                message = f"`{group.value}` has no permission `{key.value}`"
                problems.append(Problem("permission-invalid", message, where, hint))
            elif not _fits(plain(value), type(default), str(key.value)):
                message = f"`{key.value}` must be {_WORDS[type(default)]}"
                problems.append(Problem("permission-invalid", message, where))
    return problems


def _fits(value: Any, wanted: type, key: str) -> bool:
    if wanted is tuple:
        is_item = _is_port if key == "allowed_ports" else _is_text
        return isinstance(value, list) and all(map(is_item, value))
    if wanted is int:
        kinds = int | str if key.endswith("_size") else int  # sizes may have a unit
        return isinstance(value, kinds) and not isinstance(value, bool)
    return isinstance(value, wanted)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_port(value: Any) -> bool:
    """Whether `value` is a number, or a range of them: `8000-8100`."""
    first, _, last = str(value).partition("-")
    return first.isdecimal() and (not last or last.isdecimal())


def _place(grant: Mapping, path: tuple[str | int, ...], file: str) -> Position:
    node: Node | None = grant
    found = grant.line, grant.column
    for step in path:
        if isinstance(node, Mapping):
            node = node.get(str(step))
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
        if node is not None:
            found = node.line, node.column
    return Position(file, *found)
