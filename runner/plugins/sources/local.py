"""Plugin folders of the repository: `uses: ./plugins/greet`."""

from __future__ import annotations

import os

from runner.errors import InvalidInput, Problem, nearest
from runner.plugins.manifest import FILE_NAME


def locate(name: str, *, base: str) -> str:
    """Return the absolute folder of the plugin at `name`; links may not leave `base`."""
    folder = os.path.normpath(os.path.join(base, name))
    real, root = os.path.realpath(folder), os.path.realpath(base)
    if real != root and not real.startswith(os.path.join(root, "")):
        raise InvalidInput(
            [Problem("plugin-outside", f"`./{name}` is a link out of the repository")]
        )
    if os.path.isfile(os.path.join(folder, FILE_NAME)):
        return folder
    if os.path.isdir(folder):
        message = f"`./{name}` has no `{FILE_NAME}`, so it is no plugin"
        raise InvalidInput([Problem("plugin-not-found", message)])
    parent, _, last = name.rpartition("/")
    siblings = list_plugins(os.path.join(base, parent))
    prefix = f"./{parent}/" if parent else "./"
    raise InvalidInput(
        [
            Problem(
                "plugin-not-found",
                f"there is no plugin `./{name}`",
                hint=nearest(prefix + last, [prefix + sibling for sibling in siblings]),
            )
        ]
    )


def list_plugins(folder: str) -> list[str]:
    """Return the names of the plugins that lie directly in `folder`."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [name for name in names if os.path.isfile(os.path.join(folder, name, FILE_NAME))]
