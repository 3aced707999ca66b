"""What a commit says of itself, read from a file of its own or from a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.workspace.commit import Commit, Signature, begin_reading
from runner.workspace.repository import find_repository

if TYPE_CHECKING:
    from .conftest import Repository

MESSAGE = "Überschrift\n\nText: a\n\nb\n"


def read(repository: Repository, sha: str) -> Commit | None:
    place = find_repository(str(repository.root))
    assert place
    return begin_reading(place, sha)()


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_commit_is_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, *, is_packed: bool
) -> None:
    """Names, times with their zone, parents and message are those that git has."""
    first = repository.commit({"a": "1"})
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Jo <> Doe")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "jo@example.org")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-01-02T03:04:05-03:30")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-01-02T03:04:06+02:00")
    repository.git("commit", "--quiet", "--allow-empty", "--message", MESSAGE)
    sha = repository.git("rev-parse", "HEAD")
    if is_packed:
        repository.git("gc", "--quiet")
    assert read(repository, sha) == Commit(
        sha,
        repository.git("rev-parse", "HEAD^{tree}"),
        (first,),
        Signature("Jo  Doe", "jo@example.org", 1767335645, -12600),
        Signature("t", "t@t", 1767315846, 7200),
        MESSAGE.strip(),
    )


def test_a_merge_has_two_parents(repository: Repository) -> None:
    """Both are there, the branch that was merged into first."""
    repository.commit({"a": ""})
    repository.git("checkout", "--quiet", "-b", "topic")
    topic = repository.commit({"b": ""})
    repository.git("checkout", "--quiet", "main")
    main = repository.commit({"c": ""})
    repository.git("merge", "--quiet", "--no-edit", "topic")
    commit = read(repository, repository.git("rev-parse", "HEAD"))
    assert commit
    assert commit.parents == (main, topic)


def test_what_is_no_commit_is_none(repository: Repository) -> None:
    """No SHA, an unknown one, another object's and a damaged file are no commits."""
    sha = repository.commit({"a": "some text"})
    blob = repository.git("rev-parse", "HEAD:a")
    assert [read(repository, name) for name in ("", "0" * 40, blob)] == [None, None, None]
    place = repository.root / ".git" / "objects" / sha[:2] / sha[2:]
    place.chmod(0o600)
    place.write_bytes(b"damaged")
    assert read(repository, sha) is None
