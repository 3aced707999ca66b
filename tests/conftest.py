"""Fixtures for all tests: a project folder, and one cache of compiled modules for the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.project import Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user cache of the whole session, shared by parallel workers: compiling takes seconds."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = shared / "cache"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@pytest.fixture
def project(tmp_path: Path, cache: Path) -> Project:
    """An empty project, outside of any git repository."""
    return Project(tmp_path, cache)
