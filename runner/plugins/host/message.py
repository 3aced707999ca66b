"""`message`: progress, structured results, and whatever plugin and application agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.plugins.host.fields import invalid, read_text
from runner.plugins.host.services import Message, deny

if TYPE_CHECKING:
    from runner.plugins.host.services import Session

_MAX_KIND = 100
# What everybody understands: the fields and their types.
_KNOWN: dict[str, dict[str, tuple[type, ...]]] = {
    "progress": {"done": (int, float), "total": (int, float), "text": (str,)},
    "result": {"value": (object,)},
}


def answer(request: dict[str, Any], session: Session) -> dict[str, Any]:
    """Pass the message on; the reply is what the application makes of it, null if nothing."""
    if not session.allowed.communication.host_communication:
        raise deny("communication.host_communication", "send a message to the host", value=True)
    kind = read_text(request, "type")
    if not 0 < len(kind) <= _MAX_KIND:
        raise invalid(f"`type` must have 1 to {_MAX_KIND} characters")
    for name, types in _KNOWN.get(kind, {}).items():
        if name in request and not isinstance(request[name], types):
            raise invalid(f"`{name}` of a `{kind}` must be a {types[0].__name__}")
    if kind == "result" and "value" not in request:
        raise invalid("a `result` needs a `value`")
    listener = session.services.on_message
    reply = listener(Message(session.plugin, kind, request)) if listener else None
    return {"reply": reply}
