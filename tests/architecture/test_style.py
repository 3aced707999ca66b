"""Lint, format and types are checks like any other, over package, tests and benchmarks."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.project import ROOT


@pytest.mark.parametrize(
    "check",
    [
        ["ruff", "check", "--no-cache"],
        ["ruff", "format", "--check", "--no-cache"],
        ["mypy"],  # with its cache: from nothing it takes a quarter of a minute
    ],
    ids=lambda check: " ".join(check[:2]),
)
def test_nothing_is_found(check: list[str]) -> None:
    """The tool, as pyproject.toml sets it up, has nothing to say."""
    done = subprocess.run(
        [sys.executable, "-m", *check], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
