"""Attempts to break out by the libraries of C and Go, which take paths apart in their own ways."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from runner.sandbox.sandbox import Sandbox
from tests.sandbox import built
from tests.sandbox.test_permissions import Actor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OUTSIDE = (
    "/etc/passwd",
    "//etc/passwd",
    "/../etc/passwd",
    "/./../etc/passwd",
    "/workspace/../etc/passwd",
    "/workspace/out/../../../../../../etc/passwd",
    "../../../../etc/passwd",
    "/proc/self/environ",
    "/proc/self/maps",
    "/proc/1/cmdline",
    "/proc/self/fd/3",
    "/dev/fd/3",
    "/dev/zero",
    "/dev/tty",
    "/sys/kernel/notes",
    "/workspace/secret/file",
    "/workspace/./secret/file",
    "/workspace//secret//file",
    "/workspace/src/../secret/file",
    "/workspace/out/../secret/file",
    "/workspace/out/door/secret/file",
    "/workspace/out/door/../secret/file",
    "/workspace/out/planted",
    "secret/file",
    "src/../secret/file",
)
_READ_ONLY = (
    "/workspace/src/file",
    "/workspace/src/new",
    "/workspace/./src/file",
    "/workspace//src/new",
    "/workspace/out/../src/file",
    "/workspace/out/door/src/file",
    "/workspace/src/../src/new",
    "src/file",
    "./src/new",
    "/workspace/new",
    "/new",
)


@pytest.fixture(scope="module")
def machine() -> Iterator[Sandbox]:
    with Sandbox(cache=str(built.cache() / "compiled")) as sandbox:
        yield sandbox


@pytest.fixture(params=["c", "go"])
def actor(request: pytest.FixtureRequest, machine: Sandbox, tmp_path: Path) -> Actor:
    is_c = request.param == "c"
    module = built.build_c("acts_c") if is_c else built.build_go("acts_go")
    actor = Actor(machine, module, tmp_path)
    (tmp_path / "out" / "door").symlink_to("..")
    (tmp_path / "out" / "planted").symlink_to("../secret/file")
    return actor


def _look(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what is in the folders that are not to be written."""
    return {
        os.path.join(place, name): (status.st_size, status.st_mtime_ns)
        for part in ("src", "secret", "stand-in")
        for place, _, names in os.walk(folder / part)
        for name in names
        for status in [os.stat(os.path.join(place, name))]
    }


def test_no_path_leads_out(actor: Actor) -> None:
    """None of these can be read, written or removed, however the path is spelt."""
    before = _look(actor.folder)

    for path in _OUTSIDE:
        for words in (("read", path), ("write", path, "10"), ("remove", path)):
            result, output = actor.do(*words)
            if words[0] == "remove" and path == "/workspace/out/planted":
                (actor.folder / "out" / "planted").symlink_to("../secret/file")
                continue  # the link itself is the guest's to remove
            assert output.startswith("refused"), (words, result, output)
            assert "secret" not in output.removeprefix("refused").replace(path, "")

    assert _look(actor.folder) == before


def test_no_path_leads_to_writing(actor: Actor) -> None:
    """What may only be read stays as it is, however the path is spelt."""
    before = _look(actor.folder)

    for path in _READ_ONLY:
        for words in (
            ("write", path, "10"),
            ("write", path, "0"),
            ("remove", path),
            ("mkdir", path),
        ):
            result, output = actor.do(*words)
            assert output.startswith("refused"), (words, result, output)

    assert _look(actor.folder) == before
    assert sorted(os.listdir(actor.folder / "src")) == ["file"]
