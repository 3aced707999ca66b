"""The rules of the language that no schema can say, a file each (spec §2, §3).

A rule sees the outline of any document, also of one that the schema refuses, and yields what it
finds; what has the wrong shape is not its business. All problems are thus told at once.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from runner.workflow.rules import (
    concurrency,
    contexts,
    events,
    ids,
    matrix,
    needs,
    steps,
    unsupported,
    uses,
)
from runner.workflow.rules.outline import outline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from runner.documents.nodes import Document
    from runner.errors import Problem
    from runner.workflow.rules.outline import Outline

    Rule = Callable[[Outline], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    concurrency.check,
    contexts.check,
    events.check,
    ids.check,
    matrix.check,
    needs.check,
    steps.check,
    unsupported.check,
    uses.check,
)


_MANY = 100  # of one rule: far more than are ever shown, and hints take their time


def find_problems(document: Document) -> list[Problem]:
    """Return what all rules say against a workflow."""
    seen = outline(document)
    return [problem for rule in RULES for problem in islice(rule(seen), _MANY)]
