"""What a run leaves: the journal by its schema, JUnit, the tree it worked on."""

from __future__ import annotations

import json
import os
import textwrap
from typing import TYPE_CHECKING

import jsonschema

from tests.support.project import ROOT, event_records

if TYPE_CHECKING:
    from tests.support.project import Project

PIPELINE = textwrap.dedent("""\
    name: Everything
    on: push
    jobs:
      good:
        runs-on: x
        strategy: {matrix: {n: [1, {a: [2]}]}}
        outputs: {o: x}
        steps:
          - run: |
              echo "::warning file=a,line=1::careful"
              echo new > file.txt
              echo "### sum" >> $GITHUB_STEP_SUMMARY
              echo '{"tests": [{"name": "t", "result": "failed", "message": "m"}, {"name": 1},
                {"name": {}, "result": []}, 7]}' > $RUNNER_RESULT
            id: everything
          - uses: actions/upload-artifact@v4
            with: {name: "a${{ strategy.job-index }}", path: file.txt}
      bad:
        runs-on: x
        steps: [{run: exit 9}, {run: echo no}]
      skipped: {needs: bad, runs-on: x, steps: [{run: echo no}]}
    """)


def test_the_journal_keeps_to_its_schema(project: Project) -> None:
    """Every event of a run with all kinds of them is valid, and numbered without a gap."""
    outcome = project.run(PIPELINE)
    with open(os.path.join(ROOT, "schemas", "journal.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    records = event_records(outcome)
    for record in records:
        validator.validate(record)
    assert [record["seq"] for record in records] == list(range(1, len(records) + 1))
    kinds = {record["event"] for record in records}
    assert kinds >= {
        *("run.started", "job.started", "step.started", "step.finished", "annotation"),
        *("test.finished", "artifact.saved", "job.finished", "run.finished"),
    }
    finished = [record for record in records if record["event"] == "job.finished"]
    assert sorted((record["job"], record["result"]) for record in finished) == [
        ("bad", "failure"),
        ("good", "success"),
        ("good", "success"),
        ("skipped", "skipped"),
    ]
    assert {json.dumps(record["leg"]) for record in finished} == {
        "null",
        '{"n": 1}',
        '{"n": {"a": [2]}}',
    }
    (step,) = [
        record
        for record in records
        if record["event"] == "step.finished" and record["exit_code"] == 9
    ]
    assert (step["job"], step["step"], step["outcome"]) == ("bad", 0, "failure")
    assert (step["conclusion"], step["errored"], step["id"]) == ("failure", False, "")
    assert os.listdir(outcome.folder) == os.listdir(outcome.folder)
    assert "work" not in os.listdir(outcome.folder)


def test_junit_has_a_case_per_step_and_per_test(project: Project) -> None:
    """A failed step is a failure, one that did not run is skipped; counts agree."""
    outcome = project.run(PIPELINE)
    cases = [case for suite in outcome.junit for case in suite]
    kinds = [type(result).__name__ for case in cases for result in case.result]
    assert kinds.count("Skipped") >= 1
    assert outcome.junit.failures == kinds.count("Failure") == 3
    assert outcome.junit.tests == len(cases)
    assert [case.name for case in cases].count("t") == 2


def test_the_source_can_be_elsewhere(project: Project) -> None:
    """--source: the tree, plugins and the run's folder are those of another folder."""
    project.write({"tree/data.txt": "there", "ci.yml": "on: push\njobs: {j: {runs-on: x, steps: "
                   "[{run: cat data.txt; ls}]}}\n"})  # fmt: skip
    done = project.call("run", "ci.yml", "--source", "tree")
    assert done.code == 0
    assert "there" in done.stdout
    assert (project.folder / "tree" / ".runner" / "latest" / "junit.xml").is_file()
    assert not (project.folder / ".runner").exists()


def test_latest_points_at_the_newest_run(project: Project) -> None:
    """Runs are kept side by side, and git ignores them."""
    first = project.run_steps("- run: echo 1\n").folder.resolve()
    second = project.run_steps("- run: echo 2\n").folder.resolve()
    assert first != second
    assert first.is_dir()
    assert (project.folder / ".runner" / "latest").resolve() == second
    assert (project.folder / ".runner" / ".gitignore").read_text() == "*\n"


def test_a_reader_that_leaves_early_is_no_trouble(project: Project) -> None:
    """`runner run FILE | head -1`: the run goes on, and nobody complains."""
    project.write({"ci.yml": "on: push\njobs: {a: {runs-on: x, steps: [{run: seq 5000}]}}\n"})
    process = project.start("run", "ci.yml")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert (process.wait(timeout=60), project.outcome().jobs) == (0, {"a": "success"})
    assert process.stderr is not None
    assert [line for line in process.stderr if not line.startswith("compiling ")] == []
    process.stderr.close()
