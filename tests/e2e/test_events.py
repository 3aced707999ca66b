"""The event a run is for, its payload, and what follows from it (LANGUAGE 3.2, 5)."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.project import Outcome

if TYPE_CHECKING:
    from tests.support.project import Project

JOBS = """
jobs:
  job:
    runs-on: x
    steps:
      - run: cat "$GITHUB_EVENT_PATH"
      - run: echo '${{ toJSON(github) }}' | jq -c .
"""
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git(project: Project, *arguments: str) -> str:
    identity = ("-c", "user.name=Jo Doe", "-c", "user.email=jo@example.org")
    command = ("git", "-C", str(project.folder), *identity, *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(project: Project) -> Project:
    """Make a clone of octo/hello with two commits on `main`."""
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "remote", "add", "origin", "git@github.com:octo/hello.git")
    git(project, "commit", "--quiet", "--allow-empty", "--message", "First")
    git(project, "commit", "--quiet", "--allow-empty", "--message", "Second\n\nwith a body")
    return project


def observe(
    project: Project, on: str, *options: str, environment: dict[str, str] | None = None
) -> tuple[dict[str, Any], Outcome]:
    """Run a workflow; return its `github` context, whose event is also that of the file."""
    project.write({"ci.yml": f"on: {on}{JOBS}"})
    completed = project.call("run", "ci.yml", *options, environment=environment)
    assert completed.code == 0, completed
    outcome = Outcome(completed, project.folder)
    github = json.loads(outcome.lines[1].replace("***", ""))
    assert json.loads(outcome.lines[0]) == github["event"]
    return github, outcome


@pytest.mark.parametrize("is_packed", [False, True])
def test_5_a_push_is_told_from_the_repository(repository: Project, *, is_packed: bool) -> None:
    """5: repository, reference, commit and its message come from git, in a pack or not."""
    if is_packed:
        git(repository, "gc", "--quiet")
    sha, parent = git(repository, "rev-parse", "HEAD", "HEAD~").split()
    github, outcome = observe(repository, "push", "--actor", "jo")
    assert outcome.notices == []
    assert (github["repository"], github["repository_owner"]) == ("octo/hello", "octo")
    assert (github["ref"], github["ref_name"], github["ref_type"]) == (
        "refs/heads/main",
        "main",
        "branch",
    )
    assert (github["sha"], github["actor"], github["run_number"]) == (sha, "jo", "1")
    assert github["workflow_ref"] == "octo/hello/ci.yml@refs/heads/main"
    event = github["event"]
    assert (event["before"], event["after"], event["ref"]) == (parent, sha, "refs/heads/main")
    head = event["head_commit"]
    assert event["commits"] == [head]
    assert (head["id"], head["message"]) == (sha, "Second\n\nwith a body")
    assert head["author"] == {"name": "Jo Doe", "email": "jo@example.org"}
    assert head["timestamp"] == git(repository, "log", "-1", "--format=%cI")
    assert event["repository"]["owner"]["login"] == "octo"
    assert event["repository"]["html_url"] == "https://github.com/octo/hello"
    assert event["sender"]["login"] == event["pusher"]["name"] == "jo"


def test_5_a_detached_tag_is_a_push_of_the_tag(repository: Project) -> None:
    """5: what CI checks out of a tag runs for the tag."""
    git(repository, "tag", "v1.0")
    git(repository, "checkout", "--quiet", "--detach")
    github, outcome = observe(repository, "{push: {tags: ['v*']}}")
    assert outcome.notices == []
    assert (github["ref"], github["ref_name"], github["ref_type"]) == (
        "refs/tags/v1.0",
        "v1.0",
        "tag",
    )


def test_5_a_pull_request_of_the_current_branch(repository: Project) -> None:
    """5: the branch that is checked out would go into the default one."""
    base = git(repository, "rev-parse", "HEAD")
    git(repository, "checkout", "--quiet", "-b", "topic")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "Third")
    github, _ = observe(repository, "[push, pull_request]", "--event", "pull_request")
    assert (github["event_name"], github["ref"], github["ref_name"]) == (
        "pull_request",
        "refs/pull/1/merge",
        "1/merge",
    )
    assert (github["head_ref"], github["base_ref"]) == ("topic", "main")
    event = github["event"]
    assert (event["action"], event["number"]) == ("opened", 1)
    pull_request = event["pull_request"]
    assert (pull_request["title"], pull_request["base"]["sha"]) == ("Third", base)
    assert pull_request["head"]["repo"]["full_name"] == "octo/hello"
    assert not pull_request["draft"]


@pytest.mark.parametrize(
    ("on", "event", "path", "value"),
    [
        ("{schedule: [{cron: '5 4 * * 1'}]}", "schedule", "schedule", "5 4 * * 1"),
        ("{issues: {types: labeled}}", "issues", "action", "labeled"),
        ("issue_comment", "issue_comment", "comment.user.login", "jo"),
        ("{release: {types: [prereleased]}}", "release", "release.prerelease", "True"),
        ("{workflow_run: {workflows: [Build]}}", "workflow_run", "workflow_run.name", "Build"),
        ("create", "create", "ref_type", "branch"),
        ("delete", "delete", "ref", "main"),
        ("pull_request_target", "pull_request_target", "pull_request.base.ref", "main"),
        ("merge_group", "merge_group", "merge_group.base_ref", "refs/heads/main"),
        ("{repository_dispatch: {types: go}}", "repository_dispatch", "action", "go"),
        ("deployment_status", "deployment_status", "deployment_status.state", "success"),
        ("watch", "watch", "action", "started"),
    ],
)
def test_5_every_event_has_a_payload(
    repository: Project, on: str, event: str, path: str, value: str
) -> None:
    """5: the first declared event is the default, with what its payload is known for."""
    github, outcome = observe(repository, on, "--actor", "jo")
    assert (github["event_name"], outcome.notices) == (event, [])
    found: Any = github["event"]
    for key in path.split("."):
        found = found[key]
    assert str(found) == value


def test_5_a_payload_is_what_was_given(repository: Project) -> None:
    """5: the file's JSON is `github.event`, and references, actor and repository are its own."""
    payload = {
        "action": "opened",
        "number": 7,
        "pull_request": {
            "head": {"ref": "fix", "sha": COMMIT},
            "base": {"ref": "next"},
            "title": "x",
        },
        "sender": {"login": "mona"},
        "repository": {"full_name": "other/place"},
    }
    repository.write({"event.json": json.dumps(payload)})
    github, outcome = observe(repository, "pull_request", "--event-file", "event.json")
    assert github["event"] == payload
    assert (github["ref"], github["sha"]) == ("refs/pull/7/merge", COMMIT)
    assert (github["head_ref"], github["base_ref"]) == ("fix", "next")
    assert (github["actor"], github["repository"]) == ("mona", "other/place")
    assert outcome.notices == []


@pytest.mark.parametrize(
    ("content", "place"),
    [("{'a': 1}", "event.json:1:2"), ('{\n  "a": 1,\n}', "event.json:3:1"), ("[]", "event.json")],
)
def test_a_payload_that_is_not_json(project: Project, content: str, place: str) -> None:
    """A wrong file is refused with the place, before anything runs."""
    project.write({"ci.yml": f"on: push{JOBS}", "event.json": content})
    done = project.call("run", "ci.yml", "--event-file", "event.json")
    assert done.code == 2
    assert f"{place}: " in done.stderr


def test_an_event_must_be_declared(project: Project) -> None:
    """Another event is refused, with those that there are and the nearest."""
    project.write({"ci.yml": f"on: [push, pull_request]{JOBS}"})
    done = project.call("run", "ci.yml", "--event", "pull_requst")
    assert done.code == 2
    assert "the workflow does not run for `pull_requst`" in done.stderr
    assert "did you mean `pull_request`? one of: pull_request, push" in done.stderr


def test_3_2_a_filter_that_says_no_is_told(repository: Project) -> None:
    """3.2: GitHub would not run it; here it runs, with a warning at the filter."""
    github, outcome = observe(repository, "{push: {branches: ['release/**']}}")
    assert github["ref"] == "refs/heads/main"
    assert outcome.notices == ["run.not-triggered"]
    assert "`branches` of `push` says no: it does not match the branch `main`" in outcome.stderr
    assert observe(repository, "{push: {branches: ['m*']}}")[1].notices == []


def test_3_2_paths_are_judged_by_the_payload(repository: Project) -> None:
    """3.2: commits that list their files are held against `paths`; others are not."""
    commit = {"id": COMMIT, "added": [], "modified": ["docs/a.md"], "removed": []}
    repository.write({"event.json": json.dumps({"ref": "refs/heads/main", "commits": [commit]})})
    on = "{push: {paths: ['src/**']}}"
    assert observe(repository, on)[1].notices == []
    told = observe(repository, on, "--event-file", "event.json")[1]
    assert told.notices == ["run.not-triggered"]
    fine = observe(repository, "{push: {paths-ignore: ['x']}}", "--event-file", "event.json")[1]
    assert fine.notices == []


def test_5_the_server_may_be_another(repository: Project) -> None:
    """5: GITHUB_SERVER_URL is where all URLs lead."""
    elsewhere = {"GITHUB_SERVER_URL": "https://git.example.org/"}
    github, _ = observe(repository, "push", environment=elsewhere)
    assert github["server_url"] == "https://git.example.org"
    assert github["api_url"] == "https://git.example.org/api/v3"
    assert github["event"]["repository"]["clone_url"] == "https://git.example.org/octo/hello.git"
