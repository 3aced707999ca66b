"""Payloads of events about issues, pull requests, releases and the like, as GitHub words them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.execution.payloads import Facts

    Fields: TypeAlias = dict[str, Any]

NUMBER = 1  # of the issue, pull request, discussion or milestone that is told of
_TITLE = "Made up by runner"
_NO_TAG = "v0.0.0"


class _Scene(NamedTuple):
    """`shared` holds `repository` and `sender`, `commit` is what is checked out, if anything."""

    event: str
    facts: Facts
    shared: Fields
    commit: Fields | None

    @property
    def page(self) -> str:
        return str(self.shared["repository"]["html_url"])

    @property
    def title(self) -> str:
        message = self.commit["message"] if self.commit else ""
        return message.split("\n", 1)[0] or _TITLE

    @property
    def by(self) -> Fields:
        return {"user": self.shared["sender"], "body": "", "html_url": self.page}


def describe(event: str, facts: Facts, shared: Fields, commit: Fields | None) -> Fields:
    """Return what only payloads of `event` hold, `action` first; see runner.execution.payloads."""
    scene = _Scene(event, facts, shared, commit)
    action = facts.action or _ACTIONS.get(event, "")
    told: Fields = {"action": action} if action else {}
    tell = _TELLERS.get(event)
    return told | tell(scene) if tell else told


def _pull_request(scene: _Scene) -> Fields:
    facts, repository = scene.facts, scene.shared["repository"]
    owner = repository["owner"]["login"]

    def side(branch: str, sha: str) -> Fields:
        user = repository["owner"]
        return {
            "label": f"{owner}:{branch}",
            "ref": branch,
            "sha": sha,
            "repo": repository,
            "user": user,
        }

    page = f"{scene.page}/pull/{NUMBER}"
    is_closed = facts.action == "closed"
    pull_request = _issue_fields(scene) | {
        "html_url": page,
        "draft": facts.action == "converted_to_draft",
        "merged": is_closed,
        "state": "closed" if is_closed else "open",
        "merge_commit_sha": facts.sha,
        "author_association": "OWNER",
        "requested_reviewers": [],
        "head": side(facts.branch, facts.sha),
        "base": side(facts.default_branch, facts.base_sha or facts.sha),
    }
    return {"number": NUMBER, "pull_request": pull_request}


def _review(scene: _Scene) -> Fields:
    review = scene.by | {"id": 1, "state": "approved", "commit_id": scene.facts.sha}
    return _pull_request(scene) | {"review": review}


def _issue_fields(scene: _Scene) -> Fields:
    return scene.by | {
        "number": NUMBER,
        "title": scene.title,
        "state": "closed" if scene.facts.action == "closed" else "open",
        "labels": [],
        "assignees": [],
        "milestone": None,
        "locked": False,
    }


def _issue(scene: _Scene) -> Fields:
    page = f"{scene.page}/issues/{NUMBER}"
    told = {"issue": _issue_fields(scene) | {"html_url": page, "author_association": "OWNER"}}
    return told | _label(scene) if scene.facts.action in {"labeled", "unlabeled"} else told


def _comment(scene: _Scene) -> Fields:
    return {"comment": scene.by | {"id": 1, "author_association": "OWNER"}}


def _label(scene: _Scene) -> Fields:
    return {"label": {"name": "bug", "color": "d73a4a", "description": scene.title}}


def _release(scene: _Scene) -> Fields:
    ref = scene.facts.ref
    tag = ref.removeprefix("refs/tags/") if ref.startswith("refs/tags/") else _NO_TAG
    release = {
        "id": 1,
        "tag_name": tag,
        "name": tag,
        "body": "",
        "draft": False,
        "prerelease": scene.facts.action == "prereleased",
        "target_commitish": scene.facts.default_branch,
        "author": scene.shared["sender"],
        "html_url": f"{scene.page}/releases/tag/{tag}",
        "assets": [],
    }
    return {"release": release}


def _workflow_run(scene: _Scene) -> Fields:
    facts = scene.facts
    is_completed = facts.action in {"", "completed"}
    run = {
        "id": 1,
        "name": facts.earlier,
        "event": "push",
        "status": "completed" if is_completed else facts.action,
        "conclusion": "success" if is_completed else None,
        "head_branch": facts.branch,
        "head_sha": facts.sha,
        "head_commit": scene.commit,
        "head_repository": scene.shared["repository"],
        "repository": scene.shared["repository"],
        "actor": scene.shared["sender"],
        "run_number": 1,
        "run_attempt": 1,
        "pull_requests": [],
        "html_url": f"{scene.page}/actions/runs/1",
    }
    return {"workflow_run": run, "workflow": {"id": 1, "name": facts.earlier, "state": "active"}}


def _reference(scene: _Scene) -> Fields:
    ref_type = "tag" if scene.facts.ref.startswith("refs/tags/") else "branch"
    told = {"ref": scene.facts.branch, "ref_type": ref_type, "pusher_type": "user"}
    return told | {"master_branch": scene.facts.default_branch, "description": None}


def _merge_group(scene: _Scene) -> Fields:
    facts = scene.facts
    base = facts.default_branch
    group = {
        "head_sha": facts.sha,
        "head_ref": f"refs/heads/gh-readonly-queue/{base}/pr-{NUMBER}-{facts.base_sha}",
        "base_sha": facts.base_sha,
        "base_ref": f"refs/heads/{base}",
        "head_commit": scene.commit,
    }
    return {"merge_group": group}


def _deployment(scene: _Scene) -> Fields:
    deployment = {
        "id": 1,
        "sha": scene.facts.sha,
        "ref": scene.facts.branch,
        "task": "deploy",
        "environment": "production",
        "payload": {},
        "description": None,
        "creator": scene.shared["sender"],
    }
    told: Fields = {"deployment": deployment}
    if scene.event == "deployment_status":
        told["deployment_status"] = {"id": 1, "state": "success", "environment": "production"}
    return told


def _check(scene: _Scene) -> Fields:
    told = {"id": 1, "head_sha": scene.facts.sha, "status": "completed", "conclusion": "success"}
    return {scene.event: told | {"name": _TITLE, "pull_requests": []}}


def _discussion(scene: _Scene) -> Fields:
    page = f"{scene.page}/discussions/{NUMBER}"
    category = {"name": "General", "slug": "general"}
    told = _issue_fields(scene) | {"html_url": page, "category": category}
    return {"discussion": told}


def _thing(name: str) -> Callable[[_Scene], Fields]:
    """Return a teller of an event that is about one thing without much to say of it."""
    return lambda scene: {
        name: {"id": 1, "number": NUMBER, "title": scene.title, "name": scene.title}
    }


_ACTIONS = {
    "branch_protection_rule": "created",
    "check_run": "completed",
    "check_suite": "completed",
    "discussion": "created",
    "discussion_comment": "created",
    "image_version": "created",
    "issue_comment": "created",
    "issues": "opened",
    "label": "created",
    "merge_group": "checks_requested",
    "milestone": "created",
    "project": "created",
    "project_card": "created",
    "project_column": "created",
    "pull_request": "opened",
    "pull_request_comment": "created",
    "pull_request_review": "submitted",
    "pull_request_review_comment": "created",
    "pull_request_target": "opened",
    "registry_package": "published",
    "release": "published",
    "repository_dispatch": "dispatch",
    "watch": "started",
    "workflow_run": "completed",
}
_TELLERS: dict[str, Callable[[_Scene], Fields]] = {
    "branch_protection_rule": _thing("rule"),
    "check_run": _check,
    "check_suite": _check,
    "create": _reference,
    "delete": _reference,
    "deployment": _deployment,
    "deployment_status": _deployment,
    "discussion": _discussion,
    "discussion_comment": lambda scene: _discussion(scene) | _comment(scene),
    "fork": lambda scene: {"forkee": scene.shared["repository"]},
    "gollum": lambda _: {"pages": []},
    "image_version": _thing("image_version"),
    "issue_comment": lambda scene: _issue(scene) | _comment(scene),
    "issues": _issue,
    "label": _label,
    "merge_group": _merge_group,
    "milestone": _thing("milestone"),
    "page_build": lambda _: {"id": 1, "build": {"status": "built"}},
    "project": _thing("project"),
    "project_card": _thing("project_card"),
    "project_column": _thing("project_column"),
    "pull_request": _pull_request,
    "pull_request_comment": lambda scene: _issue(scene) | _comment(scene),
    "pull_request_review": _review,
    "pull_request_review_comment": lambda scene: _pull_request(scene) | _comment(scene),
    "pull_request_target": _pull_request,
    "registry_package": _thing("registry_package"),
    "release": _release,
    "repository_dispatch": lambda scene: {"branch": scene.facts.branch, "client_payload": {}},
    "status": lambda scene: {"sha": scene.facts.sha, "state": "success", "context": "default"},
    "workflow_run": _workflow_run,
}
