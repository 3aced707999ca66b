"""Files and patterns in permissions, with the real shell in the real sandbox."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from runner.abi import Denial, Verdict
from runner.errors import Denied

if TYPE_CHECKING:
    from tests.plugins.conftest import Shell


def test_a_pattern_shows_its_files_and_no_others(shell: Shell) -> None:
    """What may be read is there, at its place; all else does not exist, and nothing is writable."""
    shell.write(src__a_c="A", src__b_h="B", src__deep__c_c="C", top_c="T")
    done = shell.run("find . -type f | sort; cat src/a.c", filesystem={"read_paths": ["src/*.c"]})
    assert done.output == "./src/a.c\nA"
    for act in ("cat src/b.h", "echo x > src/a.c", "echo x > src/new.c", "rm src/a.c"):
        done = shell.run(act, filesystem={"read_paths": ["src/*.c"]})
        assert done.result.exit_code == 1, act
    done = shell.run("find . -type f | sort", filesystem={"read_paths": ["**/*.c"]})
    assert done.output == "./src/a.c\n./src/deep/c.c\n./top.c\n"
    assert (shell.workspace / "src/a.c").read_text() == "A"


def test_a_single_file_is_shown_alone(shell: Shell) -> None:
    """Neither its neighbours nor other folders are there."""
    shell.write(README_md="read me", secret_md="no", docs__a_md="A", docs__b_md="B")
    requested = {"read_paths": ["README.md", "docs/a.md"]}
    done = shell.run("find . -type f | sort; cat README.md", filesystem=requested)
    assert done.output == "./README.md\n./docs/a.md\nread me"


def test_what_is_written_in_a_pattern_is_taken_over(shell: Shell) -> None:
    """New, changed and removed files reach the workspace, and only those."""
    shell.write(docs__a_md="A", docs__b_md="B", docs__keep_txt="K", other_txt="O")
    (shell.workspace / "docs/a.md").chmod(0o755)
    os.utime(shell.workspace / "docs/keep.txt", ns=(5, 5))
    done = shell.run(
        "echo more >> docs/a.md; rm docs/b.md; echo new > docs/c.md; cat docs/keep.txt other.txt",
        filesystem={"read_paths": ["."], "write_paths": ["docs/*.md"]},
    )
    assert done.result.is_success, done
    assert done.output == "KO"
    docs = shell.workspace / "docs"
    assert {path.name: path.read_text() for path in docs.iterdir()} == {
        "a.md": "Amore\n",
        "c.md": "new\n",
        "keep.txt": "K",
    }
    assert os.access(docs / "a.md", os.X_OK)
    assert (docs / "keep.txt").stat().st_mtime_ns == 5


def test_what_is_written_elsewhere_is_dropped_and_told(shell: Shell) -> None:
    """The step is denied, with the grant that would have allowed it, and nothing has happened."""
    shell.write(docs__a_md="A", docs__b_txt="B")
    done = shell.run(
        "echo x > docs/b.txt; mkdir docs/d; echo y > docs/d/e.txt; echo z > docs/a.md",
        filesystem={"read_paths": ["."], "write_paths": ["docs/*.md"]},
    )
    assert done.result.verdict == Verdict.DENIED
    assert (
        done.result.message == "it may not write `docs/b.txt` and 1 more; that change was dropped"
    )
    assert done.result.denials == (
        Denial(
            "filesystem.write_paths",
            "write `docs/b.txt`",
            "grant: {filesystem: {write_paths: [docs/b.txt]}}",
        ),
        Denial(
            "filesystem.write_paths",
            "write `docs/d/e.txt`",
            "grant: {filesystem: {write_paths: [docs/d/e.txt]}}",
        ),
    )
    assert (shell.workspace / "docs/b.txt").read_text() == "B"
    assert (shell.workspace / "docs/a.md").read_text() == "z\n"
    assert not (shell.workspace / "docs/d").exists()


def test_a_single_file_may_be_written(shell: Shell) -> None:
    """Also by a program that writes beside it and renames; its neighbours are out of reach."""
    shell.write(a_txt="A", b_txt="B", sub__c_txt="C")
    requested = {"write_paths": ["a.txt"]}
    done = shell.run("echo x > a.new; mv a.new a.txt; ls; ls sub || true", filesystem=requested)
    assert done.result.is_success
    assert done.output.startswith("a.txt\n")
    assert (shell.workspace / "a.txt").read_text() == "x\n"
    done = shell.run(
        "cat sub/c.txt; echo y > sub/c.txt",
        filesystem={"read_paths": ["."], "write_paths": ["sub/c.txt"]},
    )
    assert done.result.is_success, done
    assert (shell.workspace / "sub/c.txt").read_text() == "y\n"
    done = shell.run("echo x > b.txt", filesystem=requested)
    assert done.result.denials[0].act == "write `b.txt`"
    assert (shell.workspace / "b.txt").read_text() == "B"


def test_folders_and_patterns_go_together(shell: Shell) -> None:
    """A writable folder stays itself below a pattern that is read, and within one that is not."""
    shell.write(a_md="A", src__x_c="X", dist__old="O", b_txt="B")
    requested = {"read_paths": ["*.md", "src"], "write_paths": ["dist"]}
    script = "find . -type f | sort; echo n > dist/new; ! echo x > src/x.c"
    done = shell.run(script, filesystem=requested)
    assert done.result.is_success, done
    assert done.output.splitlines()[:3] == ["./a.md", "./dist/old", "./src/x.c"]
    assert (shell.workspace / "dist/new").read_text() == "n\n"
    requested = {"read_paths": ["src"], "write_paths": ["dist", "*.md"]}
    script = "find . -type f | sort; echo m > dist/newer; echo m > b.md; rm dist/old"
    done = shell.run(script, filesystem=requested)
    assert done.result.is_success, done
    assert done.output.splitlines() == ["./a.md", "./dist/new", "./dist/old", "./src/x.c"]
    assert sorted(os.listdir(shell.workspace / "dist")) == ["new", "newer"]
    assert (shell.workspace / "b.md").read_text() == "m\n"


def test_both_of_two_patterns_must_hold(shell: Shell) -> None:
    """What request and grant have in common is what is shown."""
    shell.write(src__a_c="A", src__b_h="B", lib__c_c="C")
    done = shell.run("find . -type f", filesystem={"read_paths": ["src & **/*.c"]})
    assert done.output == "./src/a.c\n"


def test_links_are_not_followed(shell: Shell) -> None:
    """Neither one that matches nor one on the way brings in what lies elsewhere, or goes there."""
    outside = shell.workspace.parent / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (shell.workspace / "link.md").symlink_to(outside / "secret.md")
    (shell.workspace / "docs").symlink_to(outside)
    for path in ("*.md", "docs/*.md", "docs/secret.md", "link.md"):
        done = shell.run("cat link.md docs/secret.md", filesystem={"read_paths": [path]})
        assert "secret\n" not in done.output + "\n"
        assert not done.result.is_success
    with pytest.raises(Denied, match="cannot be made"):
        shell.run("true", filesystem={"write_paths": ["docs/x"]})


def test_a_link_that_was_planted_is_written_as_a_link(shell: Shell) -> None:
    """A guest's link is taken over as what it is, and what it points at stays as it was."""
    outside = shell.workspace.parent / "outside.md"
    outside.write_text("mine")
    shell.write(a_md="A")
    done = shell.run(
        "rm a.md; ln -s ../outside.md a.md; ln -s ../outside.md b.txt",
        filesystem={"write_paths": ["*.md"]},
    )
    assert os.readlink(shell.workspace / "a.md") == "../outside.md"
    assert [denial.act for denial in done.result.denials] == ["write `b.txt`"]
    done = shell.run("rm a.md; echo x > a.md", filesystem={"write_paths": ["*.md"]})
    assert done.result.is_success, done
    assert (shell.workspace / "a.md").read_text() == "x\n"
    assert outside.read_text() == "mine"


def test_folders_alone_need_no_room(shell: Shell) -> None:
    """The usual case runs the invocation as it was prepared; folders are made."""
    done = shell.run("echo x > out/y", filesystem={"read_paths": ["."], "write_paths": ["out"]})
    assert done.result.is_success
    assert (shell.workspace / "out/y").read_text() == "x\n"


def test_links_to_what_is_read_are_no_way_to_write(shell: Shell) -> None:
    """Nor by a name that a guest gives them where it may write: the files stay as they are."""
    shell.write(src__a_c="A", out__x="X")
    requested = {"read_paths": ["src/*.c"], "write_paths": ["out"]}
    for act in (
        "ln src/a.c out/a.c && echo x > out/a.c",
        "mv src/a.c out/a.c && echo x > out/a.c",
        "ln -s ../src/a.c out/l.c && echo x > out/l.c",
        "touch -t 200001010000 src/a.c",
        "chmod 777 src/a.c && echo x > src/a.c",
        "echo x >> /workspace/out/../src/a.c",
    ):
        before = (shell.workspace / "src/a.c").stat().st_mtime_ns
        shell.run(act, filesystem=requested)
        assert (shell.workspace / "src/a.c").read_text() == "A", act
        assert (shell.workspace / "src/a.c").stat().st_mtime_ns == before
