"""`validate`: all that is wrong with a pipeline, nothing run and nothing fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.app.places import find_source
from runner.app.reading import open_catalogue, parse_overrides, plan_document, read_file
from runner.documents.reader import examine, settle
from runner.errors import InvalidInput
from runner.workflow.reader import SCHEMA, check_workflow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.errors import Problem


def validate(file: str, *, local_repositories: Sequence[str] = ()) -> tuple[Problem, ...]:
    """Return every problem of the pipeline in `file`, warnings too; nothing if it is fine.

    Checks the file whatever is remembered of it, the workflows and actions that it uses, and the
    manifests of its plugins. `local_repositories` are folders, as `OWNER/REPO@REF=DIR`.
    """
    overrides = parse_overrides(local_repositories)
    catalogue = open_catalogue(find_source(""), overrides=overrides, is_complete=False)
    problems: tuple[Problem, ...] = ()
    try:
        document, problems = examine(file, read_file(file), SCHEMA, rules=check_workflow)
        if not any(problem.severity == "error" for problem in problems):
            plan_document(document, catalogue)
    except InvalidInput as error:
        return settle([*problems, *error.problems])
    return problems
