"""`validate`: all that is wrong with a pipeline, nothing run and nothing fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.app.places import cache_folder, find_source
from runner.app.reading import plan_document, read_file
from runner.documents.reader import examine, settle
from runner.errors import InvalidInput
from runner.plugins import resolve
from runner.workflow.reader import SCHEMA, check_workflow

if TYPE_CHECKING:
    from runner.errors import Problem


def validate(file: str) -> tuple[Problem, ...]:
    """Return every problem of the pipeline in `file`, warnings too; nothing if it is fine.

    Checks the file whatever is remembered of it, and the manifests of the plugins it uses.
    """
    base, cache = find_source(""), cache_folder()
    problems: tuple[Problem, ...] = ()
    try:
        document, problems = examine(file, read_file(file), SCHEMA, rules=check_workflow)
        if not any(problem.severity == "error" for problem in problems):
            plan_document(document, find=lambda uses: resolve.find(uses, base=base, cache=cache))
    except InvalidInput as error:
        return settle([*problems, *error.problems])
    return problems
