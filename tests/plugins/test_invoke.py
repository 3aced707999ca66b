"""From a plugin and its inputs to the record that crosses the sandbox wall."""

from __future__ import annotations

from typing import Any

import pytest

from runner import permissions
from runner.abi import Clock, Directory, Limits
from runner.errors import Denied, InvalidInput, Position
from runner.plugins.invoke import FIXED_CLOCK, Call, Places, prepare
from runner.plugins.manifest import build
from runner.plugins.modules import ModuleFile
from runner.plugins.policy import Policy, Rule
from runner.plugins.resolve import Plugin

PLACES = Places("/host/ws", "/host/cmd", "/host/tmp", "/host/empty")


def _plugin(**fields: Any) -> Plugin:
    main = {"module": "bin/tool.wasm", **fields.pop("main", {})}
    data = {"id": "a/tool", "version": "1.0.0", "entry_points": {"main": main}, **fields}
    return Plugin("./t", "/repo/t", build(data), {"main": ModuleFile("/repo/t/x.wasm", "d1")})


def _files(**fields: Any) -> dict[str, Any]:
    return {"filesystem": fields}


def _rule(allowed: dict[str, Any]) -> Rule:
    return Rule(("*",), (), permissions.parse(allowed)[0], Position("policy.yml", 2, 3))


def _environment(call: Call) -> dict[str, str]:
    return dict(call.invocation.environment)


def test_the_least_plugin_sees_next_to_nothing() -> None:
    """An empty root and workspace, its own files and the command files are all there is."""
    invocation = prepare(_plugin(), {}, places=PLACES).invocation
    assert invocation.directories == (
        Directory("/", "/host/empty", is_partial=True),
        Directory("/workspace", "/host/empty", is_partial=True),
        Directory("/plugin", "/repo/t"),
        Directory("/runner", "/host/cmd", writable=True),
    )
    assert (invocation.module, invocation.digest) == ("/repo/t/x.wasm", "d1")
    assert invocation.arguments == ("tool",)
    assert dict(invocation.environment) == {
        "GITHUB_ENV": "/runner/env",
        "GITHUB_OUTPUT": "/runner/output",
        "GITHUB_PATH": "/runner/path",
        "GITHUB_STATE": "/runner/state",
        "GITHUB_STEP_SUMMARY": "/runner/summary",
        "HOME": "/",
        "PWD": "/workspace",
        "RUNNER_RESULT": "/runner/result.json",
    }


def test_a_readable_base_has_writable_leaves() -> None:
    """The sound arrangement: the workspace read-only, and what may be written above it."""
    plugin = _plugin(
        inputs={"out": {"type": "path"}},
        permissions=_files(read_paths=["."], write_paths=["${{ inputs.out }}"], temp_access=True),
    )
    call = prepare(plugin, {"out": "dist/web/"}, places=PLACES)
    assert call.invocation.directories[1:] == (
        Directory("/workspace", "/host/ws"),
        Directory("/workspace/dist/web", "/host/ws", "dist/web", writable=True),
        Directory("/plugin", "/repo/t"),
        Directory("/runner", "/host/cmd", writable=True),
        Directory("/tmp", "/host/tmp", writable=True),
    )
    assert call.folders == ("dist/web",)
    assert _environment(call)["TMPDIR"] == _environment(call)["HOME"] == "/tmp"


def test_nothing_read_only_lies_within_something_writable() -> None:
    """A read-only folder in a writable one protects nothing, so it is not pretended."""
    plugin = _plugin(permissions=_files(read_paths=["a/b", "c"], write_paths=["a", "c/d"]))
    call = prepare(plugin, {}, places=PLACES)
    shown = [(one.guest, one.writable) for one in call.invocation.directories[2:-2]]
    assert shown == [("/workspace/a", True), ("/workspace/c", False), ("/workspace/c/d", True)]


@pytest.mark.parametrize("path", ["../x", "/etc", "a/../../b"])
def test_inputs_cannot_lead_out_of_the_workspace(path: str) -> None:
    """A path made from an input is checked like a written one, whatever the input's type."""
    plugin = _plugin(inputs={"out": {}}, permissions=_files(write_paths=["${{ inputs.out }}"]))
    with pytest.raises(InvalidInput, match="leaves the workspace"):
        prepare(plugin, {"out": path}, places=PLACES)


def test_arguments_are_the_manifests_or_the_callers() -> None:
    """The guest's argv starts with the module's name, unless the caller gives all of it."""
    plugin = _plugin(inputs={"x": {}}, main={"arguments": ["-x", "${{ inputs.x }}"]})
    assert prepare(plugin, {"x": "1"}, places=PLACES).invocation.arguments == ("tool", "-x", "1")
    call = prepare(plugin, None, places=PLACES, arguments=("bash", "-e", "/runner/s.sh"))
    assert call.invocation.arguments == ("bash", "-e", "/runner/s.sh")


def test_inputs_become_variables() -> None:
    """Upper case, blanks to underscores, hyphens kept: as GitHub does."""
    plugin = _plugin(inputs={"dry-run": {"type": "boolean", "default": False}, "a b": {}})
    call = prepare(plugin, {"a b": "x", "Else": "y"}, places=PLACES)
    inputs = {name: text for name, text in call.invocation.environment if name[:6] == "INPUT_"}
    assert inputs == {"INPUT_DRY-RUN": "false", "INPUT_A_B": "x", "INPUT_ELSE": "y"}
    assert [warning.code for warning in call.warnings] == ["input-unknown"]


def test_variables_are_seen_by_request_only() -> None:
    """What is offered passes by name; what everybody gets wins over it; the rest is told."""
    plugin = _plugin(
        permissions={"system": {"env_vars": ["TOKEN", "ACME_*"]}},
        main={"environment": {"MODE": "ci"}},
    )
    call = prepare(
        plugin,
        {},
        places=PLACES._replace(working_directory="web/app"),
        offered={"TOKEN": "t", "ACME_A": "1", "SECRET": "s", "MODE": "x", "PWD": "/etc"},
        environment={"ACME_A": "2", "CI": "true"},
    )
    seen = _environment(call)
    assert (seen["TOKEN"], seen["ACME_A"], seen["CI"], seen["MODE"]) == ("t", "2", "true", "ci")
    assert "SECRET" not in seen
    assert seen["PWD"] == "/workspace/web/app"
    assert call.withheld == ("SECRET", "MODE", "PWD")


def test_limits_only_tighten() -> None:
    """The smaller of manifest and caller holds, and 0 says nothing."""
    plugin = _plugin(
        resources={"memory": "64MiB", "wall_time": "30s"}, permissions=_files(max_file_size=5)
    )
    limits = prepare(
        plugin, {}, places=PLACES, limits=Limits(wall_time=60.0, cpu_time=2.0, memory=0, output=7)
    ).invocation.limits
    expected = Limits(wall_time=30.0, cpu_time=2.0, memory=64 * 2**20, output=7, file_size=5)
    assert limits == expected
    assert prepare(plugin, {}, places=PLACES).invocation.limits.memory == 64 * 2**20


def test_a_request_beyond_the_grant_is_denied() -> None:
    """The refusal names what is missing."""
    plugin = _plugin(permissions=_files(read_paths=["."], write_paths=["out"]))
    grant, _ = permissions.parse(_files(read_paths=["."]))
    with pytest.raises(Denied) as caught:
        prepare(plugin, {}, places=PLACES, grant=grant)
    (problem,) = caught.value.problems
    assert problem.code == "permission-denied"
    assert problem.hint == "grant: {filesystem: {write_paths: [out]}}"
    assert prepare(plugin, {}, places=PLACES, grant=permissions.ALL).folders == ("out",)


def test_a_request_beyond_the_policy_is_denied() -> None:
    """No grant helps against the policy, and both refusals are told at once."""
    plugin = _plugin(permissions=_files(read_paths=["."], write_paths=["out"]))
    policy = Policy((_rule(_files(read_paths=["src"])),), "policy.yml")
    for grant, codes in (
        (None, ["policy-denied"]),
        (permissions.Permissions(), ["permission-denied", "policy-denied"]),
    ):
        with pytest.raises(Denied) as caught:
            prepare(plugin, {}, places=PLACES, grant=grant, policy=policy)
        assert [problem.code for problem in caught.value.problems] == codes
    refusal = caught.value.problems[1]
    assert "read_paths: [.], write_paths: [out]" in refusal.hint
    assert str(refusal.where) == "policy.yml:2:3"


def test_a_blocked_module_never_runs() -> None:
    """The policy names it by digest, whoever uses it and under whatever name."""
    policy = Policy((_rule(_files(read_paths=["."])),), "policy.yml", frozenset({"d1"}))
    with pytest.raises(Denied, match="blocks the module of plugin `a/tool`"):
        prepare(_plugin(), {}, places=PLACES, policy=policy)
    prepare(_plugin(), {}, places=PLACES, policy=policy._replace(blocked=frozenset({"d2"})))


def test_a_plugin_from_elsewhere_is_granted_nothing() -> None:
    """Without a grant only trusted plugins get what they request."""
    plugin = _plugin(permissions=_files(read_paths=["."]))._replace(is_trusted=False)
    with pytest.raises(Denied, match="requests more than it is granted"):
        prepare(plugin, {}, places=PLACES)
    granted, _ = permissions.parse(_files(read_paths=["."]))
    assert prepare(plugin, {}, places=PLACES, grant=granted).allowed == granted


def test_bounds_are_narrowed_not_refused() -> None:
    """Of sizes, folders and the clock a plugin gets the narrower of request, grant and policy."""
    plugin = _plugin(permissions=_files(write_paths=["out"], max_file_size="1GiB"))
    grant, _ = permissions.parse(
        {
            "filesystem": {"write_paths": ["."], "max_file_size": 9, "create_directories": False},
            "system": {"system_time": False},
        }
    )
    policy = Policy((_rule(_files(write_paths=["."], max_file_size=7)),), "policy.yml")
    invocation = prepare(plugin, {}, places=PLACES, grant=grant, policy=policy).invocation
    assert invocation.limits.file_size == 7
    assert not invocation.can_create_directories
    assert invocation.clock == FIXED_CLOCK
    assert prepare(plugin, {}, places=PLACES).invocation.clock is None
    later = prepare(plugin, {}, places=PLACES, grant=grant, clock=Clock(5, 6)).invocation
    assert later.clock == Clock(5, 6)


def test_the_host_answers_what_is_allowed() -> None:
    """Each operation of the host needs its permission."""
    assert prepare(_plugin(), {}, places=PLACES).invocation.host_calls == ()
    plugin = _plugin(
        permissions={
            "network": {"allowed_domains": ["a.test"]},
            "communication": {
                "host_communication": True,
                "allowed_plugins": ["a/b"],
                "max_message_size": "2KiB",
            },
            "system": {"spawn_processes": ["a/*"], "max_threads": 3},
        },
        resources={"threads": 2},
    )
    invocation = prepare(plugin, {}, places=PLACES).invocation
    assert invocation.host_calls == ("http", "message", "call", "spawn")
    assert (invocation.max_message_size, invocation.max_threads) == (2048, 2)


def test_an_interpreter_runs_a_script() -> None:
    """Module, first arguments and /plugin are the interpreter's, permissions the script's."""
    data = {
        "id": "a/python",
        "version": "3.1.0",
        "entry_points": {
            "main": {"module": "x.wasm"},
            "shell": {
                "module": "bin/python.wasm",
                "arguments": ["/plugin/main.py"],
                "environment": {"A": "1", "B": "1"},
                "export": "go",
            },
        },
        "permissions": _files(read_paths=["."]),
    }
    interpreter = Plugin("steps/python", "/repo/python", build(data))
    script = {
        "interpreter": "a/python",
        "script": "src/main.py",
        "arguments": ["${{ inputs.x }}"],
        "environment": {"B": "${{ inputs.x }}"},
    }
    own = {
        "id": "a/tool",
        "version": "1.0.0",
        "entry_points": {"main": script},
        "inputs": {"x": {}},
    }
    plugin = Plugin(
        *("./t", "/repo/t", build(own), {"main": ModuleFile("/repo/python/x.wasm", "d2")}),
        interpreters={"a/python": interpreter},
    )
    call = prepare(plugin, {"x": "7"}, places=PLACES)
    invocation = call.invocation
    assert invocation.arguments == ("python", "/plugin/main.py", "/script/src/main.py", "7")
    assert (_environment(call)["A"], _environment(call)["B"]) == ("1", "7")
    assert invocation.export == "go"
    assert invocation.directories[-3:-1] == (
        Directory("/plugin", "/repo/python"),
        Directory("/script", "/repo/t"),
    )
    assert call.allowed.filesystem.read_paths == ()


def test_a_secret_stays_with_the_host() -> None:
    """The guest sees a handle wherever the input is used; the value is in the call alone."""
    plugin = _plugin(
        inputs={"token": {"secret": True, "pattern": "[a-z]+"}, "other": {"secret": True}},
        main={"arguments": ["${{ inputs.token }}"]},
    )
    call = prepare(plugin, {"token": "hunter"}, places=PLACES)
    assert _environment(call)["INPUT_TOKEN"] == "{{secret:token}}"
    assert _environment(call)["INPUT_OTHER"] == ""
    assert call.invocation.arguments == ("tool", "{{secret:token}}")
    assert call.secrets == {"token": "hunter"}
    assert "hunter" not in repr(call.invocation)
    with pytest.raises(InvalidInput, match="does not match"):
        prepare(plugin, {"token": "HUNTER"}, places=PLACES)


def test_patterns_are_shown_only_by_staging() -> None:
    """What is no plain path is left to whoever makes room for it; nothing more is shown."""
    plugin = _plugin(permissions=_files(read_paths=["src", "*.md"], write_paths=["a/*.txt"]))
    call = prepare(plugin, {}, places=PLACES)
    assert [one.beneath for one in call.invocation.directories if one.beneath] == ["src"]
    assert call.allowed.filesystem.read_paths == ("*.md", "a/*.txt", "src")
    assert call.folders == ()


def test_unknown_entry_points_are_named() -> None:
    """A plugin without the entry point says which it has."""
    with pytest.raises(InvalidInput, match="has no entry point `mian`") as caught:
        prepare(_plugin(), {}, places=PLACES, entry_point="mian")
    assert "did you mean `main`?" in caught.value.problems[0].hint
