"""Each job's own copy of the source tree, or the tree itself with `--in-place`."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from runner.workspace.clone import clone
from runner.workspace.ledger import Ledger
from runner.workspace.listing import list_files
from runner.workspace.removal import remove_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.errors import Problem
    from runner.workspace.listing import Listing


class Workspaces:
    """Opens workspaces for jobs, from any thread; the source's files are listed once a run."""

    def __init__(self, source: str, *, is_in_place: bool) -> None:
        self._source = source
        self._is_in_place = is_in_place
        self._listing: Listing | None = None
        self._lock = threading.Lock()

    @contextmanager
    def open(self, folder: str) -> Iterator[tuple[str, Ledger, tuple[Problem, ...]]]:
        """Give a workspace, its ledger and what a person should know; take `folder` away after.

        Raises RunnerError if the tree cannot be copied.
        """
        try:
            if self._is_in_place:
                yield self._source, Ledger(self._source), ()
            else:
                yield self._clone(folder)
        finally:
            remove_tree(folder)
