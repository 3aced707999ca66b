"""actions/checkout: other repositories, places and parts of a tree."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from runner.errors import Denied, InvalidInput
from runner.execution.builtins import checkout
from runner.execution.builtins.protocol import HostCall, HostResult

if TYPE_CHECKING:
    from pathlib import Path

COMMIT = "c" * 40
FILES = ("top", "a/x", "a/b/y", "a/b/c/z", "a/q/n", "other/o")


class Job:
    """A source tree that is a git repository, its workspace, and another repository's files."""

    def __init__(self, root: Path) -> None:
        self.source, self.workspace = root / "source", root / "workspace"
        self.other = root / "repositories/o/r" / COMMIT
        self.lines: list[str] = []
        self.asked: list[tuple[str, str]] = []
        for folder in (self.source, self.other):
            for name in FILES:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(folder.name)
        (self.other / ".gitignore").write_text("top\n")
        git = ("git", "-C", str(self.source), "-c", "user.name=t", "-c", "user.email=t@t")
        for words in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "x")):
            subprocess.run([*git, *words], check=True)
        self.workspace.mkdir()
        (self.workspace / "made").write_text("")

    def run(self, **inputs: str) -> HostResult:
        """Check out; inputs are written with `_` for `-`."""
        given = {name.replace("_", "-"): text for name, text in inputs.items()}
        return checkout.run(self.call(self.workspace, given))

    def run_in_place(self, name: str, text: str) -> HostResult:
        """Check out with one input, where the source is the workspace."""
        return checkout.run(self.call(self.source, {name: text}))

    def call(self, workspace: Path, inputs: dict[str, str]) -> HostCall:
        return HostCall(
            checkout.INPUTS | inputs,
            str(workspace),
            str(self.source),
            "",
            "own/er",
            self.lines.append,
            self.locate,
        )

    def locate(self, slug: str, ref: str) -> str:
        self.asked.append((slug, ref))
        return str(self.other)

    def files(self, path: str = ".") -> list[str]:
        root = self.workspace / path
        found = (os.path.join(place, name) for place, _, names in os.walk(root) for name in names)
        return sorted(os.path.relpath(name, root) for name in found)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def test_another_repository_takes_the_workspace(job: Job) -> None:
    """All its files, those too that its own `.gitignore` names; what was there is gone."""
    result = job.run(repository="o/r", ref="v1")
    assert job.asked == [("o/r", "v1")]
    assert job.files() == sorted([*FILES, ".gitignore"])
    assert (job.workspace / "top").read_text() == COMMIT
    assert result.outputs == {"ref": "v1", "commit": COMMIT}


def test_another_repository_beside_ours(job: Job) -> None:
    """At `path`, on the default branch, again and again; files can be written, ours stay."""
    for _ in range(2):
        job.run(repository="o/r", path="sub/dir/")
        (job.workspace / "sub/dir/extra").write_text("")
    (job.workspace / "sub/dir/top").write_text("changed")
    assert job.asked == [("o/r", "")] * 2
    assert job.files("sub/dir") == sorted([*FILES, ".gitignore", "extra"])
    assert (job.other / "top").read_text() == COMMIT
    assert (job.workspace / "made").exists()


def test_our_own_name_needs_no_server(job: Job) -> None:
    """In whatever case; the tree is there already."""
    job.run(repository="OWN/er")
    assert job.asked == []
    assert job.files() == ["made"]


@pytest.mark.parametrize(("ref", "repository"), [("", ""), ("main", ""), ("", "o/r")])
def test_a_sparse_checkout_is_a_cone(job: Job, ref: str, repository: str) -> None:
    """The folders named, and the files in each folder on the way, as git has it."""
    job.run(ref=ref, repository=repository, path="p", sparse_checkout="a/b/\n\n  missing  \n")
    wanted = ["a/b/c/z", "a/b/y", "a/x", "top"]
    assert job.files("p") == sorted([*wanted, *([".gitignore"] if repository else [])])


def test_a_sparse_checkout_of_the_workspace_itself(job: Job) -> None:
    """The rest is not there."""
    job.run(sparse_checkout="other")
    assert job.files() == ["other/o", "top"]


@pytest.mark.parametrize("pattern", ["/a", "!a", "*.md", "a/[b]"])
def test_a_pattern_is_not_a_folder(job: Job, pattern: str) -> None:
    """Cone mode takes none, and nothing is touched; without it all files are there, as is told."""
    with pytest.raises(InvalidInput) as caught:
        job.run(sparse_checkout=pattern)
    assert [problem.code for problem in caught.value.problems] == ["checkout.sparse"]
    assert job.files() == ["made"]
    job.run(path="p", sparse_checkout=pattern, sparse_checkout_cone_mode="false")
    assert job.files("p") == sorted(FILES)
    assert any("no effect without cone mode" in line for line in job.lines)


def test_a_planted_link_is_not_followed(job: Job, tmp_path: Path) -> None:
    """Neither on the way nor in the last place."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "kept").write_text("")
    (job.workspace / "link").symlink_to(victim)
    for path in ("link", "link/deep"):
        with pytest.raises(Denied) as caught:
            job.run(repository="o/r", path=path)
        assert [problem.code for problem in caught.value.problems] == ["checkout.path"]
    assert os.listdir(victim) == ["kept"]


def test_the_tree_itself_is_not_changed_in_place(job: Job) -> None:
    """`--in-place` leaves no room for other files."""
    for name, text in {"repository": "o/r", "ref": "main", "path": "p"}.items():
        with pytest.raises(Denied, match="--in-place"):
            job.run_in_place(name, text)
    job.run_in_place("sparse-checkout", "a")
    assert (job.source / "other/o").exists()
