"""`call`: another plugin's entry point, with a JSON message in and a JSON value out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from runner.abi.guest import COMMANDS
from runner.permissions import sets
from runner.plugins.host.child import Order, run_child
from runner.plugins.host.fields import check_names, read_text
from runner.plugins.host.services import deny
from runner.plugins.manifest import MAIN

if TYPE_CHECKING:
    from runner.plugins.host.services import Session

MESSAGE = "message.json"
VARIABLE = "RUNNER_MESSAGE"
_PERMISSION = "communication.allowed_plugins"


def answer(request: dict[str, Any], session: Session) -> dict[str, Any]:
    """Run the entry point; it finds the message in the file that `RUNNER_MESSAGE` names."""
    check_names(request, ("plugin", "entry_point", "message"))
    name = read_text(request, "plugin")
    if not sets.contains(
        session.allowed.communication.allowed_plugins, (name,), sets.prefix_covers
    ):
        raise deny(_PERMISSION, f"call the plugin `{name}`", [name])
    order = Order(
        name,
        read_text(request, "entry_point", MAIN),
        environment={VARIABLE: f"{COMMANDS}/{MESSAGE}"},
        files={MESSAGE: json.dumps(request.get("message")).encode()},
    )
    return run_child(order, session, permission=_PERMISSION)
