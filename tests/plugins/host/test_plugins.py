"""Messages to the host, and plugins that call and start each other, in real sandboxes."""

from __future__ import annotations

import json
import os
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from runner.abi import Verdict
from runner.plugins.host import Message, make_host
from runner.plugins.host.services import MAX_CHILDREN, MAX_DEPTH, Budget

if TYPE_CHECKING:
    from tests.plugins.conftest import Shell
    from tests.plugins.host.conftest import Asker, Server

LOOP = '(module (memory (export "memory") 1) (func (export "_start") (loop $x (br $x))))'
TALK = {"host_communication": True}
CALL: dict[str, Any] = {"communication": {"allowed_plugins": ["test/*"]}}
SPAWN: dict[str, Any] = {"system": {"spawn_processes": ["test/*"]}}


@pytest.fixture
def with_shell(asker: Asker, shell: Shell) -> Asker:
    """Let the asker's host know the shell step as `test/sh`, which may read the workspace."""
    plugin = shell.plugin
    permissions = shell.parse(filesystem={"read_paths": ["."]}, system={"env_vars": ["SEEN"]})
    manifest = plugin.manifest._replace(id="test/sh", permissions=permissions)
    asker.plugins["test/sh"] = plugin._replace(manifest=manifest)
    return asker


def _script(text: str, **fields: Any) -> dict[str, Any]:
    return {"plugin": "test/sh", "with": {"script": text}, **fields}


def test_messages_reach_the_application(asker: Asker) -> None:
    """Progress, results and its own kinds; the reply is what the application makes of it."""
    heard: list[Message] = []

    def listen(message: Message) -> Any:
        heard.append(message)
        return {"number": len(heard)}

    asker.services = asker.services._replace(on_message=listen)
    requests: tuple[dict[str, Any], ...] = (
        {"type": "progress", "done": 1, "total": 2.5, "text": "half"},
        {"type": "result", "value": [1, None]},
        {"type": "acme.hello", "any": {"thing": 1}},
    )
    for number, request in enumerate(requests, 1):
        answer = asker.ask("message", request, communication=TALK)
        assert answer.json == {"reply": {"number": number}}
        assert heard[-1] == Message("test/asker", str(request["type"]), request)


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"type": ""},
        {"type": 3},
        {"type": "progress", "done": "1"},
        {"type": "result"},
        {"type": "x" * 101},
    ],
)
def test_odd_messages_are_told(asker: Asker, request_: dict[str, Any]) -> None:
    """What everybody understands has its fields and types."""
    assert asker.ask("message", request_, communication=TALK).code == "host-request"


def test_messages_need_their_permission(asker: Asker) -> None:
    """Another permission is none for this, and the result names the missing grant."""
    answer = asker.ask("message", {"type": "progress"}, **CALL)
    assert answer.text.startswith("!")
    (denial,) = answer.result.denials
    assert denial.permission == "communication.host_communication"
    assert "communication: {host_communication: true}" in denial.grant


def test_messages_are_no_larger_than_allowed(asker: Asker) -> None:
    """Neither what is sent nor what comes back."""
    small = {**TALK, "max_message_size": 200}
    request = {"type": "x", "text": "y" * 300}
    assert asker.ask("message", request, communication=small).text.startswith("!")
    asker.services = asker.services._replace(on_message=lambda _: "z" * 300)
    answer = asker.ask("message", {"type": "x"}, communication=small)
    assert answer.code == "communication.max_message_size"
    assert answer.result.denials[0].grant.startswith("grant: {communication: {max_message_size: 3")


def test_a_plugin_calls_another_with_a_message(with_shell: Asker) -> None:
    """The message comes as a file, the value goes back; nothing is left behind."""
    script = 'echo "got $(cat "$RUNNER_MESSAGE")"; echo \'{"sum": 3}\' > "$RUNNER_RESULT"'
    plugin = with_shell.plugins["test/sh"]
    main = plugin.manifest.entry_points["main"]
    adder = main._replace(name="add", arguments=("-c", script))
    manifest = plugin.manifest._replace(
        entry_points={"add": adder}, permissions=with_shell.parse(), inputs={}
    )
    modules = {"add": plugin.modules["main"]}
    with_shell.plugins["test/add"] = plugin._replace(manifest=manifest, modules=modules)
    request = {"plugin": "test/add", "entry_point": "add", "message": {"terms": [1, 2]}}
    answer = with_shell.ask("call", request, **CALL)
    assert answer.json["value"] == {"sum": 3}
    assert answer.json["output"] == 'got {"terms": [1, 2]}\n'
    assert (answer.json["verdict"], answer.json["exit_code"]) == (Verdict.EXITED, 0)
    assert os.listdir(with_shell.services.scratch) == []


def test_a_plugin_starts_another(with_shell: Asker) -> None:
    """With inputs and variables; exit code, output and outputs come back."""
    workspace = with_shell.services.places.workspace if with_shell.services.places else ""
    with open(os.path.join(workspace, "a.txt"), "w", encoding="utf-8") as file:
        file.write("A")
    request = _script(
        'cat a.txt; echo " $SEEN$HIDDEN"; echo x=1 >> "$GITHUB_OUTPUT"; exit 3',
        environment={"SEEN": "s", "HIDDEN": "h"},
    )
    answer = with_shell.ask(
        "spawn",
        request,
        filesystem={"read_paths": ["."]},
        system={"spawn_processes": ["test/sh"], "env_vars": ["SEEN"]},
    )
    told = answer.json
    assert (told["exit_code"], told["output"], told["outputs"]) == (3, "A s\n", {"x": "1"})


@pytest.mark.parametrize(
    ("operation", "granted", "permission", "grant"),
    [
        (
            "call",
            {"communication": {"allowed_plugins": ["else/*"]}},
            "communication.allowed_plugins",
            "grant: {communication: {allowed_plugins: [test/sh]}}",
        ),
        (
            "spawn",
            {"system": {"spawn_processes": ["test/shell"]}},
            "system.spawn_processes",
            "grant: {system: {spawn_processes: [test/sh]}}",
        ),
    ],
)
def test_only_plugins_that_were_named(
    with_shell: Asker, operation: str, granted: dict[str, Any], permission: str, grant: str
) -> None:
    """Any other is refused, with the grant that is missing."""
    answer = with_shell.ask(operation, {"plugin": "test/sh"}, **granted)
    assert answer.code == permission
    (denial,) = answer.result.denials
    assert (denial.permission, denial.grant) == (permission, grant)


def test_a_child_gets_no_more_than_its_caller(with_shell: Asker) -> None:
    """It is refused before it starts if it requests more, and the result says what."""
    answer = with_shell.ask("spawn", _script("cat a.txt"), **SPAWN)
    assert answer.code == "system.spawn_processes"
    (denial,) = answer.result.denials
    assert denial.act == "start `test/sh`, which requests more than its caller has"
    assert denial.grant == "grant: {filesystem: {read_paths: [.]}, system: {env_vars: [SEEN]}}"


def test_a_child_has_the_bounds_of_its_caller(asker: Asker) -> None:
    """One that never ends is ended with its caller's time."""
    asker.add("test/loop", LOOP)
    call = asker.prepare("spawn", {"plugin": "test/loop"}, **SPAWN)
    limits = call.invocation.limits._replace(wall_time=1.0)
    call = call._replace(invocation=call.invocation._replace(limits=limits))
    assert asker.services.run is not None
    began = time.monotonic()
    with make_host("test/asker", call, asker.services) as host:
        result = asker.services.run(call.invocation, lambda _: None, on_call=host)
    assert result.verdict == Verdict.TIMED_OUT
    assert time.monotonic() - began < 15
    _wait_until_empty(asker.services.scratch)


def test_children_end_with_their_caller(asker: Asker) -> None:
    """A cancelled step takes what it started with it."""
    asker.add("test/loop", LOOP)
    call = asker.prepare("spawn", {"plugin": "test/loop"}, **SPAWN)
    kills: list[Any] = []
    run = asker.services.run
    assert run is not None
    is_started = threading.Event()

    def run_child(*arguments: Any, **named: Any) -> Any:
        is_started.set()
        return run(*arguments, **named)

    services = asker.services._replace(run=run_child)
    thread = threading.Thread(target=lambda: (is_started.wait(), kills[0]()))
    thread.start()
    with make_host("test/asker", call, services) as host:
        result = run(call.invocation, lambda _: None, on_start=kills.append, on_call=host)
    thread.join()
    assert result.verdict == Verdict.CANCELLED
    _wait_until_empty(asker.services.scratch)


def test_plugins_start_each_other_only_so_deep(asker: Asker) -> None:
    """A plugin that starts itself for ever comes to an end."""
    request = {"plugin": "test/again", "with": {"operation": "spawn"}}
    asker.add(
        "test/again",
        inputs={"operation": {}},
        entry_points={
            "main": {"module": "a.wasm", "arguments": ["spawn", json.dumps(request), "1"]}
        },
        permissions=SPAWN,
    )
    answer = asker.ask("spawn", request, **SPAWN)
    text = answer.text
    for _ in range(MAX_DEPTH):
        text = json.loads(text)["output"]
    assert f"more than {MAX_DEPTH} deep" in text
    assert [denial.permission for denial in answer.result.denials] == ["system.spawn_processes"]


def test_only_so_many_plugins_are_started(asker: Asker) -> None:
    """The count is of the whole tree."""
    budget = Budget()
    for _ in range(MAX_CHILDREN):
        budget.descend("system.spawn_processes")
    asker.add("test/loop", LOOP)
    answer = asker.ask("spawn", {"plugin": "test/loop"}, budget=budget, **SPAWN)
    assert f"more than {MAX_CHILDREN} plugins were started" in answer.text


def test_secrets_are_handed_on_by_handle(asker: Asker, https: Server) -> None:
    """A child with a secret input gets a handle for the same value, and can use it."""
    network = {"allowed_domains": ["localhost"], "allowed_ports": [https.port]}
    plugin = asker.add("test/child", permissions={"network": network})
    url = f"https://localhost:{https.port}/"
    wanted = json.dumps({"url": url, "headers": {"X-Token": "{{secret:token}}"}})
    given = {"operation": "http", "request": wanted, "token": "{{secret:token}}"}
    request = {"plugin": plugin.manifest.id, "with": given}
    answer = asker.ask("spawn", request, network=network, **SPAWN)
    assert json.loads(answer.json["output"])["status"] == 200
    assert https.seen[0][2]["x-token"] == "hunter2"
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("operation", ["call", "spawn"])
@pytest.mark.parametrize(
    "request_", [{}, {"plugin": 1}, {"plugin": "test/none"}, {"plugin": "test/sh", "entry": "x"}]
)
def test_wrong_requests_are_told(
    with_shell: Asker, operation: str, request_: dict[str, Any]
) -> None:
    """Missing, odd and unknown names are errors for the guest, and no denials."""
    answer = with_shell.ask(
        operation,
        request_,
        system={"spawn_processes": ["*"]},
        communication={"allowed_plugins": ["*"]},
    )
    assert answer.code in {
        "host-request",
        "dependency-not-found",
        "communication.allowed_plugins",
        "system.spawn_processes",
    }
    assert answer.result.is_success


def _wait_until_empty(folder: str) -> None:
    """Wait for what runs on in another thread for a moment: ten seconds are for ever."""
    is_over = threading.Event()
    for _ in range(1000):
        if not os.listdir(folder):
            return
        is_over.wait(0.01)
    raise AssertionError(os.listdir(folder))
