"""From the bytes of a `step.yml` to its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.documents.nodes import plain
from runner.documents.reader import load
from runner.plugins.manifest import build
from runner.plugins.rules import find_problems

if TYPE_CHECKING:
    from runner.plugins.manifest import Manifest

SCHEMA = "step"


def read(file: str, content: bytes, *, memory: str | None = None) -> Manifest:
    """Read a manifest; raises `InvalidInput` with every problem and its place.

    With `memory`, a folder, a manifest that was found valid is not checked again.
    """
    document = load(file, content, SCHEMA, rules=find_problems, memory=memory)
    return build(plain(document.root), file=file, digest=document.digest)
