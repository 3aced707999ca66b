"""From a pipeline's file to its plan."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.app.places import cache_folder
from runner.documents.reader import load
from runner.errors import InvalidInput, Position, Problem
from runner.execution.builtins import BUILTINS
from runner.plan.planner import make_plan
from runner.workflow.reader import SCHEMA, check_workflow, read_workflow

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.documents.nodes import Document
    from runner.plan.model import Plan
    from runner.plugins.resolve import Plugin

MAX_PIPELINE = 8 * 1024 * 1024


def read_plan(file: str, *, find: Callable[[str], Plugin]) -> Plan:
    """Read, check and plan the pipeline in `file`; `find` gets the plugin behind a `uses:`.

    A file that was found valid before is not checked again. Raises InvalidInput with every
    problem of the file, or of all its steps' plugins.
    """
    memory = os.path.join(cache_folder(), "documents")
    document = load(file, read_file(file), SCHEMA, rules=check_workflow, memory=memory)
    return plan_document(document, find=find)


def plan_document(document: Document, *, find: Callable[[str], Plugin]) -> Plan:
    """Plan a valid document; see `read_plan`."""
    return make_plan(read_workflow(document), find=_remember(find), builtins=BUILTINS)


def read_file(file: str) -> bytes:
    """Return the bytes of a pipeline file. Raises InvalidInput."""
    try:
        with open(file, "rb") as source:
            return source.read(MAX_PIPELINE)
    except OSError as error:
        message = f"cannot read the pipeline: {error.strerror}"
        raise InvalidInput([Problem("run.unreadable", message, Position(file))]) from error


def _remember(find: Callable[[str], Plugin]) -> Callable[[str], Plugin]:
    """Ask `find` once for each reference; a plugin does not change while a plan is made."""
    known: dict[str, Plugin] = {}

    def remembered(uses: str) -> Plugin:
        if uses not in known:
            known[uses] = find(uses)
        return known[uses]

    return remembered
