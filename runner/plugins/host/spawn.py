"""`spawn`: another plugin as a step of its own, with inputs and an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.permissions import sets
from runner.plugins.host.child import Order, run_child
from runner.plugins.host.fields import check_names, read_text, read_texts
from runner.plugins.host.services import deny
from runner.plugins.manifest import MAIN

if TYPE_CHECKING:
    from runner.plugins.host.services import Session

_PERMISSION = "system.spawn_processes"


def answer(request: dict[str, Any], session: Session) -> dict[str, Any]:
    """Run the plugin with the inputs `with` and, as far as it requests them, variables."""
    check_names(request, ("plugin", "entry_point", "with", "environment"))
    name = read_text(request, "plugin")
    if not sets.contains(session.allowed.system.spawn_processes, (name,), sets.prefix_covers):
        raise deny(_PERMISSION, f"start the plugin `{name}`", [name])
    order = Order(
        name,
        read_text(request, "entry_point", MAIN),
        given=read_texts(request, "with"),
        offered=read_texts(request, "environment"),
    )
    return run_child(order, session, permission=_PERMISSION)
