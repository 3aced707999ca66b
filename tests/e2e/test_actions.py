"""The host actions: checkout and artifacts, as far as GitHub's own rules go."""

from __future__ import annotations

import os
import subprocess
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.project import Project


def git(project: Project, *arguments: str) -> str:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.invalid"]
    return subprocess.run(
        ["git", *identity, *arguments],
        cwd=project.folder,
        env={"PATH": os.environ["PATH"], "HOME": str(project.folder)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_checkout_fills_in_another_ref_or_path(project: Project) -> None:
    """The tree is there already; a `ref` replaces it, a `path` gets a copy beside."""
    git(project, "init", "-q", "-b", "main")
    project.write({"data.txt": "old", ".gitignore": ".runner/\n"})
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "one")
    git(project, "tag", "v1")
    sha = git(project, "rev-parse", "HEAD")
    project.write({"data.txt": "new"})
    outcome = project.run_steps(
        textwrap.dedent("""\
        - uses: actions/checkout@v4
        - run: cat data.txt; echo; echo "${{ github.ref }} ${{ github.sha }} $GITHUB_REF_NAME"
        - uses: actions/checkout@v4
          id: old
          with: {ref: v1, path: sub/tag, nonsense: 1}
        - run: cat sub/tag/data.txt; echo; echo ${{ steps.old.outputs.commit }}
        - uses: actions/checkout@v4
          with: {path: copy}
        - run: cat copy/data.txt; echo; test ! -e copy/sub && test ! -e .git
        - uses: actions/checkout@v4
          with: {ref: v1}
        - run: cat data.txt; echo; ls
        - uses: actions/checkout@v4
          with: {ref: nowhere}
        - uses: actions/checkout@v4
          if: always()
          with: {repository: other}
        """)
    )
    said = [line for line in outcome.lines if line in {"old", "new", sha, "data.txt"}]
    assert said == ["new", "old", sha, "new", "old", "data.txt"]
    assert f"refs/heads/main {sha} main" in outcome.lines
    assert any("Unexpected input(s) 'nonsense'" in line for line in outcome.lines)
    assert outcome.conclusions == ["success"] * 8 + ["failure"] * 2
    assert "nowhere" in outcome.steps[8].message
    assert "`other` does not name a repository" in outcome.steps[9].message
    assert (project.folder / "data.txt").read_text() == "new"


def test_uploads_follow_githubs_rules(project: Project) -> None:
    """Nothing found warns, fails or is ignored; a name is taken once, unless `overwrite`."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: mkdir -p out/deep; echo 1 > out/a.txt; echo 2 > out/deep/b.log; echo 3 > out/.h
        - {uses: actions/upload-artifact@v4, id: up, with: {name: all, path: out}}
        - run: echo changed > out/a.txt; echo "[${{ steps.up.outputs.artifact-id }}]"
        - {uses: actions/upload-artifact@v4, with: {name: all, path: out/a.txt, overwrite: true}}
        - {uses: actions/upload-artifact@v4, with: {name: logs, path: "out/**/*.log"}}
        - {uses: actions/upload-artifact@v4, with: {name: n1, path: none}}
        - uses: actions/upload-artifact@v4
          with: {name: n2, path: none, if-no-files-found: ignore}
        - uses: actions/upload-artifact@v4
          with: {name: n3, path: none, if-no-files-found: error}
        - {uses: actions/upload-artifact@v4, if: always(), with: {name: all, path: out}}
        - {uses: actions/upload-artifact@v4, if: always(), with: {name: x}}
        """)
    )
    assert outcome.conclusions == ["success"] * 7 + ["failure"] * 3
    assert outcome.artifact("all", "a.txt") == b"changed\n"
    assert outcome.artifact("logs", "deep", "b.log") == b"2\n"
    assert not (outcome.folder / "artifacts" / "all" / "deep").exists()
    warning = "warning: No files were found with the provided path: none. No artifacts"
    assert sum(line.startswith(warning) for line in outcome.lines) == 1
    assert "No files were found" in outcome.steps[7].message
    assert not outcome.steps[7].errored
    assert "all" in outcome.steps[8].message
    assert "`path` is required" in outcome.steps[9].message


def test_downloads_take_one_or_what_a_pattern_names(project: Project) -> None:
    """By name into `path`; by pattern each in a folder of its own, or merged."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          up:
            runs-on: x
            strategy: {matrix: {n: [1, 2]}}
            steps:
              - run: echo "${{ matrix.n }}" > "f${{ matrix.n }}"
              - {uses: actions/upload-artifact@v4, with: {name: "part-${{ matrix.n }}", path: f*}}
          down:
            needs: up
            runs-on: x
            steps:
              - {uses: actions/download-artifact@v4, id: one, with: {name: part-1, path: one}}
              - {uses: actions/download-artifact@v4, with: {pattern: part-*, path: each}}
              - uses: actions/download-artifact@v4
                with: {pattern: part-*, path: merged, merge-multiple: true}
              - run: find one each merged -type f | sort
              - run: echo ${{ steps.one.outputs.download-path }}
              - {uses: actions/download-artifact@v4, with: {name: missing}}
        """)
    )
    expected = ["each/part-1/f1", "each/part-2/f2", "merged/f1", "merged/f2", "one/f1"]
    found = [line for line in outcome.lines if line in expected]
    assert found == expected
    assert "/workspace/one" in outcome.lines
    assert outcome.conclusions[-1] == "failure"
    assert "missing" in outcome.steps[-1].message
