"""From the bytes of a `step.yml` to its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import plain
from runner.documents.reader import load
from runner.plugins.manifest import build

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runner.documents.nodes import Document
    from runner.errors import Problem
    from runner.plugins.manifest import Manifest

SCHEMA = "step"


def read(file: str, content: bytes, *, memory: str | None = None) -> Manifest:
    """Read a manifest; raises `InvalidInput` with every problem and its place.

    With `memory`, a folder, a manifest that was found valid is not checked again.
    """
    document = load(file, content, SCHEMA, rules=_find_problems, memory=memory)
    return build(plain(document.root), file=file, digest=document.digest)


def _find_problems(document: Document) -> Iterable[Problem]:
    from runner.plugins.rules import find_problems  # 4 ms; not for a remembered manifest

    return find_problems(document)
