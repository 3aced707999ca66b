"""Plugins found in folders, and kept as the folders say."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from runner import ManagerEvent, ScanReport
from tests.plugins.manager.conftest import compiled, describe
from tests.sandbox import wat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.manager.conftest import MakeManager


def put(folder: Path, said: str, version: str = "1.0.0", *, name: str = "test/plugin") -> Path:
    """Write a plugin as a build does: the module, then the manifest, each renamed into place."""
    folder.mkdir(exist_ok=True)
    for file, content in (
        ("plugin.wasm", compiled(wat.say((1, said)))),
        ("step.yml", describe(version, name=name).encode()),
    ):
        (folder / f".{file}").write_bytes(content)
        os.replace(folder / f".{file}", folder / file)
    return folder


def test_folders_are_followed(make_manager: MakeManager, tmp_path: Path) -> None:
    """What is new is loaded, what changed reloaded, what is gone unloaded; the rest untouched."""
    put(tmp_path / "a", "one", name="test/a")
    put(tmp_path / "b", "two", name="test/b")
    (tmp_path / "no-plugin").mkdir()
    manager = make_manager(folders=(str(tmp_path),))
    assert [one.id for one in manager.list()] == ["test/a", "test/b"]
    assert manager.scan() == ScanReport()
    put(tmp_path / "a", "uno", "1.1.0", name="test/a")
    put(tmp_path / "c", "three", name="test/c")
    os.replace(tmp_path / "b", tmp_path / "no-plugin" / "b")
    assert manager.scan() == ScanReport(("test/c",), ("test/a",), ("test/b",))
    assert manager.execute("test/a").lines == ("uno",)
    assert manager.status("test/a").reloads == 1
    put(tmp_path / "c", "four", name="test/d")
    assert manager.scan() == ScanReport(("test/d",), (), ("test/c",))


def test_a_broken_plugin_harms_no_other(make_manager: MakeManager, tmp_path: Path) -> None:
    """It is reported until it is mended, and its last good version goes on."""
    events: list[ManagerEvent] = []
    put(tmp_path / "a", "good", name="test/a")
    put(tmp_path / "b", "new", name="test/b")
    (tmp_path / "b" / "plugin.wasm").write_bytes(b"half a mod")
    manager = make_manager(folders=(str(tmp_path), "/no/such"), on_event=events.append)
    assert [one.id for one in manager.list()] == ["test/a"]
    codes = [problem.code for problem in manager.problems]
    assert codes == ["discovery-folder", "module.invalid"]
    assert [event.kind for event in events] == ["loaded", "refused"]
    put(tmp_path / "a", "worse", "2.0.0", name="test/a")
    put(tmp_path / "b", "new", name="test/b")
    report = manager.scan()
    assert report.loaded == ("test/b",)
    assert [problem.code for problem in report.problems] == ["discovery-folder", "reload-version"]
    assert manager.execute("test/a").lines == ("good",)
    assert manager.scan().problems == report.problems == manager.problems
    assert [event.kind for event in events][2:4] == ["refused", "loaded"]


def test_plugins_of_other_applications_are_passed_over(
    make_manager: MakeManager, tmp_path: Path
) -> None:
    """With `kinds`, a folder may hold plugins for somebody else."""
    put(tmp_path / "a", "one")
    manager = make_manager(folders=(str(tmp_path),), kinds=("function",))
    assert (manager.list(), manager.problems) == ((), ())


def test_hot_reload(make_manager: MakeManager, tmp_path: Path) -> None:
    """A watched folder's new version is there without anybody asking."""
    seen = {kind: threading.Event() for kind in ("loaded", "reloaded", "unloaded")}

    def observe(event: ManagerEvent) -> None:
        if event.kind in seen:
            seen[event.kind].set()

    manager = make_manager(
        folders=(str(tmp_path),), is_hot_reload=True, interval=0.02, on_event=observe
    )
    put(tmp_path / "a", "one")
    assert seen["loaded"].wait(60)
    assert manager.execute("test/plugin").lines == ("one",)
    put(tmp_path / "a", "two", "1.0.1")
    assert seen["reloaded"].wait(60)
    (tmp_path / "a" / "step.yml").unlink()
    assert seen["unloaded"].wait(60)
    manager.close()
    assert "runner-plugins" not in {thread.name for thread in threading.enumerate()}
