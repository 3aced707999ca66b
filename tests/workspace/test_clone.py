"""A job's own copy, and its end."""

from __future__ import annotations

import errno
import os
import socket
import stat
from typing import TYPE_CHECKING, NoReturn

import pytest

from runner.errors import Unavailable
from runner.workspace.clone import clone_tree, discard_tree
from runner.workspace.contents import copy_contents
from runner.workspace.listing import list_files
from runner.workspace.snapshot import take_snapshot

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Make a tree with files, links and modes."""
    root = tmp_path / "source"
    (root / "a/b").mkdir(parents=True)
    (root / "a/b/data").write_bytes(bytes(range(256)) * 1000)
    (root / "empty").touch()
    (root / "run.sh").write_text("#!/bin/sh\n")
    (root / "run.sh").chmod(0o700)
    (root / "a/out").symlink_to("/etc/passwd")
    (root / "a/in").symlink_to("b/data")
    os.utime(root / "run.sh", ns=(1, 1_234_567_890_123_456_789))
    return root


def clone(source: Path, target: Path) -> None:
    """Clone all that `source` holds."""
    clone_tree(str(source), str(target), list_files(str(source)).files)


def test_copies_contents_times_and_executability(source: Path, tmp_path: Path) -> None:
    """The copy reads the same; its modes are the umask's apart from the owner's x."""
    target = tmp_path / "target"
    clone(source, target)
    assert (source / "a/b/data").read_bytes() == (target / "a/b/data").read_bytes()
    assert (target / "empty").read_bytes() == b""
    assert (target / "run.sh").stat().st_mtime_ns == 1_234_567_890_123_456_789
    assert os.access(target / "run.sh", os.X_OK)
    assert not (target / "empty").stat().st_mode & stat.S_IXUSR


def test_reports_what_was_copied(source: Path, tmp_path: Path) -> None:
    """Files and links are counted, with their sizes."""
    outcome = clone_tree(str(source), str(tmp_path / "t"), ["a/b/data", "a/in", "gone"])
    assert outcome == (2, 256_000 + len("b/data"), ())


def test_recreates_links_and_follows_none(source: Path, tmp_path: Path) -> None:
    """A link in the copy points where it pointed; nothing of its target is read."""
    target = tmp_path / "target"
    clone(source, target)
    assert os.readlink(target / "a/out") == "/etc/passwd"
    assert os.readlink(target / "a/in") == "b/data"


def test_writing_to_the_copy_leaves_the_source(source: Path, tmp_path: Path) -> None:
    """No hard link: a guest's write never reaches the source."""
    target = tmp_path / "target"
    clone(source, target)
    with open(target / "a/b/data", "r+b") as stream:
        stream.write(b"changed")
    assert (source / "a/b/data").read_bytes()[:3] == b"\0\1\2"
    assert (target / "run.sh").stat().st_nlink == 1


def test_leaves_out_what_is_gone_or_behind_a_link(source: Path, tmp_path: Path) -> None:
    """A tracked file that was deleted, or whose directory became a link, is not there."""
    (source / "link").symlink_to("a")
    target = tmp_path / "target"
    outcome = clone_tree(
        str(source), str(target), ["gone", "no/where", "link", "link/b/data", "a", "empty/x"]
    )
    assert outcome == (1, 1, ())
    assert os.listdir(target) == ["link"]


def test_special_files_are_named_and_left_out(source: Path, tmp_path: Path) -> None:
    """A pipe does not block, a socket does not fail; both are notices."""
    os.mkfifo(source / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(source / "socket"))
        outcome = clone_tree(str(source), str(tmp_path / "t"), ["pipe", "socket", "run.sh"])
    assert outcome.files == 1
    assert [notice.code for notice in outcome.notices] == ["special-file", "special-file"]
    assert "`pipe`" in outcome.notices[0].message


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "a/../../x"])
def test_refuses_paths_that_lead_out(source: Path, tmp_path: Path, path: str) -> None:
    """A listing that names something outside copies nothing of it."""
    with pytest.raises(Unavailable) as caught:
        clone_tree(str(source), str(tmp_path / "target"), [path])
    assert [problem.code for problem in caught.value.problems] == ["clone-failed"]


def test_refuses_an_existing_target(source: Path, tmp_path: Path) -> None:
    """A copy is always a fresh one."""
    with pytest.raises(Unavailable, match="File exists"):
        clone_tree(str(source), str(tmp_path), [])


def test_copies_where_the_kernel_cannot(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Across file systems, where copy_file_range is refused, the content still arrives."""

    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.EXDEV, "across file systems")

    monkeypatch.setattr(os, "copy_file_range", refuse)
    clone(source, tmp_path / "target")
    assert (source / "a/b/data").read_bytes() == (tmp_path / "target/a/b/data").read_bytes()


def test_copies_the_rest_where_the_kernel_stops_early(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short copy is carried on by the other way."""
    real = os.copy_file_range
    calls: list[int] = []

    def once(origin: int, target: int, count: int, *places: int) -> int:
        calls.append(count)
        return real(origin, target, 1000, *places) if len(calls) == 1 else 0

    monkeypatch.setattr(os, "copy_file_range", once)
    clone_tree(str(source), str(tmp_path / "target"), ["a/b/data"])
    assert (source / "a/b/data").read_bytes() == (tmp_path / "target/a/b/data").read_bytes()


def test_holes_stay_holes(tmp_path: Path) -> None:
    """A file that claims a terabyte costs what it holds: in front, amidst, and not at the end."""
    source, target = tmp_path / "source", tmp_path / "target"
    with source.open("wb") as file:
        file.write(b"front")
        file.seek(1 << 39)
        file.write(b"amidst")
        file.truncate(1 << 40)
    with source.open("rb") as origin, target.open("wb") as place:
        assert copy_contents(origin.fileno(), place.fileno(), 1 << 40) == 1 << 40
    found = target.stat()
    assert (found.st_size, found.st_blocks < 1000) == (1 << 40, True)
    with target.open("rb") as file:
        assert file.read(6) == b"front\0"
        file.seek(1 << 39)
        assert file.read(7) == b"amidst\0"


def test_a_file_that_shrank_is_copied_as_it_is(source: Path, tmp_path: Path) -> None:
    """Fewer bytes than announced end the copy."""
    with open(source / "run.sh", "rb") as origin, open(tmp_path / "copy", "wb") as target:
        assert copy_contents(origin.fileno(), target.fileno(), 1 << 20) == 10


def test_ten_thousand_files(tmp_path: Path) -> None:
    """A large tree arrives whole."""
    source = tmp_path / "source"
    for number in range(100):
        directory = source / f"d{number}"
        directory.mkdir(parents=True)
        for serial in range(100):
            if number or serial:
                os.link(source / "d0/f0", directory / f"f{serial}")
            else:
                (directory / "f0").write_text("shared")
    clone(source, tmp_path / "target")
    assert len(take_snapshot(str(tmp_path / "target")).entries) == 10_000


def test_discards_a_tree_and_spares_what_links_point_at(source: Path, tmp_path: Path) -> None:
    """Links are removed, not followed; nothing there is no error."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").touch()
    (source / "a/b/link").symlink_to(tmp_path / "kept")
    discard_tree(str(source))
    discard_tree(str(source))
    assert sorted(os.listdir(tmp_path)) == ["home", "kept"]
    assert os.listdir(tmp_path / "kept") == ["file"]


def test_discards_a_tree_of_any_depth(tmp_path: Path) -> None:
    """Deeper than a path is long and than Python recurses."""
    top = tmp_path / "deep"
    top.mkdir()
    directory = os.open(top, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("ddd", dir_fd=directory)
        os.close(os.open("file", os.O_CREAT, dir_fd=directory))
        deeper = os.open("ddd", os.O_RDONLY, dir_fd=directory)
        os.close(directory)
        directory = deeper
    os.close(directory)
    discard_tree(str(top))
    assert not top.exists()


def test_discards_what_looks_like_its_own_names(tmp_path: Path) -> None:
    """A guest that foresees the names used meanwhile gains nothing."""
    top = tmp_path / "top"
    (top / "a/full/x").mkdir(parents=True)
    (top / ".discarded-1/full/x").mkdir(parents=True)
    (top / ".discarded-2").touch()
    discard_tree(str(top), keep_root=True)
    assert os.listdir(top) == []
