"""What a payload, made up or given, says about references and to filters (LANGUAGE 3.2, 5)."""

from __future__ import annotations

from typing import Any

from runner.records import NamedTuple
from runner.workflow.filters import Activity

_PULL_REQUESTS = frozenset(
    {"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"}
)
_FILE_LISTS = ("added", "modified", "removed")
_BRANCH, _TAG = "refs/heads/", "refs/tags/"


class References(NamedTuple):
    """`github.ref`, `sha`, `base_ref` and `head_ref`; the latter two only of pull requests."""

    ref: str = ""
    sha: str = ""
    base_ref: str = ""
    head_ref: str = ""


def find_references(event: str, payload: dict[str, Any], checked_out: References) -> References:
    """Return what an event is about; what its payload does not tell is as `checked_out`."""
    found = _of_pull_request(event, payload) if event in _PULL_REQUESTS else References()
    if event not in _PULL_REQUESTS:
        found = References(_ref(event, payload), _sha(event, payload))
    return References(found.ref or checked_out.ref, found.sha or checked_out.sha, *found[2:])


def find_activity(event: str, payload: dict[str, Any], ref: str) -> Activity:
    """Return what filters ask of an event; `ref` is that of a push."""
    action = _text(payload, "action")
    if event == "push":
        branch = ref.removeprefix(_BRANCH) if ref.startswith(_BRANCH) else ""
        tag = ref.removeprefix(_TAG) if ref.startswith(_TAG) else ""
        return Activity(branch, tag, _find_paths(payload))
    if event in _PULL_REQUESTS:
        return Activity(_text(payload, "pull_request", "base", "ref"), action=action)
    if event == "merge_group":
        base = _text(payload, "merge_group", "base_ref")
        return Activity(base.removeprefix(_BRANCH), action=action)
    if event == "workflow_run":
        workflow = _text(payload, "workflow_run", "name") or _text(payload, "workflow", "name")
        branch = _text(payload, "workflow_run", "head_branch")
        return Activity(branch, action=action, workflow=workflow)
    return Activity(action=action)


def find_names(payload: dict[str, Any]) -> tuple[str, str]:
    """Return the login of who caused the event, and OWNER/NAME of the repository; '' if unknown."""
    return _text(payload, "sender", "login"), _text(payload, "repository", "full_name")


def find_inputs(payload: dict[str, Any]) -> dict[str, str]:
    """Return the inputs of a `workflow_dispatch`, all as text."""
    inputs = payload.get("inputs")
    if not isinstance(inputs, dict):
        return {}
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in inputs.items()
        if isinstance(value, str | int | float)
    }


def _of_pull_request(event: str, payload: dict[str, Any]) -> References:
    base, head = (_text(payload, "pull_request", side, "ref") for side in ("base", "head"))
    number = payload.get("number") or _find(payload, "pull_request", "number")
    if event == "pull_request_target":
        sha = _text(payload, "pull_request", "base", "sha")
        return References(_BRANCH + base if base else "", sha, base, head)
    merged = _text(payload, "pull_request", "merge_commit_sha")
    sha = merged or _text(payload, "pull_request", "head", "sha")
    ref = f"refs/pull/{number}/merge" if isinstance(number, int) else ""
    return References(ref, sha, base, head)


def _ref(event: str, payload: dict[str, Any]) -> str:
    if event == "release":
        tag = _text(payload, "release", "tag_name")
        return _TAG + tag if tag else ""
    if event == "merge_group":
        return _text(payload, "merge_group", "head_ref")
    if event in {"deployment", "deployment_status"}:
        return _full_name(_text(payload, "deployment", "ref"), _BRANCH)
    if event == "repository_dispatch":
        return _full_name(_text(payload, "branch"), _BRANCH)
    ref = _text(payload, "ref")
    if event == "create":
        return _full_name(ref, _TAG if payload.get("ref_type") == "tag" else _BRANCH)
    return ref if event != "delete" else ""


def _sha(event: str, payload: dict[str, Any]) -> str:
    if event == "merge_group":
        return _text(payload, "merge_group", "head_sha")
    if event in {"deployment", "deployment_status"}:
        return _text(payload, "deployment", "sha")
    return _text(payload, "after") or _text(payload, "sha")


def _full_name(ref: str, prefix: str) -> str:
    return ref if not ref or ref.startswith("refs/") else prefix + ref


def _find_paths(payload: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the files that the commits of a push changed, None if they do not tell."""
    commits = payload.get("commits")
    told = commits if isinstance(commits, list) else []
    lists = [_find(commit, key) for commit in told for key in _FILE_LISTS]
    known = [paths for paths in lists if isinstance(paths, list)]
    if not known:
        return None
    return tuple(path for paths in known for path in paths if isinstance(path, str))


def _text(payload: dict[str, Any], *keys: str) -> str:
    value = _find(payload, *keys)
    return value if isinstance(value, str) else ""


def _find(payload: Any, *keys: str) -> Any:
    for key in keys:
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload
