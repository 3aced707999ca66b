"""The policy file: what plugins may be granted at most, by the owner of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner import permissions
from runner.documents.nodes import Mapping, Node, Sequence, plain
from runner.documents.reader import load
from runner.errors import InvalidInput, Position, Problem
from runner.permissions import ALL, Permissions, sets
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.documents.nodes import Document

SCHEMA = "policy"
FILE_NAME = "policy.yml"
MAX_POLICY = 2**20


class Rule(NamedTuple):
    """`plugins` are ids or `namespace/*`, `kinds` empty for all; `where` is its place."""

    plugins: tuple[str, ...]
    kinds: tuple[str, ...]
    allowed: Permissions
    where: Position


class Policy(NamedTuple):
    """The first rule that matches a plugin counts; what none matches may do nothing.

    `blocked` are modules that never run, by hex SHA-256.
    """

    rules: tuple[Rule, ...]
    file: str
    blocked: frozenset[str] = frozenset()

    def cap(self, plugin: str, kind: str) -> tuple[Permissions, Position]:
        """Return the most that the plugin with this id may be granted, and what says so."""
        for rule in self.rules:
            is_meant = sets.contains(rule.plugins, (plugin,), sets.prefix_covers)
            if is_meant and (not rule.kinds or kind in rule.kinds):
                return rule.allowed, rule.where
        return Permissions(), Position(self.file)


def read(file: str, content: bytes, *, memory: str | None = None) -> Policy:
    """Read a policy; raises `InvalidInput` with every problem and its place.

    With `memory`, a folder, a policy that was found valid is not checked again.
    """
    document = load(file, content, SCHEMA, rules=_find_problems, memory=memory)
    rules = tuple(_read_rule(document, node) for node in _rules(document))
    return Policy(rules, file, frozenset(plain(document.root).get("blocked_modules") or ()))


def read_file(path: str, *, memory: str | None = None) -> Policy:
    """Read the policy at `path`; raises `InvalidInput` also if it cannot be read."""
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_POLICY + 1)
    except OSError as error:
        message = f"cannot read the policy: {error.strerror}"
        raise InvalidInput([Problem("policy-unreadable", message, Position(path))]) from error
    if len(content) > MAX_POLICY:
        message = f"the policy is larger than {MAX_POLICY // 2**20} MiB"
        raise InvalidInput([Problem("policy-unreadable", message, Position(path))])
    return read(path, content, memory=memory)


def _rules(document: Document) -> tuple[Node, ...]:
    root = document.root
    rules = root.get("rules") if isinstance(root, Mapping) else None
    return rules.items if isinstance(rules, Sequence) else ()


def _read_rule(document: Document, node: Node) -> Rule:
    data = plain(node)
    allowed = ALL
    if data["allow"] != "all":
        allowed, _ = permissions.parse(data["allow"] or {})
    return Rule(
        tuple(data["plugins"]), tuple(data.get("kinds", ())), allowed, document.position(node)
    )


def _find_problems(document: Document) -> Iterator[Problem]:
    """Yield what no schema can say; documents of any shape come here."""
    for rule in _rules(document):
        allowed = rule.get("allow") if isinstance(rule, Mapping) else None
        if not isinstance(allowed, Mapping):
            continue
        try:
            _, faults = permissions.parse(plain(allowed))
        except (TypeError, AttributeError, ValueError):  # the schema says which
            continue
        for fault in faults:
            where = document.position(_at(allowed, fault.path))
            yield Problem(fault.code, fault.message, where, fault.hint)


def _at(root: Node, path: tuple[str | int, ...]) -> Node:
    """Return the deepest node on `path` that exists."""
    node = root
    for step in path:
        deeper: Any = None
        if isinstance(node, Mapping):
            deeper = node.get(str(step))
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            deeper = node.items[step]
        if deeper is None:
            break
        node = deeper
    return node
