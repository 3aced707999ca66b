"""The examples that a newcomer runs, as they lie in the tree."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.project import ROOT, Outcome

if TYPE_CHECKING:
    from tests.support.project import Project

EXAMPLES = Path(ROOT) / "examples"
# Modules come from the registry that npm is configured for: by the user's file, or by npm itself.
HOME = {"HOME": os.path.expanduser("~")}


@pytest.fixture
def examples(project: Project) -> Project:
    """A project that holds a copy of `examples/`."""
    shutil.copytree(EXAMPLES, project.folder / "examples", ignore=shutil.ignore_patterns("__py*"))
    return project


def run_example(project: Project, name: str) -> Outcome:
    done = project.call("run", f"examples/pipelines/{name}.yml", environment=HOME)
    return Outcome(done, project.folder)


def test_every_example_is_valid(examples: Project) -> None:
    """All pipelines below `examples/pipelines` pass `validate`."""
    files = sorted(str(path) for path in Path("examples/pipelines").glob("*.yml")) or [
        f"examples/pipelines/{path.name}" for path in (EXAMPLES / "pipelines").glob("*.yml")
    ]
    done = examples.call("validate", *files)
    assert (done.code, done.stderr) == (0, "")


def test_quickstart(examples: Project) -> None:
    """Exits 0; junit.xml has one test case per step, and the artifacts lie in the run's folder."""
    outcome = run_example(examples, "quickstart")
    assert outcome.code == 0, outcome.stdout
    assert outcome.jobs == {"site": "success", "package": "success"}
    cases = [case.name for suite in outcome.junit for case in suite]
    assert len(cases) == len(outcome.steps) == 13
    assert outcome.junit.failures == outcome.junit.errors == 0
    assert "SHA256SUMS" in os.listdir(outcome.folder / "artifacts" / "package")
    assert (outcome.folder / "artifacts" / "site" / "index.html").is_file()
    assert "### handbook-" in outcome.steps[-2].summary
    assert not (examples.folder / "examples" / "handbook" / "out").exists()


def test_bundle(examples: Project) -> None:
    """The real esbuild, fetched and checked, bundles the dashboard."""
    outcome = run_example(examples, "bundle")
    assert outcome.code == 0, outcome.stdout + outcome.stderr
    assert b"main.js" in outcome.artifact("dashboard", "index.html")
    assert outcome.artifact("dashboard", "dist", "main.js")


def test_python_tests(examples: Project) -> None:
    """CPython runs the suite, and each unit test becomes a test case."""
    outcome = run_example(examples, "python-tests")
    assert outcome.code == 0, outcome.stdout + outcome.stderr
    assert {test.result for test in outcome.tests} <= {"passed", "skipped"}
    names = {case.name for suite in outcome.junit for case in suite}
    assert len(outcome.tests) > 5
    assert {test.name for test in outcome.tests} <= names


def test_a_broken_unit_test_is_named_everywhere(examples: Project) -> None:
    """Exit code 1, and the test's name in the console, in JUnit and in the journal."""
    broken = "    def test_that_is_broken(self):\n        self.assertEqual(1, 2)\n"
    tests = examples.folder / "examples" / "semver" / "tests"
    (tests / "test_broken.py").write_text(
        f"import unittest\n\n\nclass Broken(unittest.TestCase):\n{broken}"
    )
    outcome = run_example(examples, "python-tests")
    assert outcome.code == 1
    assert outcome.jobs == {"test": "failure", "next": "skipped"}
    assert "test_that_is_broken" in outcome.stdout
    (failed,) = [test for test in outcome.tests if test.result == "failed"]
    assert failed.name == "test_that_is_broken"
    assert "1 != 2" in failed.message + failed.details
    cases = [case for suite in outcome.junit for case in suite if case.name == failed.name]
    assert [type(case.result[0]).__name__ for case in cases] == ["Failure"]
