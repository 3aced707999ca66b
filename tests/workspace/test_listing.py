"""Which files belong to a job's copy."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.workspace.listing import begin_listing, list_files

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from .conftest import Repository


def test_lists_tracked_and_untracked_but_not_ignored(repository: Repository) -> None:
    """In git: the index and what is new; ignored files and `.git` are left out."""
    repository.commit({".gitignore": "*.log\nbuild/\n", "a/b.py": "", "kept.log": ""})
    repository.write({"new.py": "", "x.log": "", "build/out": "", ".runner/runs/1/journal": ""})
    listing = list_files(str(repository.root))
    assert sorted(listing.files) == [".gitignore", "a/b.py", "kept.log", "new.py"]
    assert listing.notices == ()


def test_lists_odd_names_as_they_are(repository: Repository) -> None:
    """Tabs, newlines, quotes and bytes that are not UTF-8 come through."""
    names = ["a\tb", "a\nb", 'a"b', "160000 x", os.fsdecode(b"\xff")]
    repository.commit(dict.fromkeys(names[:2], ""))
    repository.write(dict.fromkeys(names[2:], ""))
    assert sorted(names) == sorted(list_files(str(repository.root)).files)


def test_lists_links_as_links(repository: Repository) -> None:
    """A link is one path, wherever it points."""
    (repository.root / "out").symlink_to("/etc")
    (repository.root / "in").symlink_to("out")
    assert sorted(list_files(str(repository.root)).files) == ["in", "out"]


def test_lists_only_below_a_subdirectory(repository: Repository) -> None:
    """A tree that is a corner of a repository is listed relative to itself."""
    repository.commit({"a/b": "", "c": ""})
    assert list_files(str(repository.root / "a")).files == ["b"]


def test_enters_submodules_and_repositories_inside(tmp_path: Path, repository: Repository) -> None:
    """Their own ignore rules hold, and their `.git` stays out."""
    other = type(repository)(tmp_path / "other")
    other.commit({".gitignore": "*.log", "inner.py": ""})
    repository.git("submodule", "--quiet", "add", str(other.root), "sub")
    repository.commit({"top.py": ""})
    nested = type(repository)(repository.root / "nested")
    nested.write({".gitignore": "*.tmp", "x.py": "", "x.tmp": ""})
    (repository.root / "sub/x.log").touch()
    assert sorted(list_files(str(repository.root)).files) == [
        ".gitmodules",
        "nested/.gitignore",
        "nested/x.py",
        "sub/.gitignore",
        "sub/inner.py",
        "top.py",
    ]


def test_a_submodule_replaced_by_a_link_is_not_entered(
    tmp_path: Path, repository: Repository
) -> None:
    """What lies behind the link does not belong to the tree."""
    other = type(repository)(tmp_path / "other")
    other.commit({"secret": ""})
    repository.git("submodule", "--quiet", "add", str(other.root), "sub")
    repository.git("commit", "--quiet", "--message", "sub")
    (repository.root / "sub").rename(tmp_path / "moved")
    (repository.root / "sub").symlink_to(other.root)
    assert list_files(str(repository.root)).files == [".gitmodules"]


def test_a_submodule_that_was_never_fetched_is_empty(
    tmp_path: Path, repository: Repository
) -> None:
    """An empty directory lists nothing, and does not fall back to the repository around."""
    other = type(repository)(tmp_path / "other")
    other.commit({"inner": ""})
    repository.git("submodule", "--quiet", "add", str(other.root), "sub")
    repository.commit({"top": ""})
    repository.git("submodule", "--quiet", "deinit", "--force", "sub")
    assert sorted(list_files(str(repository.root)).files) == [".gitmodules", "top"]


def test_lists_everything_outside_of_git(tmp_path: Path) -> None:
    """Without a repository all files count, but runs do not."""
    tree = tmp_path / "tree"
    (tree / "a/.runner/runs").mkdir(parents=True)
    (tree / "a/.runner/runs/journal").touch()
    (tree / "a/.env").touch()
    listing = list_files(str(tree))
    assert listing == (["a/.env"], ())


def test_lists_everything_in_an_ignored_corner(repository: Repository) -> None:
    """Where git would list nothing at all, the tree is taken as it is."""
    repository.commit({".gitignore": "scratch/"})
    repository.write({"scratch/pipeline.yml": ""})
    assert list_files(str(repository.root / "scratch")).files == ["pipeline.yml"]


def test_says_so_when_git_refuses(repository: Repository) -> None:
    """A repository that git will not read gives all files and a notice with its reason."""
    repository.write({"a": "", ".gitignore": "a"})
    (repository.root / ".git/config").write_text("[broken\n")
    listing = list_files(str(repository.root))
    assert sorted(listing.files) == [".gitignore", "a"]
    (notice,) = listing.notices
    assert (notice.code, notice.severity) == ("git-unavailable", "warning")
    assert "config" in notice.message


def test_says_so_when_git_is_missing(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without git gives all files and a notice."""
    repository.write({"a": ""})
    monkeypatch.setenv("PATH", str(tmp_path))
    listing = list_files(str(repository.root))
    assert listing.files == ["a"]
    assert [notice.code for notice in listing.notices] == ["git-unavailable"]


def test_runs_nothing_that_the_repository_configures(
    repository: Repository, tmp_path: Path
) -> None:
    """A monitor or hook of a hostile repository is not started."""
    proof = tmp_path / "proof"
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {proof}\n")
    hook.chmod(0o755)
    repository.commit({"a": ""})
    repository.git("config", "core.fsmonitor", str(hook))
    repository.git("config", "core.hooksPath", str(tmp_path))
    assert list_files(str(repository.root)).files == ["a"]
    assert not proof.exists()


def test_the_environment_does_not_point_elsewhere(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inherited GIT_DIR and the like, as in a git hook, are not listened to."""
    repository.commit({"a": ""})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "nowhere"))
    assert list_files(str(repository.root)).files == ["a"]


def test_git_works_while_others_do(repository: Repository) -> None:
    """Two listings may be under way at once, finished in any order."""
    repository.commit({"a": "", "sub/b": ""})
    first = begin_listing(str(repository.root))
    second = begin_listing(str(repository.root / "sub"))
    assert second().files == ["b"]
    assert sorted(first().files) == ["a", "sub/b"]
