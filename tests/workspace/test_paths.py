"""What may be named and opened below a hostile tree."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import InvalidInput
from runner.workspace import paths

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEGMENTS = st.sampled_from(["", ".", "..", "a", "b.c", "…", "\0", "\udc80", "a\\b"])


@pytest.fixture(params=["openat2", "walk"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Choose the system call, or the walk of a kernel that lacks it."""
    if request.param == "walk":

        def missing() -> Callable[[int, bytes, int], tuple[int, int]]:
            return lambda _root, _name, _flags: (errno.ENOSYS, -1)

        monkeypatch.setattr(paths, "_openat2", missing)
    return str(request.param)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Make a tree with links of all kinds, and a secret beside it."""
    root = tmp_path / "root"
    (root / "a/b").mkdir(parents=True)
    (root / "a/b/file").write_text("inside")
    (tmp_path / "secret").write_text("outside")
    (root / "absolute").symlink_to(tmp_path)
    (root / "relative").symlink_to("../secret")
    (root / "inner").symlink_to("a")
    (root / "magic").symlink_to("/proc/self/cwd")
    return root


@pytest.mark.parametrize(
    ("given_path", "expected"),
    [("a/b", "a/b"), ("./a//b/", "a/b"), ("", "."), (".", "."), ("a\\b", "a\\b"), ("…", "…")],
)
def test_normalise_drops_what_means_nothing(given_path: str, expected: str) -> None:
    """Empty and `.` segments go; the tree itself is `.`."""
    assert expected == paths.normalise(given_path)


@pytest.mark.parametrize("path", ["/etc", "..", "a/../b", "a/..", "a\0b", "a\udc80", "\ud800"])
def test_normalise_refuses_what_could_leave_the_tree(path: str) -> None:
    """Each unsafe form is the user's error, under one code, with a printable message."""
    with pytest.raises(InvalidInput) as caught:
        paths.normalise(path)
    (problem,) = caught.value.problems
    assert problem.code == "unsafe-path"
    assert problem.message.isprintable()


@given(st.lists(SEGMENTS, max_size=6).map("/".join))
def test_normalise_is_stable_and_safe(path: str) -> None:
    """Whatever is accepted is relative, free of `..`, and normal already."""
    try:
        result = paths.normalise(path)
    except InvalidInput:
        return
    assert result == paths.normalise(result)
    assert not result.startswith("/")
    assert ".." not in result.split("/")


@pytest.mark.usefixtures("way")
def test_opens_what_lies_beneath(tree: Path) -> None:
    """A plain file is opened from a root given as path or as descriptor, close-on-exec."""
    root = os.open(tree, os.O_PATH)
    for place in (str(tree), root):
        opened = paths.open_beneath(place, "./a//b/file", flags=os.O_RDONLY)
        assert os.read(opened, 99) == b"inside"
        assert not os.get_inheritable(opened)
        os.close(opened)
    os.close(root)


@pytest.mark.usefixtures("way")
def test_opens_the_root_itself(tree: Path) -> None:
    """`.` and the empty path name the root."""
    for name in (".", ""):
        opened = paths.open_beneath(str(tree), name)
        assert os.fstat(opened).st_ino == tree.stat().st_ino
        os.close(opened)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("absolute", errno.ELOOP),
        ("absolute/secret", errno.ELOOP),
        ("relative", errno.ELOOP),
        ("inner", errno.ELOOP),
        ("inner/b/file", errno.ELOOP),
        ("magic", errno.ELOOP),
        ("../secret", errno.EXDEV),
        ("a/../a", errno.EXDEV),
        ("/etc/passwd", errno.EXDEV),
        ("a\0b", errno.EINVAL),
        ("\ud800", errno.EILSEQ),
        ("missing", errno.ENOENT),
        ("a/b/file/x", errno.ENOTDIR),
    ],
)
@pytest.mark.parametrize("flags", [os.O_PATH, os.O_RDONLY, os.O_PATH | os.O_DIRECTORY])
def test_refuses_links_and_ways_out(tree: Path, name: str, code: int, flags: int) -> None:
    """A link anywhere in the path, or a way out, is an OSError that names the path."""
    with pytest.raises(OSError, match=r"\[Errno") as caught:
        paths.open_beneath(str(tree), name, flags=flags)
    assert code == caught.value.errno
    assert name == caught.value.filename


@pytest.mark.usefixtures("way")
def test_opens_a_link_as_itself_on_demand(tree: Path) -> None:
    """O_PATH with O_NOFOLLOW gives the link, not what it points at."""
    opened = paths.open_beneath(str(tree), "absolute", flags=os.O_PATH | os.O_NOFOLLOW)
    assert os.readlink("", dir_fd=opened) == str(tree.parent)
    os.close(opened)


@pytest.mark.usefixtures("way")
def test_leaks_no_descriptor(tree: Path) -> None:
    """Neither success nor refusal leaves a descriptor open."""
    before = os.listdir("/proc/self/fd")
    for name in ("a/b/file", "inner/b", "missing", "a/b/file/x"):
        try:
            os.close(paths.open_beneath(str(tree), name))
        except OSError:
            continue
    assert before == os.listdir("/proc/self/fd")


@pytest.mark.usefixtures("way")
def test_a_directory_swapped_for_a_link_is_never_followed(tree: Path) -> None:
    """While a directory and a link trade places, an open yields the inside or nothing."""
    (tree / "swap").mkdir()
    (tree / "swap/secret").write_text("inside")
    (tree / "link").symlink_to(tree.parent)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            os.rename(tree / "swap", tree / "aside")
            os.rename(tree / "link", tree / "swap")
            os.rename(tree / "swap", tree / "link")
            os.rename(tree / "aside", tree / "swap")

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        for _ in range(300):
            try:
                opened = paths.open_beneath(str(tree), "swap/secret", flags=os.O_RDONLY)
            except OSError as error:
                assert error.errno in {errno.ELOOP, errno.ENOENT}  # noqa: PT017 - one of two ends
                continue
            assert os.read(opened, 99) == b"inside"
            os.close(opened)
    finally:
        stop.set()
        swapper.join()


def test_make_directories_creates_and_reuses(tree: Path) -> None:
    """Missing directories appear, existing ones are kept, the last one is returned."""
    root = os.open(tree, os.O_RDONLY)
    for _ in range(2):
        made = paths.make_directories(root, "a/new/deep")
        assert os.fstat(made).st_ino == (tree / "a/new/deep").stat().st_ino
        os.close(made)
    os.close(root)


@pytest.mark.parametrize(
    ("name", "code"),
    [("absolute/x", errno.ELOOP), ("relative/x", errno.ELOOP), ("a/b/file/x", errno.ENOTDIR)],
)
def test_make_directories_follows_no_link(tree: Path, name: str, code: int) -> None:
    """Nothing is created behind a planted link."""
    before = sorted(os.listdir(tree.parent))
    root = os.open(tree, os.O_RDONLY)
    with pytest.raises(OSError, match=r"\[Errno") as caught:
        paths.make_directories(root, name)
    os.close(root)
    assert code == caught.value.errno
    assert before == sorted(os.listdir(tree.parent))


def test_find_link_names_the_link_on_the_way(tree: Path) -> None:
    """The first link and its target are named; a path without links has none."""
    root = os.open(tree, os.O_RDONLY)
    assert paths.find_link(root, "inner/b/file") == ("inner", "a")
    assert paths.find_link(root, "relative") == ("relative", "../secret")
    assert paths.find_link(root, "a/b/file") is None
    assert paths.find_link(root, "missing/x") is None
    os.close(root)


def test_open_directory_lists_and_follows_no_link(tree: Path) -> None:
    """A directory is opened for reading; a link to one is refused with ELOOP."""
    root = os.open(tree, os.O_RDONLY)
    opened = paths.open_directory(root, "a/b")
    assert os.listdir(opened) == ["file"]
    os.close(opened)
    for name in ("inner", "inner/b", "absolute"):
        with pytest.raises(OSError, match=r"\[Errno 40\]"):
            paths.open_directory(root, name)
    os.close(root)
