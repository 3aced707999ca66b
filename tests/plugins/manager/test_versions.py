"""Plugins come, are replaced and go, while they are in use."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.load import measure
from runner import (
    InvalidInput,
    ManagerEvent,
    Manifest,
    PluginManager,
    PluginResult,
    RunnerError,
    Verdict,
)
from runner.plugins.reader import read
from tests.plugins.manager.conftest import compiled, describe, run_script, shell
from tests.sandbox import wat
from tests.support.project import ROOT

if TYPE_CHECKING:
    from tests.plugins.manager.conftest import MakeManager

WAIT = "echo up; sleep 1000"


def say(text: str) -> bytes:
    return compiled(wat.say((1, text)))


class Call:
    """An execution in a thread of its own that has begun to give output."""

    def __init__(self, manager: PluginManager, plugin: str = "test/plugin") -> None:
        self._started = threading.Event()
        self.result: PluginResult | None = None
        self._thread = threading.Thread(target=self._run, args=(manager, plugin))
        self._thread.start()
        assert self._started.wait(60)

    def _run(self, manager: PluginManager, plugin: str) -> None:
        hear = self._started.set
        self.result = manager.execute(plugin, on_output=lambda _piece: hear())

    def join(self) -> PluginResult:
        self._thread.join(60)
        assert self.result
        return self.result


def test_what_may_be_handed_over(manager: PluginManager, tmp_path: Path) -> None:
    """A module as bytes or path or where the manifest says; a manifest as text, path or record."""
    (tmp_path / "plugin.wasm").write_bytes(say("beside"))
    (tmp_path / "other.wasm").write_bytes(say("given"))
    file = tmp_path / "step.yml"
    content = describe().encode()
    file.write_bytes(content)
    record: Manifest = read("step.yml", content)
    ways: list[tuple[Any, Any, str]] = [
        (None, tmp_path, "beside"),
        (None, str(file), "beside"),
        (say("bytes"), file, "bytes"),
        (str(tmp_path / "other.wasm"), content, "given"),
        (tmp_path / "other.wasm", content.decode(), "given"),
        (say("bytes"), record, "bytes"),
        (None, read(str(file), content), "beside"),
    ]
    for wasm, manifest, said in ways:
        assert manager.load(wasm, manifest) == "test/plugin"
        assert manager.execute("test/plugin").lines == (said,)
        manager.unload("test/plugin")


@pytest.mark.parametrize(
    ("wasm", "manifest", "code"),
    [
        (b"\0asm\1\0\0\0", "id: a/b\n", "schema"),
        (b"no module", describe(), "module.invalid"),
        (b"\0asm\1\0\0\0\xff", describe(), "module.invalid"),
        ("none.wasm", describe(), "module-not-found"),
        (None, describe(), "module-not-found"),
        (None, "no/such/folder", "manifest-not-found"),
    ],
)
def test_what_cannot_be_loaded_leaves_nothing(
    make_manager: MakeManager, wasm: Any, manifest: str, code: str
) -> None:
    """The problem has a code, nothing is loaded, and no file stays behind."""
    manager = make_manager()
    with pytest.raises(RunnerError) as error:
        manager.load(wasm, manifest)
    assert error.value.problems[0].code.startswith(code)
    assert manager.list() == ()
    assert _versions(manager) == []


def test_an_id_is_loaded_once(manager: PluginManager) -> None:
    """A second load says what to do instead, and the first stays."""
    manager.load(say("one"), describe())
    with pytest.raises(InvalidInput, match=r"loaded already, in version 1\.0\.0"):
        manager.load(say("two"), describe("1.1.0"))
    assert manager.execute("test/plugin").lines == ("one",)
    assert len(_versions(manager)) == 1


def test_later_changes_of_the_files_change_nothing(manager: PluginManager, tmp_path: Path) -> None:
    """A loaded version, its module and its files, is a copy."""
    (tmp_path / "sh.wasm").write_bytes(shell())
    (tmp_path / "text").write_text("old")
    (tmp_path / "step.yml").write_text(run_script("cat /plugin/text"))
    manager.load(None, tmp_path)
    (tmp_path / "text").write_text("new")
    (tmp_path / "sh.wasm").write_bytes(say("changed"))
    assert manager.execute("test/plugin").lines == ("old",)
    manager.reload("test/plugin", shell(), run_script("ls /plugin", version="1.0.1"))
    assert manager.execute("test/plugin").lines == ()


def test_running_executions_finish_on_the_old_version(manager: PluginManager) -> None:
    """A reload is seen by the next execution only; the old version goes with its last user."""
    manager.load(shell(), run_script(WAIT))
    call = Call(manager)
    manager.reload("test/plugin", say("new"), describe("1.2.0"))
    assert manager.execute("test/plugin").lines == ("new",)
    assert len(_versions(manager)) == 2
    status = manager.status("test/plugin")
    assert (status.version, status.running, status.done, status.reloads) == ("1.2.0", 1, 1, 1)
    manager.unload("test/plugin", is_forced=True)
    result = call.join()
    assert (result.version, result.verdict, result.lines) == ("1.0.0", "cancelled", ("up",))
    assert _versions(manager) == []


INPUTS = {"a": {"type": "choice", "options": ["x", "y"]}, "b": {"type": "number"}}
OUTPUTS = {"o": {"type": "number"}}
PERMISSIONS = {"filesystem": {"read_paths": ["."]}}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"version": "2.0.0"}, ["reload-version"]),
        ({"name": "test/other"}, ["reload-id"]),
        ({"kind": "function"}, ["reload-kind"]),
        ({"inputs": {"a": INPUTS["a"]}}, ["reload-input"]),
        ({"inputs": {**INPUTS, "b": {"type": "boolean"}}}, ["reload-input"]),
        ({"inputs": {**INPUTS, "b": {"type": "number", "required": True}}}, ["reload-input"]),
        ({"inputs": {**INPUTS, "c": {"required": True}}}, ["reload-input"]),
        ({"inputs": {**INPUTS, "a": {"type": "choice", "options": ["x"]}}}, ["reload-input"]),
        ({"inputs": {**INPUTS, "b": {"type": "number", "pattern": "1"}}}, ["reload-input"]),
        ({"outputs": {}}, ["reload-output"]),
        ({"outputs": {"o": {"type": "json"}}}, ["reload-output"]),
        ({"entry_points": {}}, ["reload-entry-point"]),
        ({"permissions": {"filesystem": {"write_paths": ["."]}}}, ["reload-permission"]),
        ({"version": "2.0.0", "outputs": {}, "inputs": {"a": INPUTS["a"]}}, None),
    ],
)
def test_an_incompatible_version_is_refused(
    manager: PluginManager, fields: dict[str, Any], expected: list[str] | None
) -> None:
    """Everything that lets down a caller is told at once, and the old version goes on."""
    known: dict[str, Any] = {
        "version": "1.0.0",
        "inputs": INPUTS,
        "outputs": OUTPUTS,
        "permissions": PERMISSIONS,
        "entry_points": {"check": {"module": "plugin.wasm"}},
    }
    manager.load(say("old"), describe(**known))
    with pytest.raises(InvalidInput) as error:
        manager.reload("test/plugin", say("new"), describe(**known | {"version": "1.1.0"} | fields))
    codes = [problem.code for problem in error.value.problems]
    assert codes == (expected or ["reload-version", "reload-input", "reload-output"])
    assert manager.execute("test/plugin").lines == ("old",)
    assert len(_versions(manager)) == 1


def test_a_version_may_take_more_and_request_less(manager: PluginManager) -> None:
    """New optional inputs, outputs and entry points, wider types, fewer permissions."""
    manager.load(say("old"), describe(inputs=INPUTS, outputs=OUTPUTS, permissions=PERMISSIONS))
    manager.reload(
        "test/plugin",
        say("new"),
        describe(
            "1.4.0-rc.1",
            inputs={"a": {"type": "string"}, "b": {"type": "number"}, "c": {"default": "z"}},
            outputs={**OUTPUTS, "p": {}},
            entry_points={"check": {"module": "plugin.wasm"}},
        ),
    )
    assert manager.execute("test/plugin").lines == ("new",)


def test_unload_waits_and_cleans_up(make_manager: MakeManager) -> None:
    """New executions are refused at once; `cleanup` runs after the last one, in its version."""
    events: list[ManagerEvent] = []
    manager = make_manager(on_event=events.append)
    cleanup = {"module": "sh.wasm", "arguments": ["-c", "echo bye; exit 4"]}
    manager.load(shell(), run_script(WAIT, entry_points={"cleanup": cleanup}))
    call = Call(manager)
    outcome: list[PluginResult | None] = []
    thread = threading.Thread(
        target=lambda: outcome.append(manager.unload("test/plugin", is_forced=True))
    )
    thread.start()
    thread.join(60)
    assert call.join().verdict == Verdict.CANCELLED
    assert outcome[0]
    assert (outcome[0].lines, outcome[0].exit_code) == (("bye",), 4)
    assert [event.kind for event in events] == [
        *("loaded", "started", "finished", "started", "finished", "unloaded")
    ]
    with pytest.raises(InvalidInput, match="no plugin `test/plugin` is loaded"):
        manager.unload("test/plugin")
    assert _versions(manager) == []


def test_list_and_status(manager: PluginManager) -> None:
    """What is loaded, by id, and what it has done."""
    for name in ("b/two", "a/one"):
        manager.load(say(name), describe(name=name, kind="tool"))
    assert [(one.id, one.kind) for one in manager.list()] == [("a/one", "tool"), ("b/two", "tool")]
    for _ in range(3):
        manager.execute("a/one")
    status = manager.status("a/one")
    assert (status.done, status.failures, status.running, status.last_error) == (3, 0, 0, "")
    assert status.cpu_time > 0
    assert status.peak_memory == 131072
    assert manager.status("b/two").done == 0


def test_close_ends_everything(make_manager: MakeManager) -> None:
    """Executions are ended, plugins clean up, files go; closing again does no harm."""
    events: list[ManagerEvent] = []
    manager = make_manager(on_event=events.append)
    cleanup = {"module": "sh.wasm", "arguments": ["-c", "echo bye"]}
    manager.load(shell(), run_script(WAIT, entry_points={"cleanup": cleanup}))
    call = Call(manager)
    manager.close()
    manager.close()
    assert call.join().verdict == Verdict.CANCELLED
    said = [event.result.lines for event in events if event.result]
    assert said == [("up",), ("bye",)]
    assert not Path(manager._root).exists()
    with pytest.raises(InvalidInput, match="the manager is closed"):
        manager.load(say("late"), describe())
    with pytest.raises(InvalidInput):
        manager.execute("test/plugin")


def test_close_ends_what_an_unload_waits_for(make_manager: MakeManager) -> None:
    """An unload that waits for a long execution returns, and no process is started after it."""
    before = measure().children
    manager = make_manager()
    cleanup = {"module": "sh.wasm", "arguments": ["-c", "echo bye"]}
    manager.load(shell(), run_script(WAIT, entry_points={"cleanup": cleanup}))
    call = Call(manager)
    outcome: list[PluginResult | None] = []
    thread = threading.Thread(target=lambda: outcome.append(manager.unload("test/plugin")))
    thread.start()
    while manager.list():
        pass  # until it is forgotten
    manager.close()
    thread.join(60)
    assert call.join().verdict == Verdict.CANCELLED
    assert outcome[0]
    assert outcome[0].verdict in {Verdict.CANCELLED, Verdict.EXITED}
    assert measure().children == before


def test_a_forgotten_manager_leaves_no_files(modules: str) -> None:
    """At the end of the process its folder goes, though nobody closed it."""
    code = "from runner import PluginManager; print(PluginManager()._root)"
    environment = os.environ | {"WASI_RUNNER_CACHE": modules}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "runner-plugins-" in done.stdout
    assert not Path(done.stdout.strip()).exists()


def _versions(manager: PluginManager) -> list[str]:
    return [name for name in os.listdir(manager._root) if name.startswith("version-")]
