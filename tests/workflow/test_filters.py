"""Filters of events and their patterns (LANGUAGE 3.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import Position
from runner.workflow.filters import Activity, find_mismatch
from runner.workflow.globs import matches, selects
from runner.workflow.triggers import Event
from runner.workflow.values import Text
from tests.support.growth import assert_linear

if TYPE_CHECKING:
    from collections.abc import Sequence

MATCHING = [
    # GitHub's own examples of branches and tags
    ("feature/*", "feature/my-branch"),
    ("feature/**", "feature/beta-a/my-branch"),
    ("main", "main"),
    ("releases/mona-the-octocat", "releases/mona-the-octocat"),
    ("*", "releases"),
    ("**", "all/the/branches"),
    ("**", "every/tag"),
    ("*feature", "mona-feature"),
    ("v2*", "v2.0"),
    ("v[12].[0-9]+.[0-9]+", "v1.10.1"),
    ("v[12].[0-9]+.[0-9]+", "v2.0.0"),
    # GitHub's own examples of paths
    ("*", "README.md"),
    ("*.jsx?", "page.js"),
    ("*.jsx?", "page.jsx"),
    ("**", "all/the/files.md"),
    ("*.js", "app.js"),
    ("**.js", "index.js"),
    ("**.js", "src/js/app.js"),
    ("docs/*", "docs/README.md"),
    ("docs/**", "docs/mona/octocat.txt"),
    ("docs/**/*.md", "docs/README.md"),
    ("docs/**/*.md", "docs/mona/hello-world.md"),
    ("docs/**/*.md", "docs/a/markdown/file.md"),
    ("**/docs/**", "docs/hello.md"),
    ("**/docs/**", "dir/docs/my-file.txt"),
    ("**/docs/**", "space/docs/plan/space.doc"),
    ("**/README.md", "README.md"),
    ("**/README.md", "js/README.md"),
    ("**/*src/**", "a/src/app.js"),
    ("**/*src/**", "my-src/code/js/app.js"),
    ("**/*-post.md", "my-post.md"),
    ("**/*-post.md", "path/their-post.md"),
    ("**/migrate-*.sql", "migrate-10909.sql"),
    ("**/migrate-*.sql", "db/sept/migrate-v1.sql"),
    # corners
    ("", ""),
    ("*", ""),
    ("a?", ""),
    ("ab?c", "ac"),
    ("ab?c", "abc"),
    ("ab+", "abbb"),
    ("a+?", "aaa"),
    ("a?+", ""),
    ("a++", "aaa"),
    ("[ab]+", "abba"),
    ("[a-c-]x", "-x"),
    ("[]x]", "]"),
    (r"[\]x]", "]"),
    (r"[a\-c]", "-"),
    ("[^a]", "^"),
    ("[/a]b", "/b"),
    ("[ab", "[ab"),
    ("?x", "?x"),
    ("+x", "+x"),
    (r"\*", "*"),
    (r"\!x", "!x"),
    (r"a\?", "a?"),
    ("x\\", "x\\"),
    ("a/**/b", "a/b"),
    ("a/**/b", "a/x/y/b"),
    ("**/**/b", "b"),
    ("/**/b", "/b"),
    ("***", "a/b"),
    ("ü?ber", "ber"),
    (".x", ".x"),
]
OTHERS = [
    ("feature/*", "feature/a/b"),
    ("feature/**", "feature"),
    ("main", "maint"),
    ("main", "Main"),
    ("main", "xmain"),
    ("*", "a/b"),
    ("*.js", "src/app.js"),
    ("v[12].[0-9]+.[0-9]+", "v3.0.0"),
    ("v[12].[0-9]+.[0-9]+", "v1.0."),
    ("*.jsx?", "page.jsxx"),
    ("docs/*", "docs/a/b"),
    ("docs/**/*.md", "docs.md"),
    ("**/README.md", "xREADME.md"),
    ("a/**/b", "ab"),
    ("a/**/b", "a/xb"),
    ("a**/b", "ab"),
    ("ab+", "a"),
    ("a?", "aa"),
    ("[a-c]", "d"),
    ("[c-a]", "b"),
    ("[^a]", "b"),
    ("[ab]", "/"),
    ("[ab", "a"),
    (".x", "ax"),
    (r"\*", "a"),
    ("a\nb", "a"),
    ("", "a"),
]


@pytest.mark.parametrize(("pattern", "name"), MATCHING)
def test_3_2_what_a_pattern_stands_for(pattern: str, name: str) -> None:
    """3.2: a pattern stands for the whole name, each special character as the table says."""
    assert matches(pattern, name)


@pytest.mark.parametrize(("pattern", "name"), OTHERS)
def test_3_2_what_a_pattern_does_not_stand_for(pattern: str, name: str) -> None:
    """3.2: nothing else matches: no part of a name, no other case, no `/` for a `*`."""
    assert not matches(pattern, name)


@pytest.mark.parametrize(
    ("patterns", "name", "is_selected"),
    [
        (["releases/**", "!releases/**-alpha"], "releases/10", True),
        (["releases/**", "!releases/**-alpha"], "releases/beta/3-alpha", False),
        (["!releases/**-alpha", "releases/**"], "releases/3-alpha", True),
        (["*.md", "!README.md", "README*"], "README.md", True),
        (["*.md", "!README.md", "README*"], "hello.md", True),
        (["*.md", "!README.md"], "README.md", False),
        (["!main"], "develop", False),
        (["!main"], "main", False),
        (["a", "!a", "!a"], "a", False),
        ([r"\!a"], "!a", True),
        ([], "a", False),
    ],
)
def test_3_2_the_last_match_decides(patterns: list[str], name: str, is_selected: bool) -> None:
    """3.2: patterns hold in order; one with `!` takes out what an earlier one let in."""
    assert selects(patterns, name) is is_selected


SIGNS = {"": "", "?": "?", "+": "+", "+?": "*"}
PIECES = st.sampled_from(["a", "b", "/", "*", "?", "+", "[ab]"])


@given(st.lists(PIECES, max_size=8).map("".join), st.text("ab/", max_size=8))
def test_patterns_agree_with_regular_expressions(pattern: str, name: str) -> None:
    """Where both can say it, a pattern and a regular expression match the same names."""
    assert matches(pattern, name) is bool(re.fullmatch(_translate(pattern), name))


def _translate(pattern: str) -> str:
    """Write a pattern of `PIECES` as a regular expression, token by token."""
    parts: list[tuple[str, str, str]] = []
    for token in re.findall(r"(?:^|(?<=/))\*\*+/|\[ab\]|\*+|.", pattern):
        if token in {"?", "+"} and parts:
            before, signs, after = parts[-1]
            parts[-1] = before, signs + token, after
        elif token.startswith("**") and token.endswith("/"):
            parts.append(("(?:.*/", "", ")?"))
        elif token.startswith("*"):
            parts.append(("." if token[1:] else "[^/]", "?+", ""))
        else:
            parts.append((token if token[0] == "[" else re.escape(token), "", ""))
    return "".join(before + SIGNS["".join(sorted(set(s)))] + after for before, s, after in parts)


def test_time_grows_with_the_length_of_the_name() -> None:
    """A pattern that sends other matchers round in circles takes its time from the name alone."""
    assert_linear(lambda size: matches("*a" * 12 + "b", "a" * size), 200)


def event(name: str, **filters: Sequence[str]) -> Event:
    place = Position("ci.yml", 1, 1)
    written = [
        (key.replace("_", "-"), tuple(Text(value, place) for value in values))
        for key, values in filters.items()
    ]
    return Event(Text(name, place), tuple(written))


@pytest.mark.parametrize(
    ("declared", "activity", "at_fault"),
    [
        (event("push"), Activity(branch="x"), ""),
        (event("push", branches=["main"]), Activity(branch="main"), ""),
        (event("push", branches=["main"]), Activity(branch="x"), "branches"),
        (event("push", branches=["main"]), Activity(tag="main"), "branches"),
        (event("push", branches=["main"]), Activity(), ""),
        (event("push", branches_ignore=["w/**"]), Activity(branch="w/a/b"), "branches-ignore"),
        (event("push", branches_ignore=["w/**"]), Activity(branch="main"), ""),
        (event("push", branches_ignore=["w/**"]), Activity(tag="v1"), "branches-ignore"),
        (event("push", tags=["v*"]), Activity(tag="v1"), ""),
        (event("push", tags=["v*"]), Activity(tag="x"), "tags"),
        (event("push", tags=["v*"]), Activity(branch="v1"), "tags"),
        (event("push", tags_ignore=["v*"]), Activity(tag="v1"), "tags-ignore"),
        (event("push", tags_ignore=["v*"]), Activity(branch="v1"), "tags-ignore"),
        (event("push", tags=["v*"], branches=["main"]), Activity(branch="main"), ""),
        (event("push", tags=["v*"], branches=["main"]), Activity(tag="v1"), ""),
        (event("push", paths=["**.js"]), Activity(branch="a", paths=("a.md", "b/c.js")), ""),
        (event("push", paths=["**.js"]), Activity(branch="a", paths=("a.md",)), "paths"),
        (event("push", paths=["**.js", "!b/**"]), Activity(paths=("b/c.js",)), "paths"),
        (event("push", paths=["**.js"]), Activity(branch="a", paths=()), ""),
        (event("push", paths=["**.js"]), Activity(branch="a"), ""),
        (event("push", paths=["**.js"]), Activity(tag="v1", paths=("a.md",)), ""),
        (event("push", paths_ignore=["docs/**"]), Activity(paths=("docs/a",)), "paths-ignore"),
        (event("push", paths_ignore=["docs/**"]), Activity(paths=("docs/a", "b")), ""),
        (event("pull_request"), Activity(action="opened"), ""),
        (event("pull_request"), Activity(action="labeled"), "types"),
        (event("pull_request_target"), Activity(action="closed"), "types"),
        (event("pull_request", types=["labeled"]), Activity(action="labeled"), ""),
        (event("pull_request", types=["labeled"]), Activity(action="opened"), "types"),
        (event("pull_request", types=["labeled"]), Activity(), ""),
        (event("pull_request", branches=["main"]), Activity("next", action="opened"), "branches"),
        (event("issues"), Activity(action="labeled"), ""),
        (event("issues", types=["opened"]), Activity(action="labeled"), "types"),
        (event("workflow_run", workflows=["build"]), Activity(workflow="build"), ""),
        (event("workflow_run", workflows=["build"]), Activity(workflow="lint"), "workflows"),
        (event("workflow_run", branches=["main"]), Activity(branch="x"), "branches"),
        (event("merge_group", branches=["main"]), Activity(branch="main"), ""),
        (event("repository_dispatch", types=["go"]), Activity(action="stop"), "types"),
    ],
)
def test_3_2_which_filter_says_no(declared: Event, activity: Activity, at_fault: str) -> None:
    """3.2: each filter says no to what it does not cover, and nothing to what is not known."""
    mismatch = find_mismatch(declared, activity)
    assert (mismatch.filter if mismatch else "") == at_fault
