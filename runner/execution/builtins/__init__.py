"""The host actions there are. A new one is a file and a line here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from runner.execution.builtins.protocol import HostAction

# Named, not imported: a run pays only for those that it uses.
BUILTINS: dict[str, str] = {
    "actions/checkout": "checkout",
    "actions/download-artifact": "download_artifact",
    "actions/upload-artifact": "upload_artifact",
}


def load_builtin(name: str) -> HostAction:
    """Return the host action `name`, a key of BUILTINS."""
    return cast("HostAction", import_module(f"{__name__}.{BUILTINS[name]}"))
