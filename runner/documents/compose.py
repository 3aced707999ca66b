"""YAML events to a tree of nodes, without recursion and with every limit of the spec (§1).

The parser's own composer is not used: it recurses, resolves by YAML 1.1, keeps the last of two
equal keys and expands nothing, so that aliases, depth and size could not be told in time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from runner.documents.nodes import Mapping, Node, Scalar, Sequence
from runner.documents.scalars import resolve, resolve_tagged, to_text
from runner.errors import InvalidInput, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 50
MAX_SIZE = 10 * 1024 * 1024
MAX_NODES = 50_000

# What a person means as a version: `3.10`, which as a number is 3.1.
_LOSSY = re.compile(r"[0-9]+\.[0-9]*[1-9]0")

# The official reader's book-keeping: an object, and a .NET string of two-byte characters.
_OBJECT_SIZE = 24
_STRING_SIZE = 26
_CHARACTER_SIZE = 2


class Composer:
    """Builds one tree from a stream of parser events.

    Problems that leave the rest readable (a second equal key, an unknown tag) gather in
    `problems`; what makes the rest meaningless raises InvalidInput with all so far.
    """

    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self._file = file
        self._open: list[_Collection] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._documents = 0
        self._nodes = 0
        self._size = 0
        self._has_aliases = False
        self._handlers: dict[str, Callable[[Any], None]] = {
            "ScalarEvent": self._scalar,
            "AliasEvent": self._alias,
            "MappingStartEvent": self._start,
            "SequenceStartEvent": self._start,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "DocumentStartEvent": self._document,
        }

    def take(self, event: Any) -> None:
        """Take the next event of the parser."""
        handler = self._handlers.get(type(event).__name__)
        if handler:
            handler(event)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop("yaml.second-document", "a second document is not expected", event)

    def _scalar(self, event: Any) -> None:
        mark = event.start_mark
        value: Any = event.value
        if event.tag is not None:
            value = self._tagged(event)
        elif event.implicit[0]:
            value = resolve(value)
            if isinstance(value, float) and _LOSSY.fullmatch(event.value):
                self._warn_of_loss(event, value)
        self._weigh(event, 1, _weight(value))
        node = Scalar(value, mark.line + 1, mark.column + 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(node, 1, _weight(value), 0)
        self._place(node, 0)

    def _warn_of_loss(self, event: Any, value: float) -> None:
        message = f"`{event.value}` is the number {to_text(value)}"
        self._note("yaml.lossy-number", message, event, f'quote it: "{event.value}"')
        self.problems.append(self.problems.pop()._replace(severity="warning"))

    def _tagged(self, event: Any) -> Any:
        try:
            return resolve_tagged(event.value, event.tag, is_plain=not event.style)
        except KeyError:
            self._unknown_tag(event)
        except ValueError:
            kind = event.tag.rpartition(":")[2]
            message = f"the value `{event.value}` is not of the type `{kind}`"
            self._note("yaml.tag", message, event, f"remove the tag `!!{kind}`")
        return event.value

    def _unknown_tag(self, event: Any) -> None:
        short = event.tag.replace("tag:yaml.org,2002:", "!!")
        hint = "the known tags are `!!str`, `!!int`, `!!float`, `!!bool` and `!!null`, on scalars"
        self._note("yaml.tag", f"the tag `{short}` is not allowed", event, hint)

    def _alias(self, event: Any) -> None:
        self._has_aliases = True
        if event.anchor not in self._anchors:
            self._stop("yaml.unknown-alias", f"the alias `*{event.anchor}` has no anchor", event)
        anchored = self._anchors[event.anchor]
        if anchored is None:
            hint = f"`*{event.anchor}` stands inside of `&{event.anchor}`: it would never end"
            self._stop("yaml.too-many-nodes", "Maximum YAML nodes exceeded", event, hint)
            return
        self._weigh(event, anchored.nodes, anchored.size)
        if len(self._open) + anchored.height > MAX_DEPTH:
            self._stop("yaml.too-deep", "Maximum object depth exceeded", event)
        self._place(anchored.node, anchored.height)

    def _start(self, event: Any) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._stop("yaml.too-deep", "Maximum object depth exceeded", event)
        if event.tag is not None:
            self._unknown_tag(event)
        is_mapping = type(event).__name__ == "MappingStartEvent"
        if self._open and self._open[-1].awaits_key:
            code = "schema.unexpected-mapping" if is_mapping else "schema.unexpected-sequence"
            kind = "mapping" if is_mapping else "sequence"
            self._note(code, f"A {kind} was not expected", event, "a key is a text")
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        mark = event.start_mark
        frame = _Collection(mark.line + 1, mark.column + 1, event.anchor, is_mapping=is_mapping)
        frame.nodes_before, frame.size_before = self._nodes, self._size
        self._weigh(event, 1, _OBJECT_SIZE)
        self._open.append(frame)

    def _end(self, _: Any) -> None:
        frame = self._open.pop()
        node = frame.node()
        if frame.anchor is not None:
            nodes, size = self._nodes - frame.nodes_before, self._size - frame.size_before
            self._anchors[frame.anchor] = _Anchored(node, nodes, size, frame.height)
        self._place(node, frame.height)

    def _place(self, node: Node, height: int) -> None:
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        frame.height = max(frame.height, height + 1)
        if not frame.is_mapping:
            frame.items.append(node)
        elif frame.awaits_key:
            frame.awaits_key = False
            frame.key = self._key(frame, node)
        else:
            frame.awaits_key = True
            if frame.key is not None:
                frame.entries.append((frame.key, node))

    def _key(self, frame: _Collection, node: Node) -> Scalar | None:
        """Return the key to file the next value under, or None if that value is to be dropped."""
        if not isinstance(node, Scalar):
            return None
        key = node if isinstance(node.value, str) else node._replace(value=to_text(node.value))
        name = str(key.value)
        first = frame.keys.setdefault(name.lower(), key)
        if first is key:
            return key
        where = Position(self._file, node.line, node.column)
        hint = f"the first `{first.value}` stands on line {first.line}"
        problem = Problem("yaml.duplicate-key", f"'{name}' is already defined", where, hint)
        self.problems.append(problem)
        return None

    def _weigh(self, event: Any, nodes: int, size: int) -> None:
        self._nodes += nodes
        self._size += size
        if self._nodes > MAX_NODES and self._has_aliases:
            self._stop("yaml.too-many-nodes", "Maximum YAML nodes exceeded", event)
        if self._size > MAX_SIZE:
            self._stop("yaml.too-big", "Maximum object size exceeded", event)

    def _note(self, code: str, message: str, event: Any, hint: str = "") -> None:
        mark = event.start_mark
        where = Position(self._file, mark.line + 1, mark.column + 1)
        self.problems.append(Problem(code, message, where, hint))

    def _stop(self, code: str, message: str, event: Any, hint: str = "") -> None:
        self._note(code, message, event, hint)
        raise InvalidInput(self.problems)


class _Collection:
    """A mapping or sequence whose end has not been seen yet."""

    __slots__ = (
        "anchor",
        "awaits_key",
        "column",
        "entries",
        "height",
        "is_mapping",
        "items",
        "key",
        "keys",
        "line",
        "nodes_before",
        "size_before",
    )

    def __init__(self, line: int, column: int, anchor: str | None, *, is_mapping: bool) -> None:
        self.line = line
        self.column = column
        self.anchor = anchor
        self.is_mapping = is_mapping
        self.awaits_key = is_mapping
        self.key: Scalar | None = None
        self.keys: dict[str, Scalar] = {}
        self.entries: list[tuple[Scalar, Node]] = []
        self.items: list[Node] = []
        self.height = 1
        self.nodes_before = 0
        self.size_before = 0

    def node(self) -> Node:
        if self.is_mapping:
            return Mapping(tuple(self.entries), self.line, self.column)
        return Sequence(tuple(self.items), self.line, self.column)


class _Anchored:
    """A finished node that aliases may repeat, and what each repetition costs."""

    __slots__ = ("height", "node", "nodes", "size")

    def __init__(self, node: Node, nodes: int, size: int, height: int) -> None:
        self.node = node
        self.nodes = nodes
        self.size = size
        self.height = height


def _weight(value: Any) -> int:
    length = len(value) if isinstance(value, str) else 0
    return _OBJECT_SIZE + _STRING_SIZE + _CHARACTER_SIZE * length
