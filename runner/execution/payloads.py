"""Payloads of events that nobody sent: what GitHub would tell of this repository (LANGUAGE 5)."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from runner.workspace.commit import Commit, Signature

NO_COMMIT = "0" * 40


class Facts(NamedTuple):
    """What is known of the repository and of the event.

    `ref` is a full name, `default_branch` a short one; `base_sha` is the commit of the latter.
    `action` is empty for what usually happens first. `workflow` is the path of the file that
    runs, `earlier` the name of a workflow that has run before it.
    """

    repository: str
    server: str
    actor: str
    ref: str = ""
    sha: str = ""
    default_branch: str = "main"
    base_sha: str = ""
    commit: Commit | None = None
    action: str = ""
    inputs: Mapping[str, str] = {}
    workflow: str = ""
    earlier: str = ""
    schedule: str = ""

    @property
    def branch(self) -> str:
        """The short name of what is checked out; the default branch's outside of git."""
        return short_name(self.ref) or self.default_branch


class Payload(Mapping[str, Any]):
    """A payload that is made when it is first looked at; any thread may be the first."""

    def __init__(self, make: Callable[[], dict[str, Any]]) -> None:
        self._make = make
        self._made: dict[str, Any] | None = None
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> Any:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, Any]:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


def synthesise(event: str, facts: Facts) -> dict[str, Any]:
    """Return a payload of `event`, with the fields that workflows commonly look at."""
    shared = {"repository": _repository(facts), "sender": _user(facts.actor, facts)}
    if event == "push":
        return _push(facts) | shared
    if event == "workflow_dispatch":
        fields = {"inputs": dict(facts.inputs) or None, "ref": facts.ref}
        return fields | {"workflow": facts.workflow} | shared
    if event == "schedule":
        return {"schedule": facts.schedule, "workflow": facts.workflow} | shared
    from runner.execution.activities import describe  # 1 ms; most workflows run for a push

    return describe(event, facts, shared, _commit(facts)) | shared


def short_name(ref: str) -> str:
    """Return `main` for `refs/heads/main`, `1/merge` for `refs/pull/1/merge`."""
    for prefix in ("refs/heads/", "refs/tags/", "refs/pull/"):
        if ref.startswith(prefix):
            return ref.removeprefix(prefix)
    return ref


def _push(facts: Facts) -> dict[str, Any]:
    """Tell of a push of one commit; what else went with it is not known here."""
    commit, is_tag = facts.commit, facts.ref.startswith("refs/tags/")
    told = _commit(facts)
    before = commit.parents[0] if commit and commit.parents and not is_tag else NO_COMMIT
    pusher = {"name": facts.actor, "email": commit.committer.email if commit else ""}
    return {
        "ref": facts.ref,
        "before": before,
        "after": facts.sha,
        "base_ref": None,
        "created": before == NO_COMMIT,
        "deleted": False,
        "forced": False,
        "compare": f"{_page(facts)}/compare/{before[:12]}...{facts.sha[:12]}",
        "commits": [told] if told and not is_tag else [],
        "head_commit": told,
        "pusher": pusher,
    }


def _commit(facts: Facts) -> dict[str, Any] | None:
    commit = facts.commit
    if commit is None:
        return None
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "distinct": True,
        "message": commit.message,
        "timestamp": _timestamp(commit.committer),
        "url": f"{_page(facts)}/commit/{commit.sha}",
        "author": {"name": commit.author.name, "email": commit.author.email},
        "committer": {"name": commit.committer.name, "email": commit.committer.email},
    }


def _repository(facts: Facts) -> dict[str, Any]:
    owner, _, name = facts.repository.partition("/")
    page, host = _page(facts), facts.server.partition("://")[2]
    return {
        "id": 0,
        "name": name,
        "full_name": facts.repository,
        "private": False,
        "visibility": "public",
        "owner": {**_user(owner, facts), "name": owner},
        "html_url": page,
        "url": page,
        "clone_url": f"{page}.git",
        "git_url": f"git://{host}/{facts.repository}.git",
        "ssh_url": f"git@{host}:{facts.repository}.git",
        "description": None,
        "fork": False,
        "archived": False,
        "default_branch": facts.default_branch,
        "master_branch": facts.default_branch,
        "topics": [],
    }


def _user(login: str, facts: Facts) -> dict[str, Any]:
    page = f"{facts.server}/{login}"
    return {"login": login, "id": 0, "type": "User", "site_admin": False, "html_url": page}


def _page(facts: Facts) -> str:
    return f"{facts.server}/{facts.repository}"


def _timestamp(signature: Signature) -> str:
    """Return the time as at the place it was made, as in ISO 8601."""
    local = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(signature.time + signature.offset))
    hours, minutes = divmod(abs(signature.offset) // 60, 60)
    return f"{local}{'-' if signature.offset < 0 else '+'}{hours:02}:{minutes:02}"
