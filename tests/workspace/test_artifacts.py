"""What an upload means, and how artifacts are kept."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

import pytest

from runner.errors import Denied, InvalidInput, RunnerError
from runner.workspace import artifacts, artifactstore
from runner.workspace.artifacts import collect_files
from runner.workspace.artifactstore import (
    list_artifacts,
    load_artifact,
    restore_artifact,
    save_artifact,
)
from runner.workspace.glob import parse_patterns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Place(NamedTuple):
    """A workspace, a store, and shortcuts for both."""

    root: Path
    store: Path

    def write(self, *files: str) -> None:
        """Write files that contain their own path."""
        for file in files:
            place = self.root / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(os.fsencode(file))

    def collect(self, text: str, *, include_hidden: bool = False) -> artifacts.Collection:
        """Collect what the patterns mean."""
        patterns = parse_patterns(text)
        return collect_files(str(self.root), patterns, include_hidden=include_hidden)

    def laid_out(self, text: str, *, include_hidden: bool = False) -> list[str]:
        """Return the paths in the artifact."""
        found = self.collect(text, include_hidden=include_hidden)
        return [found.place(path) for path in found.entries]

    def save(self, name: str, text: str, *, overwrite: bool = False) -> artifactstore.Artifact:
        """Save what the patterns mean."""
        found = self.collect(text)
        return save_artifact(str(self.store), name, str(self.root), found, overwrite=overwrite)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Make an empty workspace, and a secret beside it."""
    (tmp_path / "root").mkdir()
    (tmp_path / "secret").write_text("outside")
    return Place(tmp_path / "root", tmp_path / "store")


def codes(call: Callable[[], object], kind: type[RunnerError]) -> list[str]:
    """Return the codes of the error that `call` raises."""
    with pytest.raises(kind) as caught:
        call()
    return [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dist", ["a.js", "sub/b.js"]),
        ("dist/**", ["a.js", "sub/b.js"]),
        ("dist/**/*.js", ["a.js", "sub/b.js"]),
        ("dist/sub/b.js", ["b.js"]),
        ("dist/*.js", ["a.js"]),
        ("dist\ndocs", ["dist/a.js", "dist/sub/b.js", "docs/c.md"]),
        ("dist/sub\ndist/a.js", ["a.js", "sub/b.js"]),
        ("**/*.md", ["docs/c.md"]),
        ("dist\n!dist/sub", ["a.js"]),
        ("dist\n!**/*.js\ndist/a.js", ["a.js"]),
        ("/workspace/docs", ["c.md"]),
        ("none", []),
        ("dist/a.js/x", []),
        ("", []),
    ],
)
def test_artifacts_are_laid_out_as_on_github(place: Place, text: str, expected: list[str]) -> None:
    """The root of an artifact is what all paths have in common."""
    place.write("dist/a.js", "dist/sub/b.js", "docs/c.md")
    assert expected == place.laid_out(text)


def test_hidden_files_are_asked_for(place: Place) -> None:
    """What starts with a dot is left out unless wanted, or named as a file behind it."""
    place.write("d/.env", "d/.cache/x", "d/y", ".top/z")
    assert place.laid_out("d") == ["y"]
    assert place.laid_out("d", include_hidden=True) == [".cache/x", ".env", "y"]
    assert place.laid_out(".top") == []
    assert place.laid_out(".top/z") == ["z"]
    assert place.laid_out("d/.env") == []


def test_repository_data_and_runs_never_belong(place: Place) -> None:
    """Not even when hidden files do, or when they are named."""
    place.write(".git/config", "sub/.git/config", ".runner/x", "a")
    assert place.laid_out("**", include_hidden=True) == ["a"]
    assert place.laid_out(".git/config", include_hidden=True) == []


@pytest.mark.parametrize("text", ["dist", "dist/**", "dist/*", "**", "dist/secret", "dist/*/x\n."])
def test_a_planted_directory_link_is_refused_by_name(place: Place, text: str) -> None:
    """`dist` pointing outside refuses the upload, with the link and its target in the message."""
    (place.root / "dist").symlink_to(place.root.parent)
    with pytest.raises(Denied) as caught:
        place.collect(text)
    (problem,) = caught.value.problems
    assert problem.code == "not-a-file"
    assert f"`dist -> {place.root.parent}`" in problem.message


def test_every_planted_link_is_named(place: Place) -> None:
    """All problems at once; the message can be printed whatever a guest wrote."""
    place.write("dist/a")
    (place.root / "dist/l1").symlink_to("../../secret")
    (place.root / "dist/l2").symlink_to("a\x1b[31m")
    with pytest.raises(Denied) as caught:
        place.collect("dist")
    first, second = (problem.message for problem in caught.value.problems)
    assert "`dist/l1 -> ../../secret`" in first
    assert "`dist/l2 -> a\\x1b[31m`" in second


def test_a_flood_of_links_is_summed_up(place: Place) -> None:
    """A message names a few and counts the others."""
    for number in range(50):
        (place.root / f"l{number}").symlink_to("x")
    with pytest.raises(Denied, match="and 30 more"):
        place.collect("**")


def test_excluded_and_unmatched_links_do_not_matter(place: Place) -> None:
    """Only what would be uploaded is judged."""
    place.write("dist/a")
    (place.root / "dist/l").symlink_to("/etc")
    assert place.laid_out("dist\n!dist/l") == ["a"]
    assert place.laid_out("dist/a") == ["a"]


def test_a_pipe_is_refused(place: Place) -> None:
    """It is neither opened nor waited for."""
    os.mkfifo(place.root / "pipe")
    with pytest.raises(Denied, match="`pipe` is not a regular file"):
        place.collect("*")


def test_too_much_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sparse file counts with the size it claims."""
    with open(place.root / "huge", "wb") as stream:
        stream.truncate(artifacts.MAX_SIZE + 1)
    assert codes(lambda: place.collect("*"), Denied) == ["artifact-too-large"]
    (place.root / "huge").unlink()
    place.write("a", "b")
    monkeypatch.setattr(artifacts, "MAX_FILES", 1)
    assert codes(lambda: place.collect("*"), Denied) == ["artifact-too-large"]


@pytest.mark.parametrize("name", ["a:b", 'a"b', "a\nb", "a*b", os.fsdecode(b"\xff")])
def test_names_that_cannot_be_kept_are_refused(place: Place, name: str) -> None:
    """The same file names as on GitHub, and those that are not UTF-8."""
    place.write(name)
    assert codes(lambda: place.collect("**"), InvalidInput) == ["artifact-path"]


def test_saved_files_can_be_opened(place: Place) -> None:
    """An artifact is a folder of plain files with a list of digests beside it."""
    place.write("dist/a", "dist/sub/b")
    saved = place.save("out", "dist")
    assert (place.store / "out/sub/b").read_text() == "dist/sub/b"
    assert saved.size == len("dist/a") + len("dist/sub/b")
    assert saved == load_artifact(str(place.store), "out")
    assert list_artifacts(str(place.store)) == ["out"]
    assert sorted(os.listdir(place.store / ".store")) == ["out.json"]


def test_the_digest_covers_names_and_contents(place: Place) -> None:
    """It moves with either, and with nothing else."""
    place.write("a", "b")
    first = place.save("1", "a\nb").digest
    assert first == place.save("2", "b\na").digest
    (place.root / "b").rename(place.root / "c")
    assert first != place.save("3", "a\nc").digest


def test_a_name_is_taken_once(place: Place) -> None:
    """Unless it may be overwritten; then nothing of the old one is left."""
    place.write("a", "b")
    place.save("x", "a")
    assert codes(lambda: place.save("x", "b"), InvalidInput) == ["artifact-exists"]
    assert os.listdir(place.store / "x") == ["a"]
    place.save("x", "b", overwrite=True)
    assert os.listdir(place.store / "x") == ["b"]
    place.save("y", "b", overwrite=True)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", ".store", "a/b", "a\\b", "a:b", 'a"', "a\n", "\udc80", "a\x1b", "x" * 201],
)
def test_bad_names_are_refused(place: Place, name: str) -> None:
    """What GitHub refuses, and what would leave the store."""
    assert codes(lambda: place.save(name, "a"), InvalidInput) == ["artifact-name"]
    store, root = str(place.store), str(place.root)
    assert codes(lambda: restore_artifact(store, name, root), InvalidInput) == ["artifact-name"]


def test_a_file_swapped_for_a_link_is_refused(place: Place) -> None:
    """Between listing and opening the tree may change; nothing is kept then."""
    place.write("dist/a", "dist/b")
    found = place.collect("dist")
    (place.root / "dist/b").unlink()
    (place.root / "dist/b").symlink_to("../../secret")
    store, root = str(place.store), str(place.root)
    with pytest.raises(Denied, match=r"`dist/b -> \.\./\.\./secret`"):
        save_artifact(store, "x", root, found)
    assert os.listdir(place.store) == [".store"]
    assert os.listdir(place.store / ".store") == []


def test_a_directory_swapped_for_a_link_is_refused(place: Place) -> None:
    """Also where only the way to a file changed."""
    place.write("dist/secret")
    found = place.collect("dist")
    (place.root / "dist/secret").unlink()
    (place.root / "dist").rmdir()
    (place.root / "dist").symlink_to("..")
    with pytest.raises(Denied, match=r"`dist -> \.\.`"):
        save_artifact(str(place.store), "x", str(place.root), found)


def test_a_file_swapped_for_another_is_refused(place: Place) -> None:
    """A pipe, or another regular file, is not what was collected."""
    place.write("a")
    found = place.collect("a")
    (place.root / "a").unlink()
    os.mkfifo(place.root / "a")
    with pytest.raises(Denied, match="changed while it was saved"):
        save_artifact(str(place.store), "x", str(place.root), found)


def test_restores_into_a_directory(place: Place, tmp_path: Path) -> None:
    """Files arrive below the path; what stood in their place is replaced."""
    place.write("dist/a", "dist/sub/b")
    saved = place.save("out", "dist")
    target = tmp_path / "target"
    (target / "in").mkdir(parents=True)
    (target / "in/a").write_text("old")
    for path in ("in", "."):
        assert saved == restore_artifact(str(place.store), "out", str(target), path=path)
        assert (target / path / "sub/b").read_text() == "dist/sub/b"
        assert (target / path / "a").read_text() == "dist/a"
    assert sorted(os.listdir(target)) == ["a", "in", "sub"]


def test_restoring_follows_no_planted_link(place: Place) -> None:
    """A link in a file's place is replaced; one on the way refuses the download."""
    place.write("dist/secret", "dist/sub/b")
    place.save("out", "dist")
    (place.root / "in").mkdir()
    (place.root / "in/secret").symlink_to("../../secret")
    restore_artifact(str(place.store), "out", str(place.root), path="in")
    assert (place.root / "in/secret").read_text() == "dist/secret"
    assert not (place.root / "in/secret").is_symlink()
    (place.root / "way").symlink_to("..")
    with pytest.raises(Denied, match=r"`way -> \.\.`"):
        restore_artifact(str(place.store), "out", str(place.root), path="way")
    assert (place.root.parent / "secret").read_text() == "outside"
    assert sorted(os.listdir(place.root.parent)) == ["home", "root", "secret", "store"]


def test_restoring_over_a_directory_fails_clearly(place: Place) -> None:
    """What is in the way is named; nothing half-written is left."""
    place.write("a")
    place.save("out", "a")
    (place.root / "in/a").mkdir(parents=True)
    with pytest.raises(RunnerError, match="`in/a` cannot be written"):
        restore_artifact(str(place.store), "out", str(place.root), path="in")
    assert os.listdir(place.root / "in") == ["a"]


def test_restoring_outside_is_refused(place: Place) -> None:
    """The path stays in the workspace."""
    place.write("a")
    place.save("out", "a")
    store, root = str(place.store), str(place.root)
    assert codes(lambda: restore_artifact(store, "out", root, path="../x"), InvalidInput) == [
        "unsafe-path"
    ]


def test_an_unknown_artifact_has_a_near_name(place: Place) -> None:
    """The hint lists what there is."""
    place.write("a")
    place.save("output", "a")
    with pytest.raises(InvalidInput, match="did you mean `output`"):
        restore_artifact(str(place.store), "outptu", str(place.root))
    with pytest.raises(InvalidInput, match="no artifact `x`"):
        load_artifact(str(place.store / "none"), "x")


def test_a_changed_artifact_is_refused(place: Place) -> None:
    """Content, a missing folder or a damaged list: each is found out."""
    place.write("a")
    place.save("out", "a")
    store, root = str(place.store), str(place.root)
    (place.store / "out/a").write_text("poison")
    assert codes(lambda: restore_artifact(store, "out", root), Denied) == ["artifact-corrupt"]
    assert sorted(os.listdir(place.root)) == ["a"]
    (place.store / "out/a").unlink()
    (place.store / "out").rmdir()
    assert codes(lambda: restore_artifact(store, "out", root), Denied) == ["artifact-corrupt"]
    for damage in ("", "[]", '{"a": 1}', '{"a": ["x", "y"]}'):
        (place.store / ".store/out.json").write_text(damage)
        assert codes(lambda: load_artifact(store, "out"), Denied) == ["artifact-corrupt"]


def test_a_list_with_paths_outside_is_refused(place: Place) -> None:
    """Zip-slip: an entry never leaves the directory it is restored to."""
    place.write("a")
    place.save("out", "a")
    (place.store / ".store/out.json").write_text(json.dumps({"../../x": [1, "0"]}))
    store, root = str(place.store), str(place.root)
    assert codes(lambda: restore_artifact(store, "out", root), InvalidInput) == ["unsafe-path"]
