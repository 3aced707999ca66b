"""Where a run finds its tree and its cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.app.places import cache_folder, find_source
from runner.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path


def test_the_source_is_the_repository_around_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest folder with `.git` upwards, else the current one; a given one wins."""
    inner = tmp_path / "repository/inner"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert find_source("") == str(inner)
    (tmp_path / "repository/.git").mkdir()
    assert find_source("") == str(tmp_path / "repository")
    assert find_source("..") == str(tmp_path / "repository")


def test_a_source_that_is_gone_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A removed current directory and a folder that is none are the user's to mend."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(InvalidInput, match="no longer exists"):
        find_source("")
    with pytest.raises(InvalidInput, match="is not a folder"):
        find_source(str(gone))


def test_the_cache_follows_the_users_switches(monkeypatch: pytest.MonkeyPatch) -> None:
    """WASI_RUNNER_CACHE, then XDG_CACHE_HOME, then ~/.cache."""
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.delenv("WASI_RUNNER_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache_folder() == "/home/me/.cache/wasi-runner"
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    assert cache_folder() == "/xdg/wasi-runner"
    monkeypatch.setenv("WASI_RUNNER_CACHE", "/own")
    assert cache_folder() == "/own"
