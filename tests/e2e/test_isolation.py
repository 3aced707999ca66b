"""What hostile plugins plant: nothing outside is read or changed, and uploads refuse by name."""

from __future__ import annotations

import os
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.project import Project


def test_planted_links_lead_nowhere(project: Project) -> None:
    """Links to /etc and out of the tree can be made or not, but never followed."""
    secret = project.folder.parent / f"{project.folder.name}-secret.txt"
    secret.write_text("secret")
    outcome = project.run_steps(
        textwrap.dedent(f"""\
        - run: |
            ln -s /etc dist || echo "no dist"
            ln -s ../../{secret.name} up || echo "no up"
            cat dist/passwd && echo leaked
            cat up && echo leaked
            echo changed > up && echo leaked
            true
        - run: echo planted > dist/planted || echo refused
          shell: bash {{0}}
        """)
    )
    assert "leaked" not in outcome.lines
    assert secret.read_text() == "secret"
    assert not any("secret" in line and "cat" not in line for line in outcome.lines)
    secret.unlink()


def test_an_upload_refuses_links_by_name(project: Project) -> None:
    """An artifact that would follow a planted link is refused, naming link and target."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |
            mkdir out && echo fine > out/fine.txt
            ln -s ../../../x out/escape
        - uses: actions/upload-artifact@v4
          with: {name: out, path: out}
        """)
    )
    assert outcome.conclusions == ["success", "failure"]
    assert outcome.steps[1].errored
    assert "out/escape" in outcome.steps[1].message
    assert "../../../x" in outcome.steps[1].message
    assert not (outcome.folder / "artifacts" / "out").exists()


def test_a_step_sees_no_file_of_the_host(project: Project) -> None:
    """Only the workspace, the plugin, the command files and /tmp are there."""
    outcome = project.run_steps(
        textwrap.dedent("""\
        - run: |
            for path in /etc/passwd /proc/self/environ /home /root /usr/bin ../../etc; do
              [ -e "$path" ] && echo "sees $path"
            done
            true
        """)
    )
    assert (outcome.code, outcome.lines) == (0, [])


def test_a_step_does_not_see_the_hosts_environment(project: Project) -> None:
    """Nothing is inherited: a secret in our environment stays ours."""
    project.write({"ci.yml": "on: push\njobs: {j: {runs-on: x, steps: [{run: env}]}}\n"})
    completed = project.call("run", "ci.yml", environment={"TOP_SECRET": "hunter2"})
    assert completed.code == 0
    assert "hunter2" not in completed.stdout + completed.stderr
    assert "hunter2" not in (project.folder / ".runner/latest/journal.jsonl").read_text()


def test_git_is_not_visible_to_steps(project: Project) -> None:
    """A step cannot read credentials from `.git`, nor runs of other times."""
    project.write({".git/config": "[remote]\n\turl = https://token@example.invalid\n"})
    outcome = project.run_steps("- run: ls -A\n")
    assert outcome.lines == ["ci.yml"]


def test_a_failed_run_leaves_the_tree_alone(project: Project) -> None:
    """Each job works on its own copy; with --in-place it works on the tree itself."""
    project.write({"data.txt": "old"})
    steps = "- run: echo new > data.txt; rm ci.yml; exit 1\n"
    outcome = project.run_steps(steps)
    assert outcome.code == 1
    assert (project.folder / "data.txt").read_text() == "old"
    kinds = {(kind, path) for kind, path, *_ in outcome.steps[0].changes}
    assert kinds == {("modified", "data.txt"), ("removed", "ci.yml")}
    outcome = project.run_steps("- run: echo new > data.txt\n", "--in-place")
    assert outcome.code == 0
    assert (project.folder / "data.txt").read_text() == "new\n"


def test_jobs_do_not_see_each_others_files(project: Project) -> None:
    """What one job wrote reaches another only as an artifact."""
    outcome = project.run(
        textwrap.dedent("""\
        on: push
        jobs:
          one:
            runs-on: x
            steps: [{run: echo x > made.txt}]
          two:
            needs: one
            runs-on: x
            steps: [{run: "test ! -e made.txt"}]
        """)
    )
    assert outcome.jobs == {"one": "success", "two": "success"}


def test_a_step_in_place_cannot_lead_the_host_elsewhere(project: Project, tmp_path: Path) -> None:
    """What the host writes to and shows to guests is out of reach of those who have the tree."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret").write_text("precious\n")
    up = os.path.relpath(elsewhere, project.folder / ".runner" / "runs" / "id")
    outcome = project.run_steps(
        f"""\
- run: |
    cd .runner/runs/*
    find . -name tmp | while read tmp; do mv $tmp old; ln -s ../../{up} $tmp; done
    for name in artifacts logs; do
      if [ -e $name ]; then mv $name old-$name; fi
      ln -s {up} $name
    done
- run: echo mine > /tmp/mine; echo here > here; ls /tmp
- uses: actions/upload-artifact@v4
  with: {{name: got, path: here}}
- uses: actions/download-artifact@v4
  with: {{name: got, path: again}}
""",
        "--in-place",
    )
    assert outcome.code == 0, outcome.lines
    assert "secret" not in outcome.lines
    assert [path.name for path in elsewhere.iterdir()] == ["secret"]
    assert (project.folder / "again" / "here").read_text() == "here\n"
    assert outcome.artifact("got", "here") == b"here\n"
    assert not (outcome.folder / "artifacts").is_symlink()


def test_a_plugin_in_place_is_not_shown_through_a_link(project: Project, tmp_path: Path) -> None:
    """A step that puts a link in the place of a plugin's folder does not show what it leads to."""
    (tmp_path / "main.sh").write_text("cat /script/main.sh\n")
    manifest = """\
        id: own/plug
        version: 1.0.0
        kind: step
        description: shows its folder
        dependencies: {runner/sh: ">=0.1"}
        entry_points: {main: {interpreter: runner/sh, script: main.sh}}
        """
    project.write({"plug/step.yml": textwrap.dedent(manifest), "plug/main.sh": "echo fine\n"})
    up = os.path.relpath(tmp_path, project.folder)
    steps = f"- uses: ./plug\n- run: mv plug old; ln -s {up} plug\n- uses: ./plug\n"
    outcome = project.run_steps(steps, "--in-place")
    assert outcome.conclusions == ["success", "success", "failure"]
    assert outcome.lines == ["fine"]
