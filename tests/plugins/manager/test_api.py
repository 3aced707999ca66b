"""What `import runner` offers, and what it costs those who do not ask."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import runner
from tests.plugins.manager.conftest import run_script, shell
from tests.support.project import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MANUAL = os.path.join(ROOT, "docs", "MANAGER.md")


def test_every_public_name_is_there() -> None:
    """`__all__` can be had, in order, and anything else is an AttributeError."""
    assert sorted(runner.__all__) == runner.__all__
    assert all(getattr(runner, name) is not None for name in runner.__all__)
    with pytest.raises(AttributeError, match="no attribute `Manager`"):
        _ = runner.Manager


def test_every_public_name_is_documented() -> None:
    """docs/MANAGER.md speaks of each of them."""
    with open(MANUAL, encoding="utf-8") as file:
        words = set(re.findall(r"\w+", file.read()))
    assert set(runner.__all__) <= words


def test_the_examples_of_the_documentation_run(
    modules: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each Python block of docs/MANAGER.md, run where the plugin of docs/PLUGINS.md is at hand."""
    script = 'echo "lines=$(wc -l < "$INPUT_FILE" | tr -d " ")" >> "$GITHUB_OUTPUT"'
    inputs, outputs = {"file": {"type": "path"}}, {"lines": {"type": "number"}}
    request = {"filesystem": {"read_paths": ["."]}}
    text = run_script(
        script, inputs=inputs, outputs=outputs, permissions=request, kind="file-processor"
    )
    folder = tmp_path / "plugins" / "count"
    folder.mkdir(parents=True)
    (folder / "count.wasm").write_bytes(shell())
    (folder / "step.yml").write_text(text.replace("sh.wasm", "count.wasm"))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "PLUGINS.md").write_text("one\ntwo\n")
    with open(MANUAL, encoding="utf-8") as file:
        blocks = re.findall(r"^```python\n(.*?)^```", file.read(), re.DOTALL | re.MULTILINE)
    for block in blocks:
        environment = os.environ | {"WASI_RUNNER_CACHE": modules, "PYTHONPATH": ROOT}
        subprocess.run([sys.executable, "-c", block], cwd=tmp_path, env=environment, check=True)
    said = capfd.readouterr().out
    assert said.startswith("True 2 0.")
    assert "ManagerEvent(kind='loaded', plugin='test/plugin'" in said


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
