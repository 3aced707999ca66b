"""The contexts of expressions and the default environment of steps (LANGUAGE 5)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from runner.abi.guest import COMMAND_FILES, COMMANDS, TMP, WORKSPACE
from runner.execution.folders import EVENT
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

# Exported as GITHUB_<UPPER> to every step, in the order of LANGUAGE 5.
EXPORTED = (
    "action",
    "action_path",
    "action_ref",
    "action_repository",
    "actor",
    "actor_id",
    "api_url",
    "base_ref",
    "event_name",
    "event_path",
    "graphql_url",
    "head_ref",
    "job",
    "ref",
    "ref_name",
    "ref_protected",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "retention_days",
    "run_attempt",
    "run_id",
    "run_number",
    "server_url",
    "sha",
    "triggering_actor",
    "workflow",
    "workflow_ref",
    "workflow_sha",
    "workspace",
)
_FILE_CONTEXTS = {"GITHUB_ENV": "env", "GITHUB_OUTPUT": "output", "GITHUB_PATH": "path",
                  "GITHUB_STATE": "state", "GITHUB_STEP_SUMMARY": "step_summary"}  # fmt: skip
ARCHITECTURES = {"x86_64": "X64", "aarch64": "ARM64"}
DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin"


class RunContext(NamedTuple):
    """What is the same for every job of a run.

    `event` is the payload as plain JSON values; an empty one is made up from the rest.
    """

    run_id: str
    pipeline: str
    file: str
    event_name: str = "push"
    event: Mapping[str, Any] = {}
    sha: str = ""
    ref: str = ""
    repository: str = ""
    actor: str = "runner"
    inputs: Mapping[str, Any] = {}
    variables: Mapping[str, str] = {}
    secrets: Mapping[str, str] = {}


def github_context(run: RunContext, *, job: str) -> dict[str, Any]:
    """Return the `github` context of a job; a step adds `action` and its command files."""
    ref_type, ref_name = _split_ref(run.ref)
    owner = run.repository.partition("/")[0]
    return {
        "action": "",
        "action_path": "",
        "action_ref": "",
        "action_repository": "",
        "actor": run.actor,
        "actor_id": "0",
        "api_url": "https://api.github.com",
        "base_ref": "",
        "event": dict(run.event) or _synthesise_event(run),
        "event_name": run.event_name,
        "event_path": f"{COMMANDS}/{EVENT}",
        "graphql_url": "https://api.github.com/graphql",
        "head_ref": "",
        "job": job,
        "ref": run.ref,
        "ref_name": ref_name,
        "ref_protected": False,
        "ref_type": ref_type,
        "repository": run.repository,
        "repository_id": "0",
        "repository_owner": owner,
        "repository_owner_id": "0",
        "repositoryUrl": f"git://github.com/{run.repository}.git",
        "retention_days": "90",
        "run_attempt": "1",
        "run_id": run.run_id,
        "run_number": "1",
        "secret_source": "None",
        "server_url": "https://github.com",
        "sha": run.sha,
        "token": run.secrets.get("GITHUB_TOKEN", ""),
        "triggering_actor": run.actor,
        "workflow": run.pipeline,
        "workflow_ref": f"{run.repository}/{run.file}@{run.ref}",
        "workflow_sha": run.sha,
        "workspace": WORKSPACE,
    }


def runner_context() -> dict[str, Any]:
    """Return the `runner` context: the same on every machine but for the processor's name."""
    return {
        "name": "wasi-runner",
        "os": "Linux",
        "arch": ARCHITECTURES.get(os.uname().machine, "X64"),
        "temp": TMP,
        "tool_cache": TMP,
        "environment": "self-hosted",
        "workspace": WORKSPACE,
    }


def add_command_files(github: dict[str, Any]) -> dict[str, Any]:
    """Return `github` with the places of a step's command files, as the guest sees them."""
    files = {
        context: f"{COMMANDS}/{COMMAND_FILES[variable]}"
        for variable, context in _FILE_CONTEXTS.items()
    }
    return github | files


def default_environment(github: Mapping[str, Any], runner: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that the runner sets for a step and that it cannot override (6.4)."""
    environment = {"GITHUB_ACTIONS": "true"}
    for name in EXPORTED:
        value = github.get(name, "")
        environment[f"GITHUB_{name.upper()}"] = _text(value)
    for name, value in runner.items():
        environment[f"RUNNER_{name.upper()}"] = _text(value)
    for variable, file in COMMAND_FILES.items():
        environment[variable] = f"{COMMANDS}/{file}"
    return environment


def _synthesise_event(run: RunContext) -> dict[str, Any]:
    owner, _, name = run.repository.partition("/")
    return {
        "ref": run.ref,
        "after": run.sha,
        "repository": {
            "full_name": run.repository,
            "name": name,
            "owner": {"login": owner, "name": owner},
        },
        "sender": {"login": run.actor},
    }


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _split_ref(ref: str) -> tuple[str, str]:
    for prefix, kind in (("refs/heads/", "branch"), ("refs/tags/", "tag")):
        if ref.startswith(prefix):
            return kind, ref.removeprefix(prefix)
    return "branch", ref.removeprefix("refs/")
