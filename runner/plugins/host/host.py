"""The host of one call: finds the operation that is asked for, and speaks JSON."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any, Protocol

from runner.errors import InvalidInput, Problem, nearest
from runner.plugins.host.services import Budget, Services, Session, deny

if TYPE_CHECKING:
    from typing import Self

    from runner.abi import PluginResult
    from runner.plugins.invoke import Call

# A module each, loaded when it is first asked for: their libraries are heavy.
OPERATIONS = {
    "call": "runner.plugins.host.call",
    "http": "runner.plugins.host.http",
    "message": "runner.plugins.host.message",
    "spawn": "runner.plugins.host.spawn",
}


class Operation(Protocol):
    """What a module of `OPERATIONS` offers."""

    def answer(self, request: dict[str, Any], session: Session) -> dict[str, Any]:
        """Do what a guest asks; the reply is JSON.

        Raises Denied for what is not allowed, with problems whose code is the permission and
        whose hint is the YAML that grants it; InvalidInput for a wrong request, Unavailable for
        what cannot be had.
        """
        ...


class Host:
    """Answers one guest; hand it to `Sandbox.run` as `on_call`.

    A context manager around the run: when it ends, whatever is still at work for the guest ends.
    `settle` puts what other plugins were refused on its behalf into its result.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def __call__(self, operation: str, request: bytes) -> bytes:
        """Answer a request; raises RunnerError for what the guest is told as an error."""
        if operation not in OPERATIONS:
            hint = nearest(operation, OPERATIONS)
            message = f"the host has no operation `{operation}`"
            raise InvalidInput([Problem("host-operation", message, hint=hint)])
        module: Any = importlib.import_module(OPERATIONS[operation])
        reply = json.dumps(module.answer(_read(request), self._session)).encode()
        if len(reply) > self._session.largest:
            raise deny(
                "communication.max_message_size", f"a reply of {len(reply)} bytes", len(reply)
            )
        return reply

    def settle(self, result: PluginResult) -> PluginResult:
        return result._replace(denials=(*result.denials, *self._session.denials))


def make_host(plugin: str, call: Call, services: Services, *, budget: Budget | None = None) -> Host:
    """Return the host for one run of `call`, a call of the plugin with the id `plugin`.

    Its deadline counts from now. `budget` is that of the plugin that started this one.
    """
    return Host(Session(plugin, call, services, budget or Budget()))


def _read(request: bytes) -> dict[str, Any]:
    try:
        data = json.loads(request)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            [Problem("host-request", f"the request is not JSON: {error}")]
        ) from error
    if not isinstance(data, dict):
        raise InvalidInput([Problem("host-request", "the request is not a JSON object")])
    return data
