"""Plugins whose entry points are scripts, and plugins that need others, in real pipelines."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.project import Project

MANIFEST = """\
id: acme/greet
version: 1.0.0
inputs:
  who: {required: true}
outputs:
  said: {required: true}
entry_points:
  main:
    interpreter: runner/sh
    script: src/greet.sh
    arguments: [-v, "${{ inputs.who }}"]
    environment: {GREETING: hello}
dependencies: {runner/sh: ^0.1}
permissions:
  filesystem: {read_paths: [names.txt]}
"""
SCRIPT = """\
echo "$GREETING $2 with $1"
cat "${0%/*}/more.txt" names.txt
test ! -e secret.txt && ! echo x > names.txt
echo "said=$2" >> "$GITHUB_OUTPUT"
"""


def test_a_script_runs_by_an_interpreter(project: Project) -> None:
    """With its own folder, inputs, outputs and permissions; a single file of the workspace."""
    project.write(
        {
            "plugins/greet/step.yml": MANIFEST,
            "plugins/greet/src/greet.sh": SCRIPT,
            "plugins/greet/src/more.txt": "more\n",
            "names.txt": "names\n",
            "secret.txt": "secret\n",
        }
    )
    steps = """\
    - id: greet
      uses: ./plugins/greet
      with: {who: world}
    - run: echo "it said ${{ steps.greet.outputs.said }}"
    """
    outcome = project.run_steps(textwrap.dedent(steps))
    assert outcome.conclusions == ["success", "success"], outcome.lines
    assert outcome.lines[:3] == ["hello world with -v", "more", "names"]
    assert outcome.lines[-1] == "it said world"


def test_what_a_plugin_needs_is_told_before_the_run(project: Project) -> None:
    """By `validate` and `run` alike: which plugin, which version, and what there is."""
    project.write(
        {
            "plugins/greet/step.yml": MANIFEST.replace("runner/sh: ^0.1", "runner/sh: ^7"),
            "plugins/greet/src/greet.sh": SCRIPT,
            "ci.yml": "on: push\njobs: {a: {runs-on: x, steps: [{uses: ./plugins/greet}]}}\n",
        }
    )
    for verb in ("validate", "run"):
        done = project.call(verb, "ci.yml")
        assert done.code == 2
        shown = done.stdout + done.stderr
        assert "`runner/sh` is needed as `^7`, and `steps/sh` is 0.1.0" in shown
