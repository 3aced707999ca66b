"""Whether GitHub would start a workflow for an event, and which filter says no (LANGUAGE 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple
from runner.workflow.globs import selects

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runner.workflow.triggers import Event
    from runner.workflow.values import Text

_PULL_REQUESTS = frozenset({"pull_request", "pull_request_target"})
# What counts where `types` is not given: everything, but for these.
DEFAULT_TYPES = dict.fromkeys(_PULL_REQUESTS, ("opened", "synchronize", "reopened"))


class Activity(NamedTuple):
    """What happened, as far as filters ask; what is empty (None) is not known and not judged.

    `branch` and `tag` are short names: for a pull request the branch is the one it would go into,
    for `workflow_run` the one that was run, for a push one of the two. `paths` are the files that
    changed, `workflow` is the name of the workflow that was run before this one.
    """

    branch: str = ""
    tag: str = ""
    paths: tuple[str, ...] | None = None
    action: str = ""
    workflow: str = ""


class Mismatch(NamedTuple):
    """`filter` is the key at fault, as `branches`; `at` is its first item."""

    filter: str
    at: Text
    reason: str


def find_mismatch(event: Event, activity: Activity) -> Mismatch | None:
    """Return why `event` of a workflow would not be started by `activity`, None if it would.

    Where several filters say no, the first in the order types, workflows, branches, tags, paths.
    """
    filters = dict(event.filters)
    return (
        _judge_types(event, filters, activity.action)
        or _judge_workflow(filters, activity.workflow)
        or _judge_name("branches", "tags", filters, activity.branch)
        or _judge_name("tags", "branches", filters, activity.tag)
        or (None if activity.tag else _judge_paths(filters, activity.paths))
    )


def _judge_types(
    event: Event, filters: dict[str, tuple[Text, ...]], action: str
) -> Mismatch | None:
    written = filters.get("types", ())
    counted = _values(written) if written else DEFAULT_TYPES.get(event.name.value, ())
    if not action or not counted or action in counted:
        return None
    at = written[0] if written else event.name
    return Mismatch("types", at, f"the activity `{action}` is none of {', '.join(counted)}")


def _judge_workflow(filters: dict[str, tuple[Text, ...]], name: str) -> Mismatch | None:
    written = filters.get("workflows", ())
    if not name or not written or selects(_values(written), name):
        return None
    return Mismatch("workflows", written[0], f"the workflow `{name}` is not among them")


def _judge_name(
    key: str, other: str, filters: dict[str, tuple[Text, ...]], name: str
) -> Mismatch | None:
    """Judge a branch or tag; filters for tags alone leave branches out, and the other way."""
    if not name:
        return None
    kind = {"branches": "branch", "tags": "tag"}[key]
    if wanted := filters.get(key):
        if selects(_values(wanted), name):
            return None
        return Mismatch(key, wanted[0], f"it does not match the {kind} `{name}`")
    if ignored := filters.get(f"{key}-ignore"):
        if not selects(_values(ignored), name):
            return None
        return Mismatch(f"{key}-ignore", ignored[0], f"it matches the {kind} `{name}`")
    for opposite in (other, f"{other}-ignore"):
        if written := filters.get(opposite):
            reason = f"with it alone, the {kind} `{name}` does not count"
            return Mismatch(opposite, written[0], reason)
    return None


def _judge_paths(
    filters: dict[str, tuple[Text, ...]], paths: tuple[str, ...] | None
) -> Mismatch | None:
    if not paths:
        return None
    wanted, ignored = filters.get("paths"), filters.get("paths-ignore")
    if wanted and not any(selects(_values(wanted), path) for path in paths):
        return Mismatch("paths", wanted[0], "it matches no file that changed")
    if ignored and all(selects(_values(ignored), path) for path in paths):
        return Mismatch("paths-ignore", ignored[0], "it matches every file that changed")
    return None


def _values(texts: Iterable[Text]) -> tuple[str, ...]:
    return tuple(text.value for text in texts)
