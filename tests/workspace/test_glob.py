"""How path patterns are read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import InvalidInput
from runner.workspace.glob import parse_patterns

SEGMENTS = st.sampled_from(["a", "b", "ab", "ba", ".a", "aab"])
PATHS = st.lists(SEGMENTS, min_size=1, max_size=5).map("/".join)
WILD = st.text("ab*?.", min_size=1, max_size=5).filter(lambda text: text not in {".", ".."})
GLOBS = st.lists(st.one_of(st.just("**"), SEGMENTS, WILD), min_size=1, max_size=5).map("/".join)


def slow_segment(pattern: str, name: str) -> bool:
    """Match one segment by trying everything."""
    if not pattern:
        return not name
    if pattern[0] == "*":
        return slow_segment(pattern[1:], name) or bool(name and slow_segment(pattern, name[1:]))
    return bool(name) and pattern[0] in {"?", name[0]} and slow_segment(pattern[1:], name[1:])


def slow_match(pattern: list[str], path: list[str]) -> bool:
    """Match whole paths by trying everything."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return slow_match(pattern[1:], path) or bool(path and slow_match(pattern, path[1:]))
    return bool(path) and slow_segment(pattern[0], path[0]) and slow_match(pattern[1:], path[1:])


def slow(pattern: str, path: str) -> bool:
    """Match `path`, or a directory above it."""
    names = path.split("/")
    stop = len(names) if pattern.endswith("/") else len(names) + 1
    segments = [segment for segment in pattern.split("/") if segment]
    return any(slow_match(segments, names[:end]) for end in range(1, stop))


@given(GLOBS, PATHS, st.sampled_from(["", "/"]))
def test_agrees_with_a_slow_matcher(pattern: str, path: str, end: str) -> None:
    """Whatever the pattern, the linear matcher says what trying everything says."""
    whole = pattern if pattern.endswith("**") else pattern + end
    assert slow(whole, path) == parse_patterns(whole).matches(path)


@given(st.lists(st.tuples(st.booleans(), GLOBS), min_size=1, max_size=4), PATHS)
def test_the_last_matching_line_decides(lines: list[tuple[bool, str]], path: str) -> None:
    """`!` takes away what stood before it, and a later line may give it back."""
    text = "\n".join(("!" if excludes else "") + glob for excludes, glob in lines)
    verdicts = [not excludes for excludes, glob in lines if slow(glob, path)]
    assert (verdicts or [False])[-1] == parse_patterns(text).matches(path)


@given(st.text(r"ab[]!^-\\:*?/.~#", max_size=12))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    """No text makes the reader fail otherwise; a base always lies below the root."""
    try:
        patterns = parse_patterns(text)
    except InvalidInput:
        return
    patterns.matches("a/b")
    for base in patterns.bases:
        assert not base.startswith("/")
        assert ".." not in base.split("/")


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("dist", "dist/a/b.js", True),
        ("dist/", "dist/a", True),
        ("dist/", "dist", False),
        ("dist/**", "dist/.hidden/x", True),
        ("dist/*", "dist/a/b", True),
        ("dist/*.js", "dist/a/b.js", False),
        ("**/*.xml", "x.xml", True),
        ("**/*.xml", "a/b/x.xml", True),
        ("**", "a", True),
        (".", "a/b", True),
        ("/workspace/dist", "dist/a", True),
        ("/workspace", "a", True),
        ("./dist//a", "dist/a", True),
        ("[ab].txt", "a.txt", True),
        ("[!ab].txt", "a.txt", False),
        ("[^ab].txt", "c.txt", True),
        ("[a-c]", "b", True),
        ("[[:digit:]]", "7", True),
        ("[]a]", "]", True),
        ("[a", "[a", True),
        ("[]", "[]", True),
        ("[!]", "!", True),
        ("[+-9]", "a", False),
        (r"a\*b", "a*b", True),
        (r"a\*b", "axb", False),
        ("a**b", "axxb", True),
        ("a**b", "a/b", False),
        ("*", ".hidden", True),
        ("DIST", "dist", False),
    ],
)
def test_reads_each_form(pattern: str, path: str, expected: bool) -> None:
    """One example for each rule."""
    assert expected == parse_patterns(pattern).matches(path)


def test_comments_and_empty_lines_do_not_count() -> None:
    """A comment is no pattern, and white space around a line is not part of it."""
    patterns = parse_patterns("\n# all\n  a  \n\n")
    assert [line.text for line in patterns.lines] == ["a"]


@pytest.mark.parametrize(
    "text", ["/etc/passwd", "/workspaces/x", "../x", "a/../b", "~", "~/x", "!", "[z-a]",
             "[[:no:]]", "a\0b", "a" * 5000]
)  # fmt: skip
def test_refuses_what_leads_out_or_means_nothing(text: str) -> None:
    """Such a line is the user's error."""
    with pytest.raises(InvalidInput) as caught:
        parse_patterns(text)
    assert [problem.code for problem in caught.value.problems] == ["bad-pattern"]


@pytest.mark.parametrize(
    ("text", "bases"),
    [
        ("dist/**/*.js", ("dist",)),
        ("dist/a.js", ("dist/a.js",)),
        ("**/*.js", (".",)),
        ("dist\ndist/sub/*.js\n!out", ("dist",)),
        ("a/b\na/c", ("a/b", "a/c")),
        (r"a\[1]/x*", ("a[1]",)),
    ],
)
def test_bases_are_the_literal_starts(text: str, bases: tuple[str, ...]) -> None:
    """A search starts where the first wildcard makes it necessary, and nowhere twice."""
    assert bases == parse_patterns(text).bases


@pytest.mark.parametrize("pattern", ["a*" * 300 + "b", "**/a/" * 300 + "b", "*a/" * 100 + "b"])
def test_no_pattern_is_slow(pattern: str) -> None:
    """What takes a backtracking matcher for ever is done at once (the suite would hang)."""
    assert not parse_patterns(pattern).matches("a" * 4000)
    assert not parse_patterns(pattern).matches("/".join("a" * 2000))


def test_expressions_are_compiled_once() -> None:
    """A line holds its expression, so that each path costs one match."""
    (line,) = parse_patterns("a/*").lines
    assert isinstance(line.expression, re.Pattern)
