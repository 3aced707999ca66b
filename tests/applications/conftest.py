"""The applications as they lie in the tree, run by the commands of their READMEs."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.project import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATIONS = Path(ROOT) / "examples" / "applications"


def commands(name: str) -> list[str]:
    """Return the shell commands of an application's README, a line each."""
    text = (APPLICATIONS / name / "README.md").read_text()
    return [
        line
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    """A folder with the examples and the documentation of this one."""
    for folder in ("examples/applications", "docs"):
        shutil.copytree(
            Path(ROOT) / folder,
            tmp_path / folder,
            ignore=shutil.ignore_patterns("__py*", "*.wasm"),
        )
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.fixture
def environment(cache: Path) -> dict[str, str]:
    """What the commands run with: this Python, and the compiled modules of the session."""
    path = f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"
    modules = os.environ.get("WASI_RUNNER_CACHE") or str(cache)
    own = {"PATH": path, "PYTHONPATH": ROOT, "WASI_RUNNER_CACHE": modules}
    return {**os.environ, **own}
