"""Another commit's files, written without a checkout."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from runner.errors import Denied, InvalidInput, RunnerError, Unavailable
from runner.workspace.git import export_commit
from runner.workspace.gitprocess import ENVIRONMENT

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Repository


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Make an empty workspace."""
    place = tmp_path / "target"
    place.mkdir()
    return place


def export(repository: Repository, ref: str, target: Path, path: str = ".") -> str:
    """Export, and return the commit."""
    return export_commit(str(repository.root), ref, str(target), path=path).commit


def test_a_branch_a_tag_and_a_commit(repository: Repository, target: Path) -> None:
    """Each kind of name gives its own files, below the path."""
    first = repository.commit({"a": "1"})
    repository.git("tag", "-a", "v1", "-m", "v1")
    second = repository.commit({"a": "2"})
    refs = {"v1": "1", "refs/tags/v1": "1", first: "1", first[:8]: "1", "main": "2", "HEAD": "2"}
    for number, (ref, text) in enumerate(refs.items()):
        expected = first if text == "1" else second
        assert expected == export(repository, ref, target, f"p/{number}")
        assert text == (target / f"p/{number}/a").read_text()


def test_a_branch_comes_before_a_tag(repository: Repository, target: Path) -> None:
    """As in actions/checkout; a whole SHA comes before both."""
    first = repository.commit({"a": "1"})
    second = repository.commit({"a": "2"})
    repository.git("tag", "x", first)
    repository.git("branch", "x", second)
    repository.git("branch", first, second)
    assert second == export(repository, "x", target)
    assert first == export(repository, first, target)


def test_modes_links_and_odd_names(repository: Repository, target: Path) -> None:
    """Executability, links as links, any bytes in contents and names."""
    names = ["d/x\ty", os.fsdecode(b"\xfe"), "ümlaut"]
    repository.write(dict.fromkeys(names, "\n\n"))
    (repository.root / "link").symlink_to("/etc/passwd")
    (repository.root / "run").write_bytes(bytes(range(256)) * 1000)
    (repository.root / "run").chmod(0o755)
    repository.commit({})
    outcome = export_commit(str(repository.root), "main", str(target))
    assert outcome.files == 5
    assert os.readlink(target / "link") == "/etc/passwd"
    assert os.access(target / "run", os.X_OK)
    assert not os.access(target / "ümlaut", os.X_OK)
    assert (target / "run").read_bytes() == bytes(range(256)) * 1000
    assert [(target / name).read_text() for name in names] == ["\n\n"] * 3


def test_existing_files_are_replaced_and_links_not_followed(
    repository: Repository, target: Path
) -> None:
    """A planted link in a file's place is replaced, one on the way refused."""
    repository.commit({"a": "new", "d/b": "new"})
    victim = target.parent / "victim"
    victim.write_text("old")
    (target / "a").symlink_to(victim)
    export(repository, "main", target)
    assert (target / "a").read_text() == "new"
    assert victim.read_text() == "old"
    (target / "way").symlink_to(target.parent)
    with pytest.raises(Unavailable, match="symbolic link"):
        export(repository, "main", target, "way")
    assert not (target.parent / "a").exists()


def test_nothing_that_the_repository_configures_is_run(
    repository: Repository, target: Path
) -> None:
    """No smudge filter, hook or line ending conversion; the bytes are git's."""
    proof = target.parent / "proof"
    repository.git("config", "filter.evil.smudge", f"touch {proof}")
    repository.git("config", "core.fsmonitor", f"touch {proof}")
    repository.commit(
        {".gitattributes": "* filter=evil text eol=crlf\nx export-ignore", "x": "a\n"}
    )
    for name in ("post-checkout", "post-merge"):
        hook = repository.root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {proof}\n")
        hook.chmod(0o755)
    proof.unlink(missing_ok=True)
    export(repository, "main", target)
    assert (target / "x").read_bytes() == b"a\n"
    assert not proof.exists()


@pytest.mark.parametrize("is_old_git", [False, True])
def test_a_missing_object_is_not_fetched(
    repository: Repository,
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_old_git: bool,
) -> None:
    """A hostile repository names a program that is to bring what it lacks; it is not started."""
    proof = target.parent / "proof"
    repository.commit({"x": "a\n"})
    blob = repository.git("rev-parse", "HEAD:x")
    (repository.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for name, value in {
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::touch {proof}",
        "protocol.ext.allow": "always",
    }.items():
        repository.git("config", name, value)
    if is_old_git:
        monkeypatch.delitem(ENVIRONMENT, "GIT_NO_LAZY_FETCH")
    with pytest.raises(Unavailable):
        export(repository, "main", target)
    assert not proof.exists()


def test_a_submodule_is_left_empty_with_a_notice(
    repository: Repository, target: Path, tmp_path: Path
) -> None:
    """Its directory is there, as after a plain checkout."""
    other = type(repository)(tmp_path / "other")
    other.commit({"inner": ""})
    repository.git("submodule", "--quiet", "add", str(other.root), "sub")
    repository.commit({})
    outcome = export_commit(str(repository.root), "main", str(target))
    assert [notice.code for notice in outcome.notices] == ["submodule"]
    assert os.listdir(target / "sub") == []


@pytest.mark.parametrize("ref", ["mian", "-x", "--help", "HEAD~1", "main:a", "@{-1}", "a b", ""])
def test_an_unknown_ref_names_those_there_are(
    repository: Repository, target: Path, ref: str
) -> None:
    """Expressions and options are not refs."""
    repository.commit({"a": ""})
    repository.commit({"a": "2"})
    with pytest.raises(InvalidInput, match="main") as caught:
        export(repository, ref, target)
    assert [problem.code for problem in caught.value.problems] == ["unknown-ref"]
    assert os.listdir(target) == []


@pytest.mark.parametrize("name", [b"..", b".git", b".GIT", b"."])
def test_a_commit_with_hostile_names_is_refused(
    repository: Repository, target: Path, name: bytes
) -> None:
    """A tree object made by hand can hold what `git add` would refuse."""
    repository.commit({"a": ""})
    blob = repository.git("hash-object", "-w", str(repository.root / "a"))
    inner = b"100644 x\0" + bytes.fromhex(blob)
    tree = _store(repository, inner)
    outer = _store(repository, b"40000 " + name + b"\0" + bytes.fromhex(tree))
    commit = repository.git("commit-tree", outer, "-m", "evil")
    with pytest.raises(Denied) as caught:
        export(repository, commit, target)
    assert [problem.code for problem in caught.value.problems] == ["unsafe-path"]
    assert os.listdir(target) == []


def test_outside_of_git_it_fails_clearly(tmp_path: Path, target: Path) -> None:
    """A library's error never crosses the folder."""
    with pytest.raises(RunnerError, match="cannot be checked out"):
        export_commit(str(tmp_path), "main", str(target))


def _store(repository: Repository, tree: bytes) -> str:
    command = ("git", "-C", str(repository.root), "hash-object", "-t", "tree", "-w", "--literally")
    outcome = subprocess.run((*command, "--stdin"), input=tree, check=True, capture_output=True)
    return outcome.stdout.decode().strip()
