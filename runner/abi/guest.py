"""The world as a guest sees it: the same names on every machine (docs/PLUGINS.md)."""

from __future__ import annotations

ABI_VERSION = 1

WORKSPACE = "/workspace"
PLUGIN = "/plugin"
COMMANDS = "/runner"
TMP = "/tmp"  # noqa: S108 - a guest path, not one of this machine

RESULT_VARIABLE = "RUNNER_RESULT"
COMMAND_FILES = {
    "GITHUB_OUTPUT": "output",
    "GITHUB_ENV": "env",
    "GITHUB_PATH": "path",
    "GITHUB_STEP_SUMMARY": "summary",
    "GITHUB_STATE": "state",
    RESULT_VARIABLE: "result.json",
}
