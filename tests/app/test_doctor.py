"""`runner doctor`, as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "runner", "doctor", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_what_this_machine_offers() -> None:
    """Versions, the cache and the kernel's features are told, a line each."""
    done = _run()

    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert {"runner", "Python", "wasmtime", "kernel", "cache", "Landlock", "seccomp"} <= set(names)


def test_json() -> None:
    """The exit code says that all attempts have failed, and programs are told of each."""
    done = _run("--sandbox", "--format", "json")

    assert done.returncode == 0, done.stdout + done.stderr
    data = json.loads(done.stdout)
    assert data["sandbox"]["escapes"] == 0
    assert data["sandbox"]["attempts"] == len(data["sandbox"]["outcomes"]) > 200
    assert {feature["name"] for feature in data["features"]} >= {"Landlock", "seccomp", "openat2"}
