"""One process that runs guests, for all tests of the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.steps.sh.shells import Guest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def guest(request: pytest.FixtureRequest) -> Iterator[Guest]:
    """Compiled modules outlive the session."""
    shell = Guest(request.config.cache.mkdir("sh-module"))
    yield shell
    shell.close()
