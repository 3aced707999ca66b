"""The table tests that are written in Go, and gofmt, where the machine has a toolchain."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

STEP = Path(__file__).parents[3] / "steps" / "sh"
FOLDERS = ("_awk", "_interp", "_jq", "applets", "clock", "printf", "regex", "sed", "shell")


def _run(*command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip("the module may have been built by a toolchain that is not on PATH")
    done = subprocess.run(command, cwd=STEP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_patterns_and_dates_pass_their_tables() -> None:
    """Translation of POSIX patterns and reading of dates, natively."""
    _run("go", "test", "./regex", "./clock")


def test_the_code_is_formatted() -> None:
    """`gofmt` has nothing to change."""
    assert _run("gofmt", "-l", "main.go", *FOLDERS) == ""


def test_every_overlay_and_patch_is_used() -> None:
    """`build.json` names each file of the folders that change a dependency."""
    description = (STEP / "build.json").read_text()
    files = [path for folder in ("_awk", "_interp", "_jq") for path in (STEP / folder).iterdir()]
    assert not [path for path in files if f"{path.parent.name}/{path.name}" not in description]
