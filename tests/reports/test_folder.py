"""Files of a run stay where the host put them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.reports.folder import Folder

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """The old file is gone only when the new one is complete; nothing else is left."""
    (tmp_path / "report").write_text("old and long")
    folder = Folder(str(tmp_path))
    folder.replace("report", b"new")
    folder.close()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("report", "new")]


def test_a_folder_that_is_swapped_for_a_link_is_not_followed(tmp_path: Path) -> None:
    """What a guest makes of the name later does not matter: the folder is held open."""
    (tmp_path / "run").mkdir()
    (tmp_path / "elsewhere").mkdir()
    folder = Folder(str(tmp_path / "run"))
    (tmp_path / "run").rename(tmp_path / "moved")
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    folder.replace("report", b"text")
    folder.close()
    assert (tmp_path / "moved" / "report").read_text() == "text"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_links_are_not_entered(tmp_path: Path) -> None:
    """A link in place of a folder is refused, at the top and below."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(OSError, match="link"):
        Folder(str(tmp_path / "link"))
    folder = Folder(str(tmp_path))
    with pytest.raises(OSError, match="link"):
        folder.enter("link")
    folder.close()


def test_a_link_in_place_of_a_new_file_is_not_written_through(tmp_path: Path) -> None:
    """A planted link makes the report fail, and its target stays as it was."""
    (tmp_path / "target").write_text("precious")
    (tmp_path / "report").symlink_to(tmp_path / "target")
    folder = Folder(str(tmp_path))
    with pytest.raises(FileExistsError):
        folder.create("report")
    folder.replace("report", b"text")
    folder.close()
    assert (tmp_path / "target").read_text() == "precious"
    assert not (tmp_path / "report").is_symlink()
