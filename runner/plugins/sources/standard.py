"""The steps that come with this package: `uses: steps/sh`."""

from __future__ import annotations

import os

from runner.errors import InvalidInput, Problem, nearest
from runner.plugins.manifest import FILE_NAME
from runner.plugins.sources.local import list_plugins
from runner.resources import locate as locate_resource


def locate(name: str) -> str:
    """Return the absolute folder of the standard step `name`."""
    folder = locate_resource("steps", name)
    if os.path.isfile(os.path.join(folder, FILE_NAME)):
        return folder
    known = [f"steps/{one}" for one in list_names()]
    message = f"there is no standard step `steps/{name}`"
    raise InvalidInput([Problem("plugin-not-found", message, hint=nearest(f"steps/{name}", known))])


def list_names() -> list[str]:
    """Return the names of all standard steps."""
    return list_plugins(locate_resource("steps"))
