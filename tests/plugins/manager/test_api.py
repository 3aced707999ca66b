"""What `import runner` offers, and what it costs those who do not ask."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

import runner
from tests.support.project import ROOT


def test_every_public_name_is_there() -> None:
    """`__all__` can be had, in order, and anything else is an AttributeError."""
    assert sorted(runner.__all__) == runner.__all__
    assert all(getattr(runner, name).__name__ == name for name in runner.__all__)
    with pytest.raises(AttributeError, match="no attribute `Manager`"):
        _ = runner.Manager


def test_every_public_name_is_documented() -> None:
    """docs/MANAGER.md speaks of each of them."""
    with open(os.path.join(ROOT, "docs", "MANAGER.md"), encoding="utf-8") as file:
        words = set(re.findall(r"\w+", file.read()))
    assert set(runner.__all__) <= words


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import runner", ("runner.errors", "runner.plugins", "importlib.metadata")),
        ("from runner import PluginManager", ("asyncio", "runner.workflow", "runner.execution")),
    ],
)
def test_what_is_not_needed_is_not_imported(statement: str, unwanted: tuple[str, ...]) -> None:
    """The package alone imports nothing, and the manager nothing of CI and no asyncio."""
    code = f"import sys; {statement}; print(sorted(set({unwanted!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
