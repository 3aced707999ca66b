"""From a plugin and its inputs to the record that crosses the sandbox wall."""

from __future__ import annotations

from typing import Any

import pytest

from runner import permissions
from runner.abi import Directory, Limits
from runner.errors import Denied, InvalidInput
from runner.plugins.invoke import Call, Places, prepare
from runner.plugins.manifest import build
from runner.plugins.modules import ModuleFile
from runner.plugins.resolve import Plugin

PLACES = Places("/host/ws", "/host/cmd", "/host/tmp", "/host/empty")


def _plugin(**fields: Any) -> Plugin:
    main = {"module": "bin/tool.wasm", **fields.pop("main", {})}
    data = {"id": "a/tool", "version": "1.0.0", "entry_points": {"main": main}, **fields}
    return Plugin("./t", "/repo/t", build(data), {"main": ModuleFile("/repo/t/x.wasm", "d1")})


def _files(**fields: Any) -> dict[str, Any]:
    return {"filesystem": fields}


def _environment(call: Call) -> dict[str, str]:
    return dict(call.invocation.environment)


def test_the_least_plugin_sees_next_to_nothing() -> None:
    """An empty root and workspace, its own files and the command files are all there is."""
    invocation = prepare(_plugin(), {}, places=PLACES).invocation
    assert invocation.directories == (
        Directory("/", "/host/empty"),
        Directory("/workspace", "/host/empty"),
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
    assert "write `out`" in caught.value.problems[0].hint
    assert prepare(plugin, {}, places=PLACES, grant=permissions.ALL).folders == ("out",)


def test_unknown_entry_points_are_named() -> None:
    """A plugin without the entry point says which it has."""
    with pytest.raises(InvalidInput, match="has no entry point `mian`") as caught:
        prepare(_plugin(), {}, places=PLACES, entry_point="mian")
    assert "did you mean `main`?" in caught.value.problems[0].hint
