"""`runner lock`: plugins of other repositories, approved to the byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import wasmtime

from tests.e2e.test_plugins import PLUGIN
from tests.support.project import ROOT

if TYPE_CHECKING:
    from tests.support.project import Project

MANIFEST = (
    "id: o/tell\nversion: 1.0.0\nentry_points: {main: {module: tell.wasm}}\npermissions: {%s}\n"
)
WHERE = ("--local-repository", "o/r@v1=elsewhere")


@pytest.fixture
def caller(project: Project) -> Project:
    """A pipeline that uses a plugin of another repository, and that repository."""
    return project.write(
        {
            "ci.yml": "on: push\njobs: {job: {runs-on: x, steps: [{uses: o/r/tell@v1}]}}\n",
            "elsewhere/tell/step.yml": MANIFEST % "filesystem: {read_paths: [.]}",
            "elsewhere/tell/tell.wasm": bytes(wasmtime.wat2wasm(PLUGIN)),
        }
    )


def test_what_is_approved_runs(caller: Project) -> None:
    """Without a grant it is refused, with the way out; once it is approved it runs."""
    refused = caller.call("run", "ci.yml", *WHERE)
    assert (refused.code, "approve it with `runner lock`" in refused.stderr) == (2, True)
    assert caller.call("lock", "ci.yml", "--check", *WHERE).code == 1
    done = caller.call("lock", "ci.yml", *WHERE)
    assert (done.code, done.stderr) == (0, "")
    assert (
        done.stdout == "o/r/tell@v1: read the whole workspace\nrunner.lock is written: 1 plugin\n"
    )
    checked = caller.call("lock", "ci.yml", "--check", *WHERE)
    assert (checked.code, checked.stdout.splitlines()[-1]) == (
        0,
        "runner.lock is up to date: 1 plugin",
    )
    assert caller.call("run", "ci.yml", *WHERE).code == 0
    assert "o/r/tell@v1: read the whole workspace" in caller.call("plan", "ci.yml", *WHERE).stdout


def test_what_changes_is_refused_until_it_is_approved_again(caller: Project) -> None:
    """Any other byte in its folder, and it is not what was approved; what it wants more is told."""
    caller.call("lock", "ci.yml", *WHERE)
    caller.write({"elsewhere/tell/data/.runner/new.txt": "x"})
    changed = caller.call("run", "ci.yml", *WHERE)
    assert (changed.code, "is not what runner.lock:" in changed.stderr) == (2, True)
    more = "filesystem: {read_paths: [.]}, network: {allowed_domains: [example.org]}"
    caller.write({"elsewhere/tell/step.yml": MANIFEST % more})
    asks = caller.call("validate", "ci.yml", *WHERE)
    assert asks.code == 2
    assert "asks for more: `grant: {network: {allowed_domains: [example.org]}}`" in asks.stdout
    assert caller.call("lock", "ci.yml", "--check", *WHERE).code == 1


def test_a_broken_lock_is_refused_with_its_place(caller: Project) -> None:
    """A lock that somebody edited wrongly is an error of its own."""
    caller.write({"runner.lock": '{"version": 1, "plugins": {"o/r/tell@v1": {"manifest": 3}}}'})
    done = caller.call("validate", "ci.yml", *WHERE)
    assert done.code == 2
    assert "runner.lock:1:" in done.stdout + done.stderr


def test_the_schemas_speak_of_the_same_permissions() -> None:
    """What a lock allows is written as in a policy."""
    schemas = []
    for name in ("lock", "policy"):
        with open(f"{ROOT}/schemas/{name}.schema.json", encoding="utf-8") as file:
            schemas.append(json.load(file)["$defs"])
    assert schemas[0]["permissions"] == schemas[1]["permissions"]
