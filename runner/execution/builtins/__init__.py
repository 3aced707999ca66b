"""The host actions there are. A new one is a file and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runner.execution.builtins.protocol import HostAction

BUILTINS: dict[str, HostAction] = {}
