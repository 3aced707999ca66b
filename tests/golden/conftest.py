"""`pytest tests/golden --update-golden` writes what is expected instead of comparing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol

    class CompareGolden(Protocol):
        def __call__(self, path: Path, actual: str) -> None: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option; it is known only when this folder is named on the command line."""
    parser.addoption("--update-golden", action="store_true", help="write the expected outputs")


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> CompareGolden:
    """Return a function that compares a text with the file at a path, or writes it there."""
    is_update = request.config.getoption("--update-golden", default=False)

    def compare(path: Path, actual: str) -> None:
        if is_update:
            path.write_text(actual, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == actual

    return compare
