"""Some files of a tree by themselves, and what was done to them done to the tree."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from runner.errors import Unavailable
from runner.workspace.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = ("a/x.md", "a/deep/y.md", "b.md")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (*FILES, "a/other.txt"):
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "tree"


@pytest.fixture
def view(tree: Path) -> Iterator[View]:
    made = View(str(tree), str(tree.parent / "view"), FILES, folders=["empty/in"], is_writable=True)
    yield made
    made.discard()


def _names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_files_are_there_and_no_others(tree: Path, view: View) -> None:
    """With the folders that were asked for; nothing changes while nothing is done."""
    copies = tree.parent / "view"
    assert _names(copies) == sorted(FILES)
    assert (copies / "empty/in").is_dir()
    assert view.take_over(lambda _: True) == []
    assert _names(tree) == sorted((*FILES, "a/other.txt"))


def test_what_is_only_read_has_a_second_name(tree: Path) -> None:
    """The same files, links as links, nothing that is gone; going leaves them as they were."""
    (tree / "a/link.md").symlink_to("x.md")
    os.mkfifo(tree / "a/pipe.md")
    files = sorted([*FILES, "a/link.md", "a/pipe.md", "a/gone.md", "gone/x.md"])
    copies = tree.parent / "view"
    made = View(str(tree), str(copies), files, folders=["empty"], is_writable=False)
    assert _names(copies) == sorted([*FILES, "a/link.md"])
    assert (copies / "a/x.md").samefile(tree / "a/x.md")
    assert os.readlink(copies / "a/link.md") == "x.md"
    assert made.take_over(lambda _: True) == []
    made.discard()
    assert not copies.exists()
    assert (tree / "a/x.md").read_text() == "a/x.md"
    assert (tree / "a/x.md").stat().st_nlink == 1


def test_what_was_done_is_done_to_the_tree(tree: Path, view: View) -> None:
    """Changed, new, removed; a folder that is gone goes, if nothing else is in it."""
    copies = tree.parent / "view"
    (copies / "b.md").write_text("changed")
    (copies / "new/z.md").parent.mkdir()
    (copies / "new/z.md").write_text("new")
    shutil.rmtree(copies / "a")
    assert view.take_over(lambda _: True) == []
    assert _names(tree) == ["a/other.txt", "b.md", "new/z.md"]
    assert (tree / "b.md").read_text() == "changed"
    assert not (tree / "a/deep").exists()


def test_files_and_folders_may_change_places(tree: Path, view: View) -> None:
    """A folder becomes a file, and a file a folder."""
    copies = tree.parent / "view"
    shutil.rmtree(copies / "a/deep")
    (copies / "a/deep").write_text("a file now")
    (copies / "b.md").unlink()
    (copies / "b.md").mkdir()
    (copies / "b.md/in").write_text("a folder now")
    assert view.take_over(lambda _: True) == []
    assert (tree / "a/deep").read_text() == "a file now"
    assert (tree / "b.md/in").read_text() == "a folder now"


def test_what_is_not_allowed_is_named_and_left(tree: Path, view: View) -> None:
    """In order of path."""
    copies = tree.parent / "view"
    for name in ("b.md", "a/x.md"):
        (copies / name).write_text("changed")
    (copies / "a/deep/y.md").unlink()
    assert view.take_over(lambda path: path == "b.md") == ["a/deep/y.md", "a/x.md"]
    assert (tree / "a/x.md").read_text() == "a/x.md"
    assert (tree / "a/deep/y.md").exists()


def test_nothing_is_written_through_links(tree: Path, view: View) -> None:
    """A planted link is refused on the way to a file, and replaced in the place of one."""
    outside = tree.parent / "outside"
    outside.mkdir()
    (outside / "x.md").write_text("mine")
    copies = tree.parent / "view"
    (tree / "b.md").unlink()
    (tree / "b.md").symlink_to(outside / "x.md")
    (copies / "b.md").write_text("changed")
    assert view.take_over(lambda _: True) == []
    assert (tree / "b.md").read_text() == "changed"
    assert not (tree / "b.md").is_symlink()
    shutil.rmtree(tree / "a")
    (tree / "a").symlink_to(outside)
    (copies / "a/x.md").write_text("changed")
    with pytest.raises(Unavailable, match="cannot be written"):
        view.take_over(lambda _: True)
    assert (outside / "x.md").read_text() == "mine"
    (copies / "a/deep/y.md").unlink()
    view.take_over(lambda _: True)
    assert os.listdir(outside) == ["x.md"]


def test_a_folder_in_the_way_is_told(tree: Path, view: View) -> None:
    """It is not emptied for a file's sake."""
    copies = tree.parent / "view"
    (tree / "new").mkdir()
    (tree / "new/kept").write_text("kept")
    (copies / "new").write_text("a file")
    with pytest.raises(Unavailable, match="`new` cannot be written"):
        view.take_over(lambda _: True)
    assert (tree / "new/kept").read_text() == "kept"
    assert os.listdir(tree / "new") == ["kept"]
    assert not [name for name in os.listdir(tree) if name.endswith(".new")]
