"""Where things are on this machine: the tree to work on, the user's cache."""

from __future__ import annotations

import os

from runner.errors import InvalidInput, Problem
from runner.workspace.repository import find_work_tree

APPLICATION = "wasi-runner"


def cache_folder() -> str:
    """Return where compiled modules and fetched plugins are kept, by digest, for this user."""
    if own := os.environ.get("WASI_RUNNER_CACHE"):
        return os.path.abspath(own)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(os.path.abspath(base), APPLICATION)


def find_source(given: str) -> str:
    """Return the absolute folder to work on: as given, else the repository around us, else here."""
    if given and not os.path.isdir(given):
        raise InvalidInput([Problem("run.source", f"`{given}` is not a folder")])
    if given:
        return os.path.abspath(given)
    try:
        return find_work_tree(".") or os.getcwd()
    except FileNotFoundError as error:
        message = "the current directory no longer exists"
        raise InvalidInput([Problem("run.source", message)]) from error
