"""When a workflow runs (spec §3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.workflow.values import Text


class Event(NamedTuple):
    """One event of `on`.

    `filters` holds the lists that were given, by key: `types`, `branches`, `branches-ignore`,
    `tags`, `tags-ignore`, `paths`, `paths-ignore`, `workflows`; `cron` for a schedule.
    """

    name: Text
    filters: tuple[tuple[str, tuple[Text, ...]], ...] = ()
