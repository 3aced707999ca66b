"""Each job's own copy of the source tree, or the tree itself with `--in-place`."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from runner.workspace.clone import clone_tree, discard_tree
from runner.workspace.ledger import Ledger
from runner.workspace.listing import begin_listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.errors import Problem
    from runner.workspace.listing import Listing


class Workspaces:
    """Opens workspaces for jobs, from any thread.

    The source's files are listed once a run, by a git process that starts at once.
    """

    def __init__(self, source: str, *, is_in_place: bool) -> None:
        self._source = source
        self._is_in_place = is_in_place
        self._finish_listing = None if is_in_place else begin_listing(source)
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
            discard_tree(folder)

    def _clone(self, folder: str) -> tuple[str, Ledger, tuple[Problem, ...]]:
        listing, is_first = self._list()
        workspace = os.path.join(folder, "workspace")
        clone = clone_tree(self._source, workspace, listing.files)
        notices = (*listing.notices, *clone.notices) if is_first else ()
        return workspace, Ledger(workspace, source=self._source), notices

    def _list(self) -> tuple[Listing, bool]:
        """Return the files of the source, and whether this is the first job to ask."""
        with self._lock:
            if self._finish_listing:
                self._listing, self._finish_listing = self._finish_listing(), None
                return self._listing, True
            assert self._listing is not None  # noqa: S101 - set when the finisher was used up
            return self._listing, False
