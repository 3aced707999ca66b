"""What is checked out, read from the repository's files."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from runner.workspace.repository import find_work_tree, read_head

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Repository


def test_reads_a_branch(repository: Repository) -> None:
    """Branch and commit are read from any directory of the work tree."""
    sha = repository.commit({"a/b": ""})
    top = str(repository.root)
    assert (top, sha, "refs/heads/main") == read_head(top)
    assert (top, sha, "refs/heads/main") == read_head(f"{top}/a")


def test_reads_a_branch_without_a_commit(repository: Repository) -> None:
    """A new repository has a branch and no SHA."""
    assert (str(repository.root), "", "refs/heads/main") == read_head(str(repository.root))


def test_reads_packed_references(repository: Repository) -> None:
    """A branch that `git pack-refs` moved is found, and not one whose name only ends alike."""
    sha = repository.commit({"a": "1"})
    repository.git("branch", "x/refs/heads/main")
    repository.commit({"a": "2"})
    repository.git("checkout", "--quiet", "-b", "topic", sha)
    repository.git("pack-refs", "--all")
    assert (str(repository.root), sha, "refs/heads/topic") == read_head(str(repository.root))


def test_reads_a_detached_head(repository: Repository) -> None:
    """Then there is no branch."""
    sha = repository.commit({"a": ""})
    repository.git("checkout", "--quiet", "--detach")
    assert (str(repository.root), sha, "") == read_head(str(repository.root))


def test_reads_a_linked_work_tree(repository: Repository, tmp_path: Path) -> None:
    """A `.git` file leads to the shared references."""
    sha = repository.commit({"a": ""})
    repository.git("worktree", "add", "--quiet", "-b", "topic", str(tmp_path / "linked"))
    assert (str(tmp_path / "linked"), sha, "refs/heads/topic") == read_head(
        str(tmp_path / "linked")
    )


def test_reads_a_submodule(repository: Repository, tmp_path: Path) -> None:
    """A submodule's `.git` file names its repository relative to itself."""
    other = type(repository)(tmp_path / "other")
    sha = other.commit({"a": ""})
    repository.git("submodule", "--quiet", "add", str(other.root), "sub")
    head = read_head(str(repository.root / "sub"))
    assert head
    assert (str(repository.root / "sub"), sha) == head[:2]


def test_outside_of_git_there_is_no_head(tmp_path: Path) -> None:
    """No repository upwards means no head."""
    assert find_work_tree(str(tmp_path)) is None
    assert read_head(str(tmp_path)) is None


@pytest.mark.parametrize("text", ["", "ref: refs/../../secret", "ref: x", "\0", "0" * 39])
def test_a_damaged_head_is_no_head(repository: Repository, text: str) -> None:
    """What is not a reference or an object is not believed."""
    (repository.root / ".git/HEAD").write_text(text)
    assert read_head(str(repository.root)) is None


def test_references_in_a_loop_end(repository: Repository) -> None:
    """Symbolic references that name each other resolve to nothing."""
    heads = repository.root / ".git/refs/heads"
    (heads / "main").write_text("ref: refs/heads/other")
    (heads / "other").write_text("ref: refs/heads/main")
    assert (str(repository.root), "", "refs/heads/main") == read_head(str(repository.root))


def test_asks_git_for_what_it_cannot_read(repository: Repository) -> None:
    """Where HEAD is the stub of the reftable format, git answers."""
    repository.commit({"a": ""})
    (repository.root / ".git/HEAD").write_text("ref: refs/heads/.invalid")
    head = read_head(str(repository.root))
    assert head
    assert head.top == str(repository.root)
    assert not head.sha


def test_a_repository_without_head_is_damaged(repository: Repository) -> None:
    """Half a repository gives no head instead of an error."""
    shutil.rmtree(repository.root / ".git")
    (repository.root / ".git").write_text("gitdir: nowhere")
    assert read_head(str(repository.root)) is None
