"""`runner plugin validate` and `inspect`, the real program on real plugins."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
import wasmtime

from runner.resources import locate

if TYPE_CHECKING:
    from tests.support.project import Project

MANIFEST = """\
id: acme/count
version: 1.0.0
entry_points:
  main: {module: count.wasm}
permissions:
  filesystem:
    read_paths: [.]
    write_paths: [.]
dependencies: {host/abi: ^1}
"""
WAT = """(module
  (import "wasi_snapshot_preview1" "path_open"
    (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "env" "spy" (func))
  (memory (export "memory") 1)
  (func (export "_start")))"""


@pytest.fixture
def plugin(project: Project) -> Project:
    return project.write(
        {"plug/step.yml": MANIFEST, "plug/count.wasm": bytes(wasmtime.wat2wasm(WAT))}
    )


def test_what_is_wrong_is_told_with_its_place(plugin: Project) -> None:
    """An unknown import is an error, a wide request a warning; the exit code is 2."""
    done = plugin.call("plugin", "validate", "plug")
    assert done.code == 2
    assert "plug/count.wasm: the module imports the function `env.spy`" in done.stdout
    assert "plug/step.yml:8:18: warning: it may change every file of the workspace" in done.stdout
    assert done.stdout.endswith("1 error, 1 warning\n")


def test_findings_are_json(plugin: Project) -> None:
    """The same as `runner validate` prints."""
    found = json.loads(plugin.call("plugin", "validate", "plug", "--format", "json").stdout)
    assert not found["valid"]
    assert [one["code"] for one in found["problems"]] == ["import-unknown", "permission-wide"]


def test_findings_are_sarif(plugin: Project) -> None:
    """Rules, results with places relative to the project, and fingerprints that stay."""
    log = json.loads(plugin.call("plugin", "validate", "plug", "--format", "sarif").stdout)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["import-unknown", "permission-wide"]
    error, warning = run["results"]
    assert (error["level"], warning["level"]) == ("error", "warning")
    assert rules[warning["ruleIndex"]] == warning["ruleId"] == "permission-wide"
    place = warning["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "plug/step.yml"},
        "region": {"startLine": 8, "startColumn": 18},
    }
    before = warning["partialFingerprints"]["primaryLocationLineHash"]
    plugin.write({"plug/step.yml": f"# a line more\n{MANIFEST}"})
    log = json.loads(plugin.call("plugin", "validate", "plug", "--format", "sarif").stdout)
    after = log["runs"][0]["results"][1]["partialFingerprints"]["primaryLocationLineHash"]
    assert after == before


def test_a_manifest_that_is_wrong_is_told_first(plugin: Project) -> None:
    """With every problem and its place; modules are not looked at."""
    plugin.write({"plug/step.yml": MANIFEST.replace("version: 1.0.0", "version: one\nkindd: x")})
    done = plugin.call("plugin", "validate", "plug")
    assert done.code == 2
    assert "did you mean `kind`?" in done.stdout
    assert done.stdout.endswith("2 errors, 0 warnings\n")


def test_what_is_missing_is_told(plugin: Project) -> None:
    """Module, script, dependency: all at once; a folder that is no plugin is an error."""
    more = "  x: {module: none.wasm}\n  y: {interpreter: acme/sh, script: y.sh}\npermissions:"
    text = MANIFEST.replace("permissions:", more).replace("^1}", "^2, acme/sh: ^1}")
    plugin.write({"plug/step.yml": text})
    done = plugin.call("plugin", "validate", "plug")
    for part in (
        "cannot read module `none.wasm`",
        "there is no script `y.sh`",
        "there is no plugin with the id `acme/sh`",
        "the feature `abi` is needed as `^2`",
    ):
        assert part in done.stdout
    done = plugin.call("plugin", "validate", "elsewhere")
    assert done.code == 2
    assert "elsewhere/step.yml: cannot read the manifest" in done.stderr


def test_growth_and_blocked_modules_are_told(plugin: Project) -> None:
    """Against the manifest in use, and against the policy."""
    plugin.write({"old.yml": MANIFEST.replace("    write_paths: [.]\n", "")})
    done = plugin.call("plugin", "validate", "plug", "--approved", "old.yml")
    assert "it adds grant: {filesystem: {write_paths: [.]}}" in done.stdout
    digest = plugin.call("plugin", "inspect", "plug").stdout.partition("sha256 ")[2][:64]
    plugin.write({"policy.yml": f"rules: []\nblocked_modules: [{digest}]\n"})
    done = plugin.call("plugin", "validate", "plug", "--policy", "policy.yml")
    assert "known to be bad" in done.stdout


def test_inspection_shows_could_wants_and_gets(plugin: Project) -> None:
    """What the import section could do, beside what is requested and what the policy leaves."""
    shown = plugin.call("plugin", "inspect", "plug").stdout
    assert "acme/count 1.0.0  step" in shown
    assert "could do at all:\n  - call `env.spy`, which this host does not have\n" in shown
    assert "  - read files\n" in shown
    assert "requests:\n  - read the whole workspace\n" in shown
    assert "gets:\n  - read the whole workspace\n" in shown
    plugin.write({".runner/policy.yml": "rules: [{plugins: ['acme/*'], allow: {}}]\n"})
    shown = plugin.call("plugin", "inspect", "plug").stdout
    assert "is refused:\n" in shown
    assert "grant: {filesystem: {write_paths: [.]}}" in shown


def test_the_shell_is_sound(project: Project) -> None:
    """A standard step has no errors."""
    folder = os.path.relpath(locate("steps", "sh"), project.folder)
    done = project.call("plugin", "validate", folder)
    assert done.code == 0
    assert done.stdout.endswith("0 errors, 1 warning\n")
