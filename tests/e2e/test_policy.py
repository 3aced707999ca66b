"""What caps the grants of a pipeline's steps: `--policy` and `.runner/policy.yml`."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tests.support.project import event_records

if TYPE_CHECKING:
    from tests.support.project import Project

PIPELINE = textwrap.dedent("""\
on: push
jobs:
  job:
    runs-on: x
    steps:
      - id: script
        run: echo hi
        continue-on-error: true
      - id: after
        run: echo "${{ steps.script.outcome }}"
        if: always()
""")


def test_a_step_beyond_the_policy_is_refused_and_the_rest_goes_on(project: Project) -> None:
    """It is errored before it starts, with the rule at fault and the missing grant as YAML."""
    policy = (
        "rules:\n  - plugins: [runner/*, 'steps/*']\n    allow: {filesystem: {read_paths: [.]}}\n"
    )
    project.write({".runner/policy.yml": policy, "ci.yml": PIPELINE})
    done = project.call("run", "ci.yml")
    outcome = project.outcome()
    assert (done.code, outcome.conclusions) == (1, ["success", "failure"])
    step = outcome.steps[0]
    assert (step.outcome, step.verdict, step.errored) == ("failure", "denied", True)
    (denial,) = step.denials
    assert denial.permission == "policy-denied"
    assert "write_paths: [.]" in denial.grant
    assert "policy.yml:2:5" in step.message
    records = [one for one in event_records(outcome) if one["event"] == "step.finished"]
    assert records[0]["denials"] == [denial._asdict()]
    text = (outcome.folder / "junit.xml").read_text()
    assert "write_paths: [.]" in text


def test_the_option_names_another_file(project: Project) -> None:
    """`--policy FILE` counts instead; `plan` shows what is left."""
    project.write({"cap.yml": "rules: [{plugins: ['*'], allow: all}]\n"})
    project.write({".runner/policy.yml": "rules: []\n", "ci.yml": PIPELINE})
    assert project.call("run", "ci.yml", "--policy", "cap.yml").code == 0
    capped = project.call("plan", "ci.yml").stdout
    assert "nothing but its own inputs" in capped
    assert (
        "write the whole workspace" in project.call("plan", "ci.yml", "--policy", "cap.yml").stdout
    )


def test_a_broken_policy_stops_the_run(project: Project) -> None:
    """Nothing runs, and the place is told."""
    project.write({".runner/policy.yml": "rules: [{plugins: [x], allow: everything}]\n"})
    project.write({"ci.yml": PIPELINE})
    done = project.call("run", "ci.yml")
    assert done.code == 2
    assert "policy.yml:1:" in done.stderr
    missing = project.call("run", "ci.yml", "--policy", "none.yml")
    assert (missing.code, "none.yml" in missing.stderr) == (2, True)
