"""Which files each step changed."""

from __future__ import annotations

import hashlib
import os
import threading
from typing import TYPE_CHECKING

import pytest

from runner.errors import Denied
from runner.workspace import digests, snapshot
from runner.workspace.clone import clone_tree
from runner.workspace.ledger import Ledger
from runner.workspace.snapshot import take_snapshot

if TYPE_CHECKING:
    from pathlib import Path


def sha(text: str) -> str:
    """Return the digest that a file with this content has."""
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Make a source tree."""
    root = tmp_path / "source"
    (root / "d").mkdir(parents=True)
    (root / "a").write_text("one")
    (root / "d/b").write_text("two")
    (root / "link").symlink_to("a")
    return root


@pytest.fixture(params=["clone", "in place"])
def tree(request: pytest.FixtureRequest, source: Path, tmp_path: Path) -> tuple[Path, Ledger]:
    """Work on a clone, and in place."""
    if request.param == "in place":
        return source, Ledger(str(source))
    target = tmp_path / "target"
    clone_tree(str(source), str(target), ["a", "d/b", "link"])
    return target, Ledger(str(target), source=str(source))


def test_nothing_changed(tree: tuple[Path, Ledger]) -> None:
    """A step that wrote nothing changed nothing, however often one asks."""
    _, ledger = tree
    assert ledger.record() == ()
    assert ledger.record() == ()


def test_each_kind_of_change(tree: tuple[Path, Ledger]) -> None:
    """Added, modified and removed files come sorted, with size and both digests."""
    root, ledger = tree
    (root / "a").write_text("three")
    (root / "d/b").unlink()
    (root / "d/c").write_text("new")
    assert ledger.record() == (
        ("modified", "a", 5, sha("one"), sha("three")),
        ("removed", "d/b", 3, sha("two"), ""),
        ("added", "d/c", 3, "", sha("new")),
    )
    assert ledger.record() == ()


def test_each_step_is_compared_with_the_one_before(tree: tuple[Path, Ledger]) -> None:
    """What one step left is what the next one found."""
    root, ledger = tree
    (root / "a").write_text("second")
    (root / "n").write_text("n")
    ledger.record()
    (root / "a").write_text("third")
    (root / "n").unlink()
    assert ledger.record() == (
        ("modified", "a", 5, sha("second"), sha("third")),
        ("removed", "n", 1, sha("n"), ""),
    )


def test_the_same_content_is_no_change(tree: tuple[Path, Ledger]) -> None:
    """Touched, rewritten or replaced by an equal file: the content decides."""
    root, ledger = tree
    os.utime(root / "a")
    (root / "d/b").unlink()
    (root / "d/b").write_text("two")
    (root / "link").unlink()
    (root / "link").symlink_to("a")
    assert ledger.record() == ()


def test_a_forged_mtime_hides_nothing(tree: tuple[Path, Ledger]) -> None:
    """Same size, same mtime, same inode, written at once: still seen."""
    root, ledger = tree
    for text in ("two", "six", "ten"):
        ledger.record()
        times = (root / "a").stat()
        before = (root / "a").read_text()
        (root / "a").write_text(text)
        os.utime(root / "a", ns=(times.st_atime_ns, times.st_mtime_ns))
        assert ledger.record() == (("modified", "a", 3, sha(before), sha(text)),)


def test_links_are_compared_by_target_and_never_followed(tree: tuple[Path, Ledger]) -> None:
    """A link that leads out is recorded as the text it holds."""
    root, ledger = tree
    (root / "link").unlink()
    (root / "link").symlink_to("/etc/passwd")
    (root / "d/b").unlink()
    (root / "d/b").symlink_to("two")
    assert ledger.record() == (
        ("modified", "d/b", 3, sha("two"), sha("two")),
        ("modified", "link", 11, sha("a"), sha("/etc/passwd")),
    )


def test_a_directory_that_became_a_link(tree: tuple[Path, Ledger]) -> None:
    """What lay in it is gone; what lies behind the link is not looked at."""
    root, ledger = tree
    (root / "d/b").unlink()
    (root / "d").rmdir()
    (root / "d").symlink_to(root.parent)
    assert [change[:2] for change in ledger.record()] == [("added", "d"), ("removed", "d/b")]


def test_directories_are_not_changes(tree: tuple[Path, Ledger]) -> None:
    """An empty directory leaves no trace, as in git."""
    root, ledger = tree
    (root / "empty/deeper").mkdir(parents=True)
    assert ledger.record() == ()


def test_the_repository_and_the_runs_are_not_watched_in_place(source: Path) -> None:
    """`.git` and `.runner` change by our own doing."""
    ledger = Ledger(str(source))
    (source / ".runner").mkdir()
    (source / ".runner/journal").touch()
    (source / "d/.git").touch()
    assert ledger.record() == ()


def test_an_original_changed_by_others_is_unknown(source: Path, tmp_path: Path) -> None:
    """A digest that would be another file's is left empty instead."""
    target = tmp_path / "target"
    clone_tree(str(source), str(target), ["a", "d/b"])
    ledger = Ledger(str(target), source=str(source))
    (source / "a").write_text("somebody else")
    (source / "d/b").unlink()
    assert ledger.record() == ()
    (target / "a").write_text("step")
    (target / "d/b").write_text("step")
    befores = {change.path: change.before for change in ledger.record()}
    assert set(befores) == {"a", "d/b"}
    assert set(befores.values()) <= {"", sha("one"), sha("two")}


def test_what_is_too_large_is_not_hashed(source: Path, tmp_path: Path) -> None:
    """A sparse file of any size costs nothing; it is reported without a digest."""
    target = tmp_path / "target"
    clone_tree(str(source), str(target), ["a"])
    ledger = Ledger(str(target), source=str(source))
    with open(target / "huge", "wb") as stream:
        stream.truncate(digests.MAX_HASHED + 1)
    assert ledger.record() == (("added", "huge", digests.MAX_HASHED + 1, "", ""),)
    assert ledger.record() == ()
    with open(target / "huge", "r+b") as stream:
        stream.write(b"x")
    assert ledger.record() == (("modified", "huge", digests.MAX_HASHED + 1, "", ""),)


def test_hashing_ends_with_its_budget(tmp_path: Path) -> None:
    """Many files together are bounded as one file is."""
    (tmp_path / "n1").write_text("ab")
    (tmp_path / "n2").write_text("cd")
    entries = take_snapshot(str(tmp_path)).entries
    with digests.Digester(str(tmp_path), budget=3) as tree:
        assert tree.digest("n1", entries["n1"]) == sha("ab")
        assert not tree.digest("n2", entries["n2"])


def test_names_that_are_not_unicode_are_escaped(tree: tuple[Path, Ledger]) -> None:
    """The record holds text that any report can write."""
    root, ledger = tree
    (root / os.fsdecode(b"\xff")).touch()
    assert [change.path for change in ledger.record()] == ["\\xff"]


def test_a_pipe_is_reported_without_a_digest(tree: tuple[Path, Ledger]) -> None:
    """It is neither opened nor waited for."""
    root, ledger = tree
    os.mkfifo(root / "pipe")
    assert ledger.record() == (("added", "pipe", 0, "", ""),)


def test_too_many_files_are_refused(
    tree: tuple[Path, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files and directories count alike; the next look works again."""
    root, ledger = tree
    with monkeypatch.context() as limits:
        limits.setattr(snapshot, "MAX_ENTRIES", 4)
        for number in range(5):
            (root / f"f{number}").touch()
        with pytest.raises(Denied, match="more than 4 files"):
            ledger.record()
        for number in range(5):
            (root / f"f{number}").unlink()
            (root / f"f{number}").mkdir()
        with pytest.raises(Denied, match="more than 4 directories"):
            ledger.record()
    assert ledger.record() == ()


def test_too_deep_a_tree_is_refused(tree: tuple[Path, Ledger]) -> None:
    """The scan holds a descriptor per level and does not run out of them."""
    root, ledger = tree
    (root / "/".join("d" * (snapshot.MAX_DEPTH + 1))).mkdir(parents=True)
    with pytest.raises(Denied) as caught:
        ledger.record()
    assert [problem.code for problem in caught.value.problems] == ["tree-too-deep"]


def test_a_scan_survives_a_changing_tree(tmp_path: Path) -> None:
    """Directories that come, go and turn into links make no error and lead nowhere."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").touch()
    root = tmp_path / "root"
    root.mkdir()
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            (root / "d").mkdir()
            (root / "d/f").touch()
            (root / "d/f").unlink()
            (root / "d").rmdir()
            (root / "d").symlink_to(tmp_path / "outside")
            (root / "d").unlink()

    changer = threading.Thread(target=change)
    changer.start()
    try:
        seen = {path for _ in range(300) for path in take_snapshot(str(root)).entries}
    finally:
        stop.set()
        changer.join()
    assert seen <= {"d", "d/f"}


def test_a_scan_leaks_no_descriptor(source: Path) -> None:
    """Every directory is closed again."""
    before = len(os.listdir("/proc/self/fd"))
    Ledger(str(source)).record()
    assert before == len(os.listdir("/proc/self/fd"))
