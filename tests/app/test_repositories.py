"""Other repositories: the user's own copies first, then the server's, each asked once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from runner.app.repositories import Repositories, parse_override
from runner.errors import InvalidInput, RunnerError, Unavailable
from runner.workspace.remote import Checkout
from tests.support.githost import GitHost

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def host(tmp_path: Path) -> GitHost:
    """Make a server with `o/r`."""
    host = GitHost(tmp_path / "srv")
    host.commit("o/r", {"a": "1"})
    return host


def test_an_override_is_a_name_and_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is made absolute; `=` may stand in it, `~` is the home folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "x=y").mkdir()
    expected = ("o/r@v1", str(tmp_path / "x=y"))
    assert parse_override("o/r@v1=x=y") == expected
    assert parse_override("o/r@v1=~/x=y") == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "has no `=DIR`"),
        ("o/r@v1", "has no `=DIR`"),
        ("o/r=.", "has no `@REF`"),
        ("o/r@=.", "has no `@REF`"),
        ("r@v1=.", "does not name a repository"),
        ("o/r/p@v1=.", "does not name a repository"),
        ("/r@v1=.", "does not name a repository"),
        ("o/r@v1=", "is not a folder"),
        ("o/r@v1=missing", "is not a folder"),
    ],
)
def test_a_bad_override_says_what_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    """What is missing, and how it is written."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidInput, match=reason) as caught:
        parse_override(text)
    assert [problem.code for problem in caught.value.problems] == ["repository.override"]
    assert caught.value.problems[0].hint


def test_an_override_needs_no_server(host: GitHost, tmp_path: Path) -> None:
    """Owner and name match without case, the ref exactly; a repository says its commit."""
    plain = tmp_path / "plain"
    plain.mkdir()
    sha = host.git("o/r", "rev-parse", "main")
    own = tmp_path / "own"
    host.git("o/r", "clone", "--quiet", ".", str(own))
    inner = own / "inner"
    inner.mkdir()
    overrides = {"Own/Er@v1": str(own), "o/plain@v1": str(plain), "o/inner@v1": str(inner)}
    found = Repositories(overrides, cache=str(tmp_path / "cache"), server="file:///missing")
    assert found.is_overridden("oWN/eR", "v1")
    assert not found.is_overridden("own/er", "V1")
    assert found.locate("own/er", "v1") == Checkout(str(own), sha)
    assert found.locate("o/plain", "v1") == Checkout(str(plain), "")
    assert found.locate("o/inner", "v1") == Checkout(str(inner), "")
    with pytest.raises(Unavailable, match="gives it at `v1` only"):
        found.locate("own/er", "v2")


def test_a_run_sees_one_commit_of_a_branch(host: GitHost, tmp_path: Path) -> None:
    """Asked once, however many threads want it and whatever happens to the branch."""
    with host.serve() as server:
        found = Repositories({}, cache=str(tmp_path / "cache"), server=server.url)
        seen = []
        threads = [
            threading.Thread(target=lambda: seen.append(found.locate("o/r", "main")))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        requests = len(server.asked)
        sha = host.commit("o/r", {"a": "2"})
        assert found.locate("O/R", "main") == seen[0] != Checkout(seen[0].folder, sha)
        assert len(set(seen)) == 1
        assert len(seen) == 4
        assert len(server.asked) == requests
        later = Repositories({}, cache=str(tmp_path / "cache"), server=server.url)
        assert later.locate("o/r", "main").commit == sha


def test_a_failure_is_told_again_without_asking(host: GitHost, tmp_path: Path) -> None:
    """Ten uses of what is missing are one request."""
    with host.serve() as server:
        found = Repositories({}, cache=str(tmp_path / "cache"), server=server.url)
        for _ in range(2):
            with pytest.raises(RunnerError, match="o/missing"):
                found.locate("o/missing", "main")
        assert len(server.asked) == 1


def test_the_server_is_the_environments(
    host: GitHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GITHUB_SERVER_URL, as on GitHub Enterprise."""
    monkeypatch.setenv("GITHUB_SERVER_URL", host.url)
    assert Repositories({}, cache=str(tmp_path)).locate("o/r", "").commit
