"""The file processor: many files, a result each, and no tool that reaches further."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.applications.conftest import commands

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = "examples/applications/file_processor/file_processor.py"
PLUGIN = """
id: test/{name}
version: 1.0.0
kind: file-processor
inputs: {{file: {{type: path, required: true}}}}
dependencies: {{runner/sh: "*"}}
entry_points: {{main: {{interpreter: runner/sh, script: main.sh}}}}
permissions: {{filesystem: {{read_paths: ["${{{{ inputs.file }}}}"]}}}}
"""


class Run:
    """A finished command: exit code, results and what it said besides."""

    def __init__(self, command: str, tree: Path, environment: dict[str, str]) -> None:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.code, self.told = done.returncode, done.stderr
        self.results: list[dict[str, Any]] = [json.loads(one) for one in done.stdout.splitlines()]


def test_the_readme_is_true(tree: Path, environment: dict[str, str]) -> None:
    """Each of its commands ends with success and gives a result for each file of docs/."""
    names = sorted(path.name for path in (tree / "docs").iterdir())
    if shutil.which("go") is None:
        pytest.skip("one of the tools is built with Go")
    first, build, second = commands("file_processor")
    headings = Run(first, tree, environment)
    assert headings.code == 0, headings.told
    assert "cannot read module `words.wasm`" in headings.told
    assert [result["file"] for result in headings.results] == names
    titles = {one["file"]: one["value"][0]["title"] for one in headings.results}
    assert titles["PLUGINS.md"] == "Writing a step plugin"
    assert Run(build, tree, environment).code == 0
    words = Run(second, tree, environment)
    assert words.code == 0, words.told
    for result in words.results:
        content = (tree / "docs" / result["file"]).read_bytes()
        counts = {"bytes": len(content), "lines": content.count(b"\n")}
        assert result["value"] == counts | {"words": len(content.split())}


def test_over_a_hundred_files(tree: Path, environment: dict[str, str]) -> None:
    """Each file has its own result, in order, whatever became of the others."""
    folder = tree / "many"
    expected = {}
    for number in range(120):
        path = folder / f"{number % 7}" / f"{number:03}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# Title {number}\n\n```\n# no heading\n```\n## Part\n")
        expected[str(path.relative_to(folder))] = f"Title {number}"
    (folder / "link.md").symlink_to("/etc/passwd")
    run = Run(f"python {PROGRAM} --plugin example/headings many", tree, environment)
    assert run.code == 0, run.told
    found = {result["file"]: result["value"][0]["title"] for result in run.results}
    assert found == expected
    assert list(found) == sorted(found)
    assert all(len(result["value"]) == 2 for result in run.results)
    assert "120 results, 0 failures" in run.told


def test_a_tool_sees_its_file_alone(tree: Path, environment: dict[str, str]) -> None:
    """A tool that looks around finds nothing, one that fails does so for its file only."""
    folder = tree / "few"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    (folder / "b.txt").write_text("b")
    scripts = {
        "look": 'find /workspace -type f | jq -R -n "[inputs]" > "$RUNNER_RESULT"',
        "pick": '[ "$INPUT_FILE" = b.txt ] && echo true > "$RUNNER_RESULT"',
    }
    for name, script in scripts.items():
        plugin = tree / "tools" / name
        plugin.mkdir(parents=True)
        (plugin / "step.yml").write_text(PLUGIN.format(name=name))
        (plugin / "main.sh").write_text(script)
    run = Run(f"python {PROGRAM} --plugins tools few", tree, environment)
    assert run.code == 1
    by_plugin = {(one["plugin"], one["file"]): one for one in run.results}
    assert by_plugin["test/look@1.0.0", "a.txt"]["value"] == ["/workspace/a.txt"]
    assert by_plugin["test/look@1.0.0", "b.txt"]["value"] == ["/workspace/b.txt"]
    assert by_plugin["test/pick@1.0.0", "b.txt"]["success"]
    assert by_plugin["test/pick@1.0.0", "a.txt"]["errors"] == ["the plugin ended with exit code 1"]


def test_mistakes_are_told(tree: Path, environment: dict[str, str]) -> None:
    """An unknown tool and a folder that is none: what would be right, and exit code 2."""
    run = Run(f"python {PROGRAM} --plugin example/headlines docs", tree, environment)
    assert run.code == 2
    assert "did you mean `example/headings`" in run.told
    run = Run(f"python {PROGRAM} nowhere", tree, environment)
    assert run.code == 2
    assert "`nowhere` is not a folder" in run.told
