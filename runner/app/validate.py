"""`validate`: all that is wrong with a pipeline, nothing run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.app.places import cache_folder, find_source
from runner.app.reading import open_catalogue, parse_overrides, plan_document, read_file
from runner.documents.memory import Memory
from runner.documents.reader import examine, settle
from runner.errors import InvalidInput
from runner.workflow.reader import SCHEMA, check_workflow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.documents.nodes import Document
    from runner.errors import Problem


def validate(file: str, *, local_repositories: Sequence[str] = ()) -> tuple[Problem, ...]:
    """Return every problem of the pipeline in `file`, warnings too; nothing if it is fine.

    Checks the file (unless it was found without any problem before), the workflows and actions
    that it uses, and the manifests of its plugins; what lies in other repositories is fetched.
    `local_repositories` are folders, as `OWNER/REPO@REF=DIR`. Raises Unavailable if all there is
    to say is that they cannot be reached.
    """
    overrides = parse_overrides(local_repositories)
    catalogue = open_catalogue(find_source(""), overrides=overrides, is_complete=False)
    problems: tuple[Problem, ...] = ()
    try:
        document, problems = _examine(file)
        if not any(problem.severity == "error" for problem in problems):
            plan_document(document, catalogue)
    except InvalidInput as error:
        return settle([*problems, *error.problems])
    return problems


def _examine(file: str) -> tuple[Document, tuple[Problem, ...]]:
    """Check a file alone. One that is fine, warnings included, is remembered as such."""
    content = read_file(file)
    memory = Memory(os.path.join(cache_folder(), "documents", "clean"), SCHEMA)
    if known := memory.recall(file, content):
        return known, ()
    document, problems = examine(file, content, SCHEMA, rules=check_workflow)
    if not problems:
        memory.keep(document)
    return document, problems
