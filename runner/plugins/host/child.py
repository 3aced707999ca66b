"""A plugin that another one starts: in a sandbox of its own, with no more than its caller has."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from runner.abi import Limits
from runner.errors import Denied, Problem, Unavailable
from runner.plugins import commandfiles
from runner.plugins.invoke import prepare
from runner.plugins.manager import answers
from runner.plugins.staging import Stage
from runner.records import NamedTuple
from runner.workspace.clone import discard_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.abi import PluginResult
    from runner.plugins.host.services import Budget, Session
    from runner.plugins.invoke import Call, Places
    from runner.plugins.resolve import Plugin

_HANDLE = "{{secret:%s}}"
_HOUR = 3600.0


class Order(NamedTuple):
    """What to start. `given` is what a pipeline would write in `with`, `files` go to /runner."""

    plugin: str
    entry_point: str
    given: Mapping[str, str] = {}
    environment: Mapping[str, str] = {}
    offered: Mapping[str, str] = {}
    files: Mapping[str, bytes] = {}


def run_child(order: Order, session: Session, *, permission: str) -> dict[str, Any]:
    """Run a plugin to its end and return what came of it, as JSON.

    `permission` is what allows it. Its workspace is the caller's, its deadline ends with the
    caller's, its secrets are those that the caller hands on by handle. Raises Denied if it
    requests more than the caller has, InvalidInput, Unavailable.
    """
    services = session.services
    if services.run is None or services.find is None or services.places is None:
        raise Unavailable([Problem("host-plugins", "this host starts no plugins for others")])
    plugin = services.find(order.plugin)
    budget = session.budget.descend(permission)
    folder = os.path.join(services.scratch, f"child-{os.urandom(8).hex()}")
    places = services.places._replace(
        commands=os.path.join(folder, "runner"), temporary=os.path.join(folder, "tmp")
    )
    os.mkdir(folder, 0o700)
    try:
        os.mkdir(places.temporary)
        commandfiles.renew(places.commands)
        for name, content in order.files.items():
            with open(os.path.join(places.commands, name), "xb") as file:
                file.write(content)
        call = _prepare(order, plugin, places, session, permission)
        ended, output = _run(plugin, call, session, budget, folder)
        left = answers.read(places.commands, plugin.manifest)
    finally:
        discard_tree(folder)
    session.denials += ended.denials
    return {
        "verdict": ended.verdict,
        "exit_code": ended.exit_code,
        "message": ended.message,
        "value": left.value,
        "outputs": left.outputs,
        "output": output.decode("utf-8", "replace"),
        "problems": [problem.message for problem in left.problems],
    }


def _prepare(
    order: Order, plugin: Plugin, places: Places, session: Session, permission: str
) -> Call:
    """Narrow the child to what the caller has; what it keeps to itself stays its own."""
    bounds = session.limits._replace(
        wall_time=session.remaining(_HOUR), output=max(session.largest // 2, 1)
    )
    try:
        return prepare(
            plugin,
            _reveal(order.given, plugin, session.secrets),
            places=places,
            entry_point=order.entry_point,
            environment=order.environment,
            offered=order.offered,
            grant=session.allowed,
            policy=session.services.policy,
            limits=Limits(*bounds),
        )
    except Denied as error:
        message = f"start `{order.plugin}`, which requests more than its caller has"
        raise Denied(
            [Problem(permission, message, hint=problem.hint) for problem in error.problems]
        ) from error


def _run(
    plugin: Plugin, call: Call, session: Session, budget: Budget, folder: str
) -> tuple[PluginResult, bytes]:
    from runner.plugins.host.host import make_host  # it loads this module

    assert session.services.run is not None, "asked before"  # noqa: S101 - for the type checker
    pieces: list[bytes] = []
    kills: list[Callable[[], None]] = []

    def stop() -> None:
        for kill in kills:
            kill()

    def attach(kill: Callable[[], None]) -> None:
        kills.append(kill)
        if session.is_closed:
            kill()

    services = session.services
    workspace = services.places.workspace if services.places else ""
    with (
        Stage(call, workspace=workspace, scratch=folder) as stage,
        make_host(plugin.manifest.id, call, services, budget=budget) as host,
        session.stopping_by(stop),
    ):
        result = session.services.run(
            stage.invocation, pieces.append, on_start=attach, on_call=host
        )
        return host.settle(stage.settle(result)), b"".join(pieces)


def _reveal(given: Mapping[str, str], plugin: Plugin, secrets: Mapping[str, str]) -> dict[str, str]:
    """Put the value for the handle where the child gets a handle, too."""
    handles = {_HANDLE % name: value for name, value in secrets.items()}
    hidden = {name.lower() for name, one in plugin.manifest.inputs.items() if one.secret}
    return {
        name: handles.get(text, text) if name.lower() in hidden else text
        for name, text in given.items()
    }
