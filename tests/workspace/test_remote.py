"""Commits fetched from real git servers, friendly and hostile."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import pytest

from runner.errors import Denied, InvalidInput, RunnerError, Unavailable
from runner.workspace.remote import Checkout, Server, fetch_commit
from tests.support.githost import GitHost

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.githost import Entries


@pytest.fixture
def host(tmp_path: Path) -> GitHost:
    """Make a server with `o/r`: `main` with a tag `v1` one commit before."""
    host = GitHost(tmp_path / "srv")
    host.commit("o/r", {"a": "old", "d/b": "2"})
    host.git("o/r", "tag", "-a", "v1", "-m", "v1", "main")
    host.commit("o/r", {"a": "new"})
    return host


@pytest.fixture(params=["file", "http"])
def url(request: pytest.FixtureRequest, host: GitHost) -> Iterator[str]:
    """Serve the host either way."""
    if request.param == "file":
        yield host.url
    else:
        with host.serve() as server:
            yield server.url


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Make an empty cache."""
    return tmp_path / "cache"


def refusal(url: str, slug: str, ref: str, cache: Path) -> RunnerError:
    """Return the error of a fetch, which leaves nothing behind."""
    with pytest.raises(RunnerError) as caught:
        fetch_commit(Server(url), slug, ref, cache=str(cache))
    place = cache / "repositories" / slug.lower()
    assert not place.exists() or os.listdir(place) == []
    return caught.value


def is_running(process: int) -> bool:
    """Tell whether a process is there and not just waiting to be reaped."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as file:
            return ") Z " not in file.read()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_every_kind_of_name(host: GitHost, url: str, cache: Path) -> None:
    """Branch, annotated tag, whole and abbreviated SHA, the default branch; full names, too."""
    new, old = host.git("o/r", "rev-parse", "main"), host.git("o/r", "rev-parse", "v1^{commit}")
    names = {"main": new, "": new, "HEAD": new, "refs/heads/main": new, new: new}
    names |= {"v1": old, "refs/tags/v1": old, old: old, old[:9]: old, old.upper(): old}
    for number, (ref, commit) in enumerate(names.items()):
        found = fetch_commit(Server(url), "o/r", ref, cache=str(cache / str(number)))
        assert found == Checkout(str(cache / str(number) / "repositories/o/r" / commit), commit)
        files = sorted(name for _, _, names in os.walk(found.folder) for name in names)
        assert files == (["a"] if commit == new else ["a", "b"])
        assert os.listdir(os.path.dirname(found.folder)) == [commit]


def test_a_branch_comes_before_a_tag(host: GitHost, cache: Path) -> None:
    """As GitHub resolves `uses`."""
    branch = host.commit("o/r", {"a": "branch"}, branch="v1")
    assert fetch_commit(Server(host.url), "o/r", "v1", cache=str(cache)).commit == branch


def test_a_whole_sha_in_the_cache_needs_no_network(host: GitHost, cache: Path) -> None:
    """A name does: what it means may have changed, but its files are not sent again."""
    with host.serve() as server:
        sha = fetch_commit(Server(server.url), "o/r", "main", cache=str(cache)).commit
        server.asked.clear()
        again = fetch_commit(Server(server.url), "O/R", sha, cache=str(cache))
        assert server.asked == []
        assert fetch_commit(Server(server.url), "o/r", "main", cache=str(cache)) == again
        assert len(server.asked) == 2  # the list of names, no pack
    assert fetch_commit(Server(server.url), "o/r", sha, cache=str(cache)) == again
    with pytest.raises(Unavailable, match="connect"):
        fetch_commit(Server(server.url), "o/r", "main", cache=str(cache))


def test_files_are_read_only_and_links_inside_stay(host: GitHost, cache: Path) -> None:
    """Executability is kept; `..` may lead, as long as it does not lead out."""
    links: Entries = [("120000", b"up", b"../x"), ("120000", b"near", b"./e")]
    folder = [*links, ("100644", b"e", b"")]
    host.commit_entries("o/l", [("100755", b"x", b"#!"), ("40000", b"d", folder)])
    found = fetch_commit(Server(host.url), "o/l", "main", cache=str(cache))
    assert os.readlink(f"{found.folder}/d/up") == "../x"
    assert os.stat(f"{found.folder}/x").st_mode & 0o333 == 0o111
    assert os.stat(f"{found.folder}/d/e").st_mode & 0o333 == 0


@pytest.mark.parametrize("target", [b"/etc/passwd", b"../..", b"../../x", b"e/../../y", b".."])
def test_a_link_that_may_lead_out_is_refused(host: GitHost, cache: Path, target: bytes) -> None:
    """Also where it depends on what another link on the way is."""
    entries: Entries = [("120000", b"l", target)]
    if target != b"..":  # which leads out from the top only
        entries = [("40000", b"d", entries)]
    host.commit_entries("o/l", entries)
    error = refusal(host.url, "o/l", "main", cache)
    assert isinstance(error, Denied)
    assert [problem.code for problem in error.problems] == ["repository.unsafe"]


@pytest.mark.parametrize("name", [b"..", b".", b".git", b".GIT", b".g\xe2\x80\x8cit", b"a/b"])
def test_hostile_names_are_refused(host: GitHost, url: str, cache: Path, name: bytes) -> None:
    """Git's own check sees them when they come in."""
    host.commit_entries("o/evil", [("40000", name, [("100644", b"x", b"")])])
    error = refusal(url, "o/evil", "main", cache)
    assert isinstance(error, Denied)
    assert [problem.code for problem in error.problems] == ["repository.unsafe"]


def test_sizes_are_bounded(host: GitHost, url: str, cache: Path) -> None:
    """Of what is sent, and of what it unpacks to, before a file is written."""
    host.commit_entries("o/sent", [("100644", b"x", os.urandom(2_000_000))])
    host.commit_entries("o/unpacked", [("100644", b"x", bytes(2_000_000))])
    server = Server(url, max_size=1_000_000)
    for slug, code in {"o/sent": "repository.too-large", "o/unpacked": "repository.unsafe"}.items():
        with pytest.raises(Denied, match="1000000") as caught:
            fetch_commit(server, slug, "main", cache=str(cache))
        assert [problem.code for problem in caught.value.problems] == [code]


def test_a_tree_that_stands_for_billions_of_files_is_refused(host: GitHost, cache: Path) -> None:
    """Ten trees of ten entries each, one in the other: its list is not read to the end."""
    host.create("o/bomb")
    sha = host.git("o/bomb", "hash-object", "-w", "--stdin", stdin=b"x")
    mode = "100644 blob"
    for _ in range(10):
        lines = "".join(f"{mode} {sha}\tn{number}\n" for number in range(10))
        sha = host.git("o/bomb", "mktree", stdin=lines.encode())
        mode = "040000 tree"
    commit = host.git("o/bomb", "commit-tree", sha, "-m", "bomb")
    host.git("o/bomb", "update-ref", "refs/heads/main", commit)
    assert isinstance(refusal(host.url, "o/bomb", "main", cache), Denied)


def test_time_is_bounded_and_helpers_are_ended(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ssh that never answers is ended with git."""
    script = tmp_path / "ssh"
    script.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    script.chmod(0o755)
    monkeypatch.setenv("GIT_SSH", str(script))
    monkeypatch.setenv("GIT_SSH_VARIANT", "simple")
    with pytest.raises(Unavailable, match="over 2 seconds"):
        fetch_commit(Server("ssh://localhost", max_time=2), "o/r", "main", cache=str(cache))
    process = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 30
    while is_running(process):
        assert time.monotonic() < deadline


@pytest.mark.parametrize("ref", ["mian", "v2", "deadbeef", "0" * 40, "--upload-pack=x", "a..b"])
def test_an_unknown_ref_is_told_with_those_near(url: str, cache: Path, ref: str) -> None:
    """What cannot be a name is not given to git at all."""
    error = refusal(url, "o/r", ref, cache)
    assert isinstance(error, InvalidInput)
    assert [problem.code for problem in error.problems] == ["repository.unknown-ref"]
    if ref in {"mian", "v2"}:
        assert {"mian": "main", "v2": "v1"}[ref] in error.problems[0].hint


@pytest.mark.parametrize("slug", ["o", "o/../r", "../r", "o/..", "-o/r", "o/r/s", "o/r\n", ""])
def test_a_slug_is_owner_and_name(host: GitHost, cache: Path, slug: str) -> None:
    """Nothing else becomes part of an address or a path."""
    with pytest.raises(InvalidInput) as caught:
        fetch_commit(Server(host.url), slug, "main", cache=str(cache))
    assert [problem.code for problem in caught.value.problems] == ["repository.slug"]
    assert not cache.exists()


def test_a_missing_repository_says_what_to_do(url: str, cache: Path) -> None:
    """With git's reason, and how to do without the server."""
    error = refusal(url, "o/missing", "main", cache)
    assert isinstance(error, Unavailable)
    assert [problem.code for problem in error.problems] == ["repository.unavailable"]
    assert "o/missing" in error.problems[0].message
    assert "--local-repository OWNER/REPO@REF=DIR" in error.problems[0].hint


@pytest.mark.parametrize("address", ["ext::sh -c x", "git://h", "/srv", "https://u:p@h", ""])
def test_other_protocols_are_refused(cache: Path, address: str) -> None:
    """And a password, which would be told in messages."""
    with pytest.raises(InvalidInput, match="GITHUB_SERVER_URL") as caught:
        fetch_commit(Server(address), "o/r", "main", cache=str(cache))
    assert "u:p" not in str(caught.value)


def test_a_protocol_is_not_changed_on_the_way(
    host: GitHost, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Local folders only count for a server that is one, whatever the user's configuration says."""
    config = tmp_path / "gitconfig"
    config.write_text(f'[url "{host.url}/"]\n\tinsteadOf = https://h/\n')
    monkeypatch.setenv("HOME", str(tmp_path))
    config.rename(tmp_path / ".gitconfig")
    with pytest.raises(Unavailable, match="transport 'file' not allowed"):
        fetch_commit(Server("https://h"), "o/r", "main", cache=str(cache))


def test_many_at_once_agree(url: str, cache: Path) -> None:
    """Each fetches for itself, one is kept, and nothing else is left."""
    found = []

    def fetch() -> None:
        found.append(fetch_commit(Server(url), "o/r", "main", cache=str(cache)))

    threads = [threading.Thread(target=fetch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert os.listdir(cache / "repositories/o/r") == [found[0].commit]


def test_what_a_killed_process_left_is_taken_away(host: GitHost, cache: Path) -> None:
    """After an hour; what is younger may be at work."""
    place = cache / "repositories/o/r"
    for name in (".fetching-old", ".fetching-new"):
        (place / name / "git").mkdir(parents=True)
    os.utime(place / ".fetching-old", (0, 0))
    sha = fetch_commit(Server(host.url), "o/r", "main", cache=str(cache)).commit
    assert sorted(os.listdir(place)) == sorted([".fetching-new", sha])
