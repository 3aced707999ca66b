"""`validate`: all that is wrong with a pipeline, nothing run and nothing fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.app.places import cache_folder, find_source
from runner.app.reading import read_plan
from runner.errors import InvalidInput
from runner.plugins import resolve

if TYPE_CHECKING:
    from runner.errors import Problem


def validate(file: str) -> list[Problem]:
    """Return every problem of the pipeline in `file`; none if it is valid."""
    base, cache = find_source(""), cache_folder()
    try:
        read_plan(file, find=lambda uses: resolve.find(uses, base=base, cache=cache))
    except InvalidInput as error:
        return list(error.problems)
    return []
