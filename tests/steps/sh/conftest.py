"""One process that runs guests, for all tests of the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox import built
from tests.steps.sh.shells import Guest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def guest() -> Iterator[Guest]:
    """Compiled modules outlive the session."""
    folder = built.cache() / "sh-module"
    folder.mkdir(mode=0o700, exist_ok=True)
    shell = Guest(folder)
    yield shell
    shell.close()
