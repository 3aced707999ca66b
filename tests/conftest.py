"""Fixtures for all tests: a project folder, and one cache of compiled modules for the session."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.sandbox import built
from tests.support.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGE = 1 << 20  # bytes of machine code; the compiler takes seconds for what is larger


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The user cache of the whole session, shared by parallel workers: compiling takes seconds.

    It is new but for the machine code of large modules. What is fetched is fetched again.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = shared / "cache"
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = built.cache() / "compiled"
    _copy_large(kept, folder / "compiled")
    yield folder
    _copy_large(folder / "compiled", kept)


@pytest.fixture
def project(tmp_path: Path, cache: Path) -> Project:
    """An empty project, outside of any git repository."""
    return Project(tmp_path, cache)


def _copy_large(source: Path, target: Path) -> None:
    """Copy large machine code, and what it was made from, to another cache of modules."""
    for entry in source.glob("entries/*"):
        if entry.suffix:
            continue  # a lock, or not yet whole
        code = source / "compiled" / entry.read_text()
        if code.is_file() and code.stat().st_size > LARGE:
            _copy(code, target / "compiled")
            _copy(entry, target / "entries")


def _copy(file: Path, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / file.name).exists():
        temporary = folder / f"{file.name}.{os.getpid()}"
        shutil.copyfile(file, temporary)
        temporary.chmod(0o600)
        temporary.rename(folder / file.name)
