"""Plugins that speak to the application and call each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from runner import Denied, ManagerEvent
from runner.permissions import ALL
from tests.plugins.manager.conftest import compiled, describe, run_script, shell

if TYPE_CHECKING:
    from runner.plugins.host import Message
    from tests.plugins.manager.conftest import MakeManager


def asking(operation: str, request: dict[str, Any]) -> bytes:
    """Return a guest that asks its host once and prints the reply."""
    text = json.dumps(request)
    quoted = text.replace("\\", "\\5c").replace('"', "\\22")
    return compiled(f"""(module
      (import "runner" "call" (func $call (param i32 i32 i32 i32) (result i32)))
      (import "runner" "reply" (func $reply (param i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 2)
      (data (i32.const 64) "{operation}")
      (data (i32.const 1024) "{quoted}")
      (func (export "_start")
        (drop (call $call (i32.const 64) (i32.const {len(operation)})
          (i32.const 1024) (i32.const {len(text.encode())})))
        (i32.store (i32.const 0) (i32.const 8192))
        (i32.store (i32.const 4) (call $reply (i32.const 8192) (i32.const 65536)))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))""")


def test_a_message_reaches_the_application(make_manager: MakeManager) -> None:
    """The plugin's id, the kind and the data arrive; the answer goes back."""
    manager = make_manager(grant=ALL)
    request = {"communication": {"host_communication": True}}
    module = asking("message", {"type": "progress", "done": 3, "total": 7})
    manager.load(module, describe(permissions=request))
    heard: list[Message] = []

    def answer(message: Message) -> dict[str, int]:
        heard.append(message)
        return {"seen": len(heard)}

    result = manager.execute("test/plugin", on_message=answer)
    assert json.loads(result.lines[0]) == {"reply": {"seen": 1}}
    assert (heard[0].plugin, heard[0].kind, heard[0].data["done"]) == ("test/plugin", "progress", 3)


def test_a_plugin_calls_another(make_manager: MakeManager) -> None:
    """The loaded version with that id answers, also when only one execution may run at once."""
    events: list[ManagerEvent] = []
    manager = make_manager(grant=ALL, concurrency=1, on_event=events.append)
    double = 'jq ". * 2" "$RUNNER_MESSAGE" > "$RUNNER_RESULT"'
    manager.load(shell(), run_script(double, name="test/double"))
    request = {"communication": {"allowed_plugins": ["test/*"]}}
    module = asking("call", {"plugin": "test/double", "message": 21})
    manager.load(module, describe(permissions=request))
    result = manager.execute("test/plugin")
    assert json.loads(result.lines[0])["value"] == 42
    assert manager.status("test/double").running == 0
    manager.unload("test/double")
    unknown = manager.execute("test/plugin")
    assert "no plugin `test/double` is loaded" in unknown.lines[0]


def test_what_was_not_requested_is_refused_and_told(make_manager: MakeManager) -> None:
    """The guest goes on with a refusal; the result names the missing grant as YAML."""
    manager = make_manager(grant=ALL)
    request = {"communication": {"allowed_plugins": ["other/one"]}}
    module = asking("call", {"plugin": "test/double", "message": 21})
    manager.load(module, describe(permissions=request))
    result = manager.execute("test/plugin")
    assert result.is_success
    (problem,) = result.errors
    assert (problem.code, problem.severity) == ("permission-denied", "warning")
    assert problem.hint == "grant: {communication: {allowed_plugins: [test/double]}}"


def test_nobody_speaks_unless_granted(make_manager: MakeManager) -> None:
    """Messages, calls and the network are not in what is granted by default."""
    for request in (
        {"communication": {"host_communication": True}},
        {"communication": {"allowed_plugins": ["*"]}},
        {"system": {"spawn_processes": ["*"]}},
        {"network": {"allowed_domains": ["*"]}},
    ):
        with pytest.raises(Denied):
            make_manager().load(asking("http", {}), describe(permissions=request))
