"""The contexts of expressions and the default environment of steps (LANGUAGE 5)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from runner.abi.guest import COMMAND_FILES, COMMANDS, TMP, WORKSPACE
from runner.execution.folders import EVENT
from runner.execution.payloads import short_name
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
_VARIABLES = tuple((name, f"GITHUB_{name.upper()}") for name in EXPORTED)
_FILE_CONTEXTS = {"GITHUB_ENV": "env", "GITHUB_OUTPUT": "output", "GITHUB_PATH": "path",
                  "GITHUB_STATE": "state", "GITHUB_STEP_SUMMARY": "step_summary"}  # fmt: skip
ARCHITECTURES = {"x86_64": "X64", "aarch64": "ARM64"}
DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin"
PUBLIC_SERVER = "https://github.com"


class RunContext(NamedTuple):
    """What is the same for every job of a run.

    `event` is the payload; `file` the workflow's path in the repository. `environment` stands
    below all that the workflow sets and is not in the `env` context. `is_debug`: steps are to tell
    more.
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
    base_ref: str = ""
    head_ref: str = ""
    environment: Mapping[str, str] = {}
    server: str = PUBLIC_SERVER
    number: int = 1
    is_debug: bool = False


def github_context(run: RunContext, *, job: str) -> dict[str, Any]:
    """Return the `github` context of a job; a step adds `action` and its command files."""
    api, graphql = _api_urls(run.server)
    return {
        "action": "",
        "action_path": "",
        "action_ref": "",
        "action_repository": "",
        "actor": run.actor,
        "actor_id": "0",
        "api_url": api,
        "base_ref": run.base_ref,
        "event": run.event,
        "event_name": run.event_name,
        "event_path": f"{COMMANDS}/{EVENT}",
        "graphql_url": graphql,
        "head_ref": run.head_ref,
        "job": job,
        "ref": run.ref,
        "ref_name": short_name(run.ref),
        "ref_protected": False,
        "ref_type": "tag" if run.ref.startswith("refs/tags/") else "branch",
        "repository": run.repository,
        "repository_id": "0",
        "repository_owner": run.repository.partition("/")[0],
        "repository_owner_id": "0",
        "repositoryUrl": f"git://{run.server.partition('://')[2]}/{run.repository}.git",
        "retention_days": "90",
        "run_attempt": "1",
        "run_id": run.run_id,
        "run_number": str(run.number),
        "secret_source": "Actions" if run.secrets else "None",
        "server_url": run.server,
        "sha": run.sha,
        "token": run.secrets.get("GITHUB_TOKEN", ""),
        "triggering_actor": run.actor,
        "workflow": run.pipeline,
        "workflow_ref": f"{run.repository}/{run.file}@{run.ref}",
        "workflow_sha": run.sha,
        "workspace": WORKSPACE,
    }


def runner_context(*, is_debug: bool = False) -> dict[str, Any]:
    """Return the `runner` context: the same on every machine but for the processor's name."""
    debug = {"debug": "1"} if is_debug else {}
    return debug | {
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
    for name, variable in _VARIABLES:
        environment[variable] = _text(github.get(name, ""))
    for name, value in runner.items():
        environment[f"RUNNER_{name.upper()}"] = _text(value)
    for variable, file in COMMAND_FILES.items():
        environment[variable] = f"{COMMANDS}/{file}"
    return environment


def _api_urls(server: str) -> tuple[str, str]:
    if server == PUBLIC_SERVER:
        return "https://api.github.com", "https://api.github.com/graphql"
    return f"{server}/api/v3", f"{server}/api/graphql"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
