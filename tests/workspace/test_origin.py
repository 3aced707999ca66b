"""What a repository is called where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.workspace.origin import (
    find_branch,
    find_default_branch,
    find_tag,
    parse_slug,
    read_slug,
)
from runner.workspace.repository import find_repository

if TYPE_CHECKING:
    from pathlib import Path

    from runner.workspace.repository import Repository as Place

    from .conftest import Repository


def place_of(repository: Repository) -> Place:
    found = find_repository(str(repository.root))
    assert found
    return found


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://github.com/octo/hello.git", "octo/hello"),
        ("https://github.com/octo/hello", "octo/hello"),
        ("https://github.com/octo/hello/", "octo/hello"),
        ("https://me:token@github.com/octo/hello.git", "octo/hello"),
        ("http://localhost:3000/octo/hello.github.io", "octo/hello.github.io"),
        ("git@github.com:octo/hello.git", "octo/hello"),
        ("github.com:octo/hello", "octo/hello"),
        ("git@host:/octo/hello.git", "octo/hello"),
        ("ssh://git@github.com/octo/hello.git", "octo/hello"),
        ("ssh://git@github.com:22/octo/hello.git", "octo/hello"),
        ("git://host/octo/hello.git", "octo/hello"),
        ("https://gitlab.com/group/sub/project.git", "sub/project"),
        ("/srv/git/octo/hello.git", ""),
        ("../octo/hello", ""),
        ("./a:b/c", ""),
        ("file:///srv/octo/hello.git", ""),
        ("https://host/hello", ""),
        ("https://host/a b/c", ""),
        ("https://host/octo/$(x)", ""),
        ("", ""),
    ],
)
def test_the_name_is_read_from_the_url(url: str, slug: str) -> None:
    """Every form of URL that names an owner and a repository is understood; a path is none."""
    assert parse_slug(url) == slug


def test_the_url_is_read_as_git_reads_it(repository: Repository) -> None:
    """The URL of `origin` is found among other remotes and settings."""
    assert read_slug(place_of(repository)) == ""
    repository.git("remote", "add", "upstream", "https://github.com/other/one.git")
    repository.git("remote", "add", "origin", "git@github.com:octo/hello.git")
    repository.git("config", "remote.origin.pushurl", "https://github.com/third/two.git")
    assert read_slug(place_of(repository)) == "octo/hello"


def test_a_linked_work_tree_has_the_same_name(repository: Repository, tmp_path: Path) -> None:
    """The configuration is shared by all work trees."""
    repository.commit({"a": ""})
    repository.git("remote", "add", "origin", "git@github.com:octo/hello.git")
    repository.git("worktree", "add", "--quiet", "-b", "topic", str(tmp_path / "linked"))
    linked = find_repository(str(tmp_path / "linked"))
    assert linked
    assert read_slug(linked) == "octo/hello"


def test_the_default_branch(repository: Repository, tmp_path: Path) -> None:
    """A clone remembers it; else it is a usual one that exists, or the current one."""
    assert find_default_branch(place_of(repository), "trunk") == "trunk"
    assert find_default_branch(place_of(repository), "") == "main"
    repository.commit({"a": ""})
    assert find_default_branch(place_of(repository), "trunk") == "main"
    repository.git("branch", "--move", "trunk")
    clone = type(repository)(tmp_path / "clone")
    clone.git("remote", "add", "origin", str(repository.root))
    clone.git("fetch", "--quiet")
    clone.git("remote", "set-head", "origin", "trunk")
    assert find_default_branch(place_of(clone), "topic") == "trunk"


def test_branches_are_found_here_and_at_the_origin(repository: Repository, tmp_path: Path) -> None:
    """A branch of the origin that was never checked out has its commit too."""
    sha = repository.commit({"a": ""})
    clone = type(repository)(tmp_path / "clone")
    clone.git("remote", "add", "origin", str(repository.root))
    clone.git("fetch", "--quiet")
    assert find_branch(place_of(clone), "main") == sha
    assert find_branch(place_of(clone), "other") == ""


def test_the_tag_at_head(repository: Repository) -> None:
    """Of several tags the highest version is taken, annotated ones too; elsewhere there is none."""
    repository.commit({"a": "1"})
    assert find_tag(place_of(repository)) == ""
    repository.git("tag", "v1.9")
    repository.git("tag", "--annotate", "--message", "ten", "v1.10")
    assert find_tag(place_of(repository)) == "refs/tags/v1.10"
    repository.commit({"a": "2"})
    assert find_tag(place_of(repository)) == ""
