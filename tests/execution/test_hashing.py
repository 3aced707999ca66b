"""hashFiles (LANGUAGE 6.10)."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from runner.execution import hashing
from runner.execution.hashing import hash_files
from runner.expressions import ExpressionError

if TYPE_CHECKING:
    from pathlib import Path

FILES = ["b.txt", "a.txt", "sub/z.txt", "sub/.hidden", "sub/deep/c.txt", "sub-x/y.txt", "[a].txt"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    for name in FILES:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "secret.txt").write_text("outside")
    return root


def digest(*contents: str) -> str:
    """Return what files of these contents, in this order, come to."""
    parts = [hashlib.sha256(content.encode()).digest() for content in contents]
    return hashlib.sha256(b"".join(parts)).hexdigest()


@pytest.mark.parametrize(
    ("patterns", "files"),
    [
        (["a.txt"], ["a.txt"]),
        (["*.txt"], ["[a].txt", "a.txt", "b.txt"]),
        (["b.txt", "a.txt"], ["b.txt", "a.txt"]),
        (["b.txt\na.txt"], ["b.txt", "a.txt"]),
        (["b.txt\r\n# a.txt\r\n\r\na.txt"], ["b.txt", "a.txt"]),
        (["sub"], ["sub/.hidden", "sub/deep/c.txt", "sub/z.txt"]),
        (["sub/"], ["sub/.hidden", "sub/deep/c.txt", "sub/z.txt"]),
        (["sub*"], ["sub/.hidden", "sub/deep/c.txt", "sub/z.txt", "sub-x/y.txt"]),
        (["**/[cz].txt"], ["sub/deep/c.txt", "sub/z.txt"]),
        (["[[]a].txt"], ["[a].txt"]),
        (["?.txt"], ["a.txt", "b.txt"]),
        (["**/*.txt", "!sub/**", "!b.txt"], ["[a].txt", "a.txt", "sub-x/y.txt"]),
        (["**/*.txt", "!sub", "sub/z.txt", "![[]*", "!?.txt"], ["sub/z.txt", "sub-x/y.txt"]),
        (["/workspace/a.txt"], ["a.txt"]),
        (["./a.txt", "a.txt"], ["a.txt"]),
        (["~/a.txt", "/etc/passwd", "!~", "!/etc/**", "a.txt"], ["a.txt"]),
    ],
)
def test_6_10_files_are_found_in_order(tree: Path, patterns: list[str], files: list[str]) -> None:
    """§6.10: depth first and pattern by pattern; what lies outside the workspace is ignored."""
    assert hash_files(str(tree), patterns) == digest(*files)


@pytest.mark.parametrize(
    "pattern", ["none", "*.js", "", "# all", "~", "/", "/etc/passwd", "!a.txt"]
)
def test_6_10_nothing_found_is_the_empty_text(tree: Path, pattern: str) -> None:
    """§6.10: nothing matched gives ''."""
    assert hash_files(str(tree), [pattern]) == ""


@pytest.mark.parametrize("pattern", ["../secret.txt", "a/../b", "[z-a]", "--follow-links"])
def test_6_10_a_pattern_that_means_nothing_is_an_error(tree: Path, pattern: str) -> None:
    """§6.10: it fails the expression, and no file is read."""
    with pytest.raises(ExpressionError):
        hash_files(str(tree), [pattern])


def test_6_10_links_to_directories_are_followed_if_asked(tree: Path) -> None:
    """§6.10: `--follow-symbolic-links` enters them; without it they are passed over."""
    (tree / "link").symlink_to("sub/deep")
    assert hash_files(str(tree), ["link/**"]) == digest("sub/deep/c.txt")  # named, not met
    assert hash_files(str(tree), ["**/link/c.txt"]) == ""
    found = hash_files(str(tree), ["--follow-symbolic-links", "**/link/c.txt"])
    assert found == digest("sub/deep/c.txt")


def test_6_10_a_link_to_a_file_counts_as_that_file(tree: Path) -> None:
    """§6.10: also one of several hops, and one that is absolute in the guest's eyes."""
    (tree / "one.lnk").symlink_to("sub/../two.lnk")
    (tree / "two.lnk").symlink_to("/workspace/a.txt")
    assert hash_files(str(tree), ["*.lnk"]) == digest("a.txt", "a.txt")


@pytest.mark.parametrize(
    "target",
    ["../secret.txt", "/etc/passwd", "missing", "self.lnk", "/workspacex", "sub/../../tree/a.txt"],
)
def test_6_10_a_link_leads_out_of_the_workspace_never(tree: Path, target: str) -> None:
    """§6.10: what a guest links to outside, or to nothing, is no file."""
    (tree / "self.lnk").symlink_to(target)
    for option in ([], ["--follow-symbolic-links"]):
        assert hash_files(str(tree), [*option, "*.lnk"]) == ""


def test_6_10_links_in_circles_have_an_end(tree: Path) -> None:
    """§6.10: a directory is not entered from within itself."""
    (tree / "sub" / "up").symlink_to("..")
    (tree / "sub" / "here").symlink_to(".")
    found = hash_files(str(tree), ["--follow-symbolic-links", "**/c.txt"])
    assert found == digest("sub/deep/c.txt")


def test_6_10_links_that_multiply_have_an_end(tree: Path) -> None:
    """§6.10: thirty directories of two links each to the next look like a thousand million."""
    for number in range(30):
        (tree / f"d{number}").mkdir()
        for name in "xy":
            (tree / f"d{number}" / name).symlink_to(f"../d{number + 1}")
    os.mkdir(tree / "d30")
    (tree / "d30" / "end").write_text("")
    with pytest.raises(ExpressionError, match="links lead to more than"):
        hash_files(str(tree), ["--follow-symbolic-links", "d0/**"])


def test_6_10_it_takes_two_minutes_at_most(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """§6.10: then the expression fails, with GitHub's message."""
    assert hashing.MAX_TIME == 120
    monkeypatch.setattr(hashing, "MAX_TIME", -1)
    with pytest.raises(ExpressionError, match=r"hashFiles\('\*\*'\) couldn't finish within"):
        hash_files(str(tree), ["**"])
