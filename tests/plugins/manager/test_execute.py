"""Executions: what goes in, what comes out, and what may not be."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from typing import TYPE_CHECKING

import pytest

from runner import (
    Clock,
    Denied,
    EventKind,
    ExecutionContext,
    FileChange,
    InvalidInput,
    Limits,
    ManagerEvent,
    PluginManager,
    Verdict,
    read_policy,
)
from runner.permissions import Permissions
from runner.plugins.manager.config import NO_LIMITS
from tests.plugins.manager.conftest import compiled, describe, run_script, shell
from tests.sandbox import wat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.manager.conftest import MakeManager

FILES = {"filesystem": {"read_paths": ["."], "write_paths": ["out"], "temp_access": True}}


def codes(result: object) -> list[str]:
    return [problem.code for problem in getattr(result, "errors", ())]


def test_a_result_tells_all(manager: PluginManager, tmp_path: Path) -> None:
    """Exit code, value, typed outputs, output lines, usage, duration and changed files."""
    (tmp_path / "in.txt").write_text("a b c\n")
    script = """
      wc -w < in.txt | tr -d ' ' > out/count
      echo "words=$(cat out/count)" >> "$GITHUB_OUTPUT"
      echo '{"seen": ["in.txt"]}' > "$RUNNER_RESULT"
      echo one; echo two >&2; printf three"""
    outputs = {"words": {"type": "number"}}
    manager.load(shell(), run_script(script, permissions=FILES, outputs=outputs))
    result = manager.execute("test/plugin", ExecutionContext(str(tmp_path), execution_id="e1"))
    assert (result.plugin, result.version, result.execution_id) == ("test/plugin", "1.0.0", "e1")
    assert (result.is_success, result.verdict, result.exit_code) == (True, "exited", 0)
    assert result.errors == ()
    assert result.value == {"seen": ["in.txt"]}
    assert result.outputs == {"words": 3}
    assert result.lines == ("one", "two", "three")
    digest = hashlib.sha256(b"3\n").hexdigest()
    assert result.changes == (FileChange("added", "out/count", 2, "", digest),)
    assert result.duration >= result.usage.wall_time > 0 < result.usage.cpu_time
    assert result.usage.peak_memory > 1 << 20
    assert result.usage.output == len("one\ntwo\nthree")


def test_parameters_are_checked_and_typed(manager: PluginManager) -> None:
    """Python values become inputs; wrong ones are told all at once."""
    inputs = {
        "level": {"type": "choice", "options": ["low", "high"], "default": "low"},
        "count": {"type": "number", "required": True},
        "data": {"type": "json"},
        "dry": {"type": "boolean"},
    }
    script = 'echo "$INPUT_LEVEL $INPUT_COUNT $INPUT_DATA $INPUT_DRY"'
    manager.load(shell(), run_script(script, inputs=inputs))
    given = {"count": 3, "data": {"a": [1, None]}, "dry": True}
    assert manager.execute("test/plugin", params=given).lines == ('low 3 {"a": [1, null]} true',)
    with pytest.raises(InvalidInput) as error:
        manager.execute("test/plugin", params={"level": "medium"})
    assert [problem.code for problem in error.value.problems] == ["input-invalid", "input-missing"]
    with pytest.raises(InvalidInput, match="`data` is not JSON"):
        manager.execute("test/plugin", params={"count": 1, "data": [object()]})


def test_a_context_reaches_the_plugin(manager: PluginManager) -> None:
    """Its environment by the names that were requested, its ids and its data."""
    script = """
      echo "$COLOUR ${SECRET-none} $RUNNER_EXECUTION_ID $RUNNER_TENANT"
      jq -c . "$RUNNER_DATA" """
    request = {"system": {"env_vars": ["COLOUR"]}}
    manager.load(shell(), run_script(script, permissions=request))
    environment = {"COLOUR": "red", "SECRET": "s"}
    context = ExecutionContext("", environment, "id-1", "acme", data={"order": 7})
    result = manager.execute("test/plugin", context)
    assert result.lines == ("red none id-1 acme", '{"order":7}'), result


def test_a_fixed_clock_is_the_contexts(manager: PluginManager) -> None:
    """A plugin without `system_time` sees the clock it is given, and the same randomness."""
    request = {"system": {"system_time": False}}
    script = "date -u +%Y-%m-%d; seq 1000 | shuf -n 1"
    manager.load(shell(), run_script(script, permissions=request))
    context = ExecutionContext(clock=Clock(1_000_000_000 * 10**9, seed=7))
    first, second = (manager.execute("test/plugin", context).lines for _ in range(2))
    assert first == second
    assert first[0] == "2001-09-09"
    assert manager.execute("test/plugin").lines[0] == "1980-01-01"


def test_nothing_is_left_for_the_next_execution(make_manager: MakeManager) -> None:
    """Workspace, /tmp, /runner and outputs are empty again, however a guest left them."""
    manager = make_manager(concurrency=1)
    request = {"filesystem": {"read_paths": ["."], "write_paths": ["."], "temp_access": True}}
    look = "find /workspace /tmp /runner -type f -size +0; find /workspace /tmp -mindepth 1; "
    spoil = """
      echo x=1 >> "$GITHUB_OUTPUT"; mkdir -p deep/er /tmp/a; echo t > /tmp/a/t; echo w > deep/er/w
      ln -s ../../.. deep/link; echo 1 > "$RUNNER_RESULT"; echo new > /runner/new"""
    manager.load(shell(), run_script(look + spoil, permissions=request))
    first = manager.execute("test/plugin", ExecutionContext(data={"a": 1}))
    assert (first.outputs, first.value) == ({"x": "1"}, 1)
    assert first.lines == ("/runner/data.json",)
    second = manager.execute("test/plugin")
    assert second.lines == (), second
    assert {change.path for change in second.changes} == {"deep/er/w", "deep/link"}


def test_failure_is_not_error(manager: PluginManager) -> None:
    """An exit code, a trap, a time limit and an output limit are told apart, and none is raised."""
    ends = {
        "code": (wat.exit_with(3), NO_LIMITS, Verdict.EXITED, "exit-code"),
        "trap": (wat.TRAP, NO_LIMITS, Verdict.TRAPPED, "execution-trapped"),
        "spin": (wat.SPIN, NO_LIMITS._replace(wall_time=0.2), "timed_out", "execution-timed-out"),
        "flood": (wat.FLOOD, NO_LIMITS._replace(output=1000), "output_exceeded", None),
    }
    for name, (text, limits, verdict, code) in ends.items():
        manager.load(compiled(text), describe(name=f"test/{name}"))
        result = manager.execute(f"test/{name}", ExecutionContext(limits=limits))
        assert (result.verdict, result.is_success) == (verdict, False)
        assert codes(result) == [code or "execution-output-exceeded"]
    assert manager.status("test/code").last_error == "the plugin ended with exit code 3"
    assert manager.status("test/code").failures == manager.status("test/code").done == 1


def test_answers_that_break_their_promise_are_errors(manager: PluginManager) -> None:
    """A wrong type, a file that is no file and a value that is no JSON are no success."""
    outputs = {"n": {"type": "number"}}
    script = 'echo n=many >> "$GITHUB_OUTPUT"; echo "{" > "$RUNNER_RESULT"'
    manager.load(shell(), run_script(script, outputs=outputs))
    result = manager.execute("test/plugin")
    assert (result.exit_code, result.is_success) == (0, False)
    assert codes(result) == ["value-invalid", "output-invalid"]
    script = 'rm "$RUNNER_RESULT"; mkdir "$RUNNER_RESULT"'
    manager.load(shell(), run_script(script, name="test/other"))
    assert codes(manager.execute("test/other")) == ["answer-unreadable"]


def test_a_planted_link_is_not_followed(manager: PluginManager, tmp_path: Path) -> None:
    """A workspace in which a guest has put a link in place of its output folder is refused."""
    secret = tmp_path / "secret"
    secret.mkdir()
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "out").symlink_to(secret)
    manager.load(shell(), run_script("echo x > out/x", permissions=FILES))
    with pytest.raises(Denied):
        manager.execute("test/plugin", ExecutionContext(str(workspace)))
    assert list(secret.iterdir()) == []
    assert manager.status("test/plugin").running == 0


def test_bad_contexts_are_refused(manager: PluginManager, tmp_path: Path) -> None:
    """A workspace that is none, an unknown entry point, an unknown plugin: with what is right."""
    manager.load(compiled(wat.module("")), describe())
    with pytest.raises(InvalidInput, match="is not a folder"):
        manager.execute("test/plugin", ExecutionContext(str(tmp_path / "none")))
    with pytest.raises(InvalidInput, match="did you mean `main`"):
        manager.execute("test/plugin", entry_point="mian")
    with pytest.raises(InvalidInput, match="did you mean `test/plugin`"):
        manager.execute("test/plugni")


def test_the_timeout_covers_the_wait_for_a_turn(make_manager: MakeManager) -> None:
    """Who gets no turn in time has timed out, and the one who had it is not disturbed."""
    manager = make_manager(concurrency=1)
    manager.load(compiled(wat.exit_with(0)), describe())
    manager.load(shell(), run_script("echo up; sleep 1000", name="test/long"))
    started = threading.Event()
    results = []

    def occupy() -> None:
        hear = started.set
        results.append(manager.execute("test/long", on_output=lambda _piece: hear()))

    thread = threading.Thread(target=occupy)
    thread.start()
    assert started.wait(60)
    late = manager.execute("test/plugin", ExecutionContext(timeout=0.1))
    assert (late.verdict, late.is_success) == (Verdict.TIMED_OUT, False)
    assert late.errors[0].message == "no turn within 0.1 s"
    manager.unload("test/long", is_forced=True)
    thread.join()
    assert results[0].verdict == Verdict.CANCELLED
    assert manager.execute("test/plugin", ExecutionContext(timeout=60)).is_success


def test_limits_only_tighten(make_manager: MakeManager) -> None:
    """The smallest of manifest, configuration and context holds."""
    manager = make_manager(limits=NO_LIMITS._replace(memory=32 << 20))
    manager.load(compiled(wat.GREEDY), describe(resources={"memory": "64MiB"}))
    assert manager.execute("test/plugin").usage.peak_memory <= 32 << 20
    for memory, most in ((16 << 20, 16 << 20), (128 << 20, 32 << 20)):
        context = ExecutionContext(limits=NO_LIMITS._replace(memory=memory))
        result = manager.execute("test/plugin", context)
        assert result.verdict == Verdict.OUT_OF_MEMORY
        assert most // 2 < result.usage.peak_memory <= most


def test_more_than_is_granted_is_not_loaded(make_manager: MakeManager) -> None:
    """By default plugins have no network; the configuration may grant less, or more."""
    request = {"network": {"allowed_domains": ["example.com"]}}
    manager = make_manager()
    with pytest.raises(Denied, match=r"example\.com"):
        manager.load(compiled(wat.module("")), describe(permissions=request))
    assert manager.list() == ()
    strict = make_manager(grant=Permissions())
    with pytest.raises(Denied, match="requests more than it is granted"):
        strict.load(compiled(wat.module("")), describe(permissions=FILES))


def test_a_path_from_an_input_is_checked_when_it_is_known(make_manager: MakeManager) -> None:
    """A grant of one folder lets through the inputs that stay within it."""
    granted = Permissions()._replace(
        filesystem=Permissions().filesystem._replace(
            read_paths=("docs",), max_file_size=Limits().file_size
        ),
        system=Permissions().system,
    )
    manager = make_manager(grant=granted)
    request = {"filesystem": {"read_paths": ["${{ inputs.folder }}"]}}
    inputs = {"folder": {"type": "path"}}
    text = describe(permissions=request, inputs=inputs)
    manager.load(compiled(wat.module("")), text)
    with pytest.raises(Denied):
        manager.execute("test/plugin", params={"folder": "secrets"})


def test_async_executions_run_side_by_side(manager: PluginManager) -> None:
    """Many are awaited at once; each gets its own result."""
    manager.load(shell(), run_script('echo "$INPUT_N"', inputs={"n": {"type": "number"}}))

    async def run() -> list[tuple[str, ...]]:
        calls = (manager.execute_async("test/plugin", params={"n": n}) for n in range(20))
        return [result.lines for result in await asyncio.gather(*calls)]

    assert asyncio.run(run()) == [(str(n),) for n in range(20)]
    assert manager.status("test/plugin").done == 20


def test_a_cancelled_task_ends_its_plugin(make_manager: MakeManager) -> None:
    """The guest is dead when the cancellation arrives, and its turn is free."""
    events: list[ManagerEvent] = []
    manager = make_manager(concurrency=1, on_event=events.append)
    manager.load(shell(), run_script("echo up; sleep 1000"))

    async def run() -> None:
        loop = asyncio.get_running_loop()
        started = asyncio.Event()

        def hear(_piece: bytes) -> None:
            loop.call_soon_threadsafe(started.set)

        task = asyncio.create_task(manager.execute_async("test/plugin", on_output=hear))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert manager.status("test/plugin").running == 0
    finished = [event.result for event in events if event.kind == EventKind.FINISHED]
    assert [result.verdict for result in finished if result] == [Verdict.CANCELLED]


def test_an_exception_of_a_listener_ends_the_execution(manager: PluginManager) -> None:
    """It goes on to the caller, and the turn is free again."""
    manager.load(shell(), run_script("echo up; sleep 1000"))

    def refuse(_piece: bytes) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        manager.execute("test/plugin", on_output=refuse)
    assert manager.status("test/plugin").running == 0


def test_events_tell_what_happens(
    make_manager: MakeManager, caplog: pytest.LogCaptureFixture
) -> None:
    """In order, with the result; an observer that fails is logged and changes nothing."""
    events: list[ManagerEvent] = []
    manager = make_manager(on_event=events.append)
    manager.load(compiled(wat.exit_with(2)), describe())
    result = manager.execute("test/plugin", ExecutionContext(execution_id="e", tenant="t"))
    manager.unload("test/plugin")
    assert [event.kind for event in events] == ["loaded", "started", "finished", "unloaded"]
    assert events[2] == ManagerEvent("finished", "test/plugin", "1.0.0", "e", "t", result)

    def fail(_event: ManagerEvent) -> None:
        raise ZeroDivisionError

    other = make_manager(on_event=fail)
    other.load(compiled(wat.exit_with(0)), describe())
    assert other.execute("test/plugin").is_success
    assert "the observer of `finished` failed" in caplog.text


def test_a_policy_caps_what_is_granted(make_manager: MakeManager, tmp_path: Path) -> None:
    """Its first rule that matches a plugin holds, and a module that it blocks never runs."""
    wasm, bad = compiled(wat.module("")), compiled(wat.SPIN)
    file = tmp_path / "policy.yml"
    file.write_text(
        json.dumps(
            {
                "rules": [
                    {"plugins": ["test/plugin"], "allow": {"filesystem": {"read_paths": ["docs"]}}},
                    {"plugins": ["test/*"], "allow": "all"},
                ],
                "blocked_modules": [hashlib.sha256(bad).hexdigest()],
            }
        )
    )
    manager = make_manager(policy=read_policy(str(file)))
    with pytest.raises(Denied) as error:
        manager.load(wasm, describe(permissions=FILES))
    assert error.value.problems[0].code == "policy-denied"
    manager.load(wasm, describe(name="test/other", permissions=FILES))
    assert manager.execute("test/other").is_success
    with pytest.raises(Denied) as error:
        manager.load(bad, describe(name="test/bad"))
    assert error.value.problems[0].code == "module-blocked"
