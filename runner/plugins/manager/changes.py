"""Which files of its workspace an execution changed."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from runner.abi import FileChange
from runner.errors import Denied, Problem
from runner.workspace.ledger import Ledger
from runner.workspace.paths import make_directories

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from runner.plugins.invoke import Call


class Changes:
    """Looks at what a call may write to, before and after it; a context manager.

    Nothing else is looked at, so a plugin that writes little costs little. The folders are made
    if they are missing, and never reached through a link that an earlier execution has planted.
    Raises Denied.
    """

    def __init__(self, call: Call, *, workspace: str) -> None:
        self._folders = [
            row.beneath
            for row in call.invocation.directories
            if row.writable and row.root == workspace
        ]
        self._workspace = workspace
        self._ledgers: list[tuple[str, Ledger]] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if not self._folders:
            return self
        root = os.open(self._workspace, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for folder in self._folders:
                opened = make_directories(root, folder)
                self._open.callback(os.close, opened)
                self._ledgers.append((folder, Ledger(f"/proc/self/fd/{opened}")))
        except OSError as error:
            self._open.close()
            message = f"`{error.filename}` cannot be made: {error.strerror}"
            raise Denied([Problem("workspace-folder", message)]) from error
        except BaseException:
            self._open.close()
            raise
        finally:
            os.close(root)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def record(self) -> tuple[FileChange, ...]:
        """Return what differs, sorted by path; raises Denied if there is too much to look at."""
        return tuple(
            FileChange(*change._replace(path=f"{folder}/{change.path}" if folder else change.path))
            for folder, ledger in self._ledgers
            for change in ledger.record()
        )
