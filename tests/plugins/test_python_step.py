"""The driver of `steps/python`: it behaves as the interpreter itself, and records test cases.

It is run by this machine's Python, started in `/` as a WASI guest is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from runner.resources import locate

if TYPE_CHECKING:
    from pathlib import Path

DRIVER = locate("steps", "python", "main.py")
CODE = "import os, sys; print(__name__, os.getcwd(), sys.path[0], sys.argv)"
SUITE = """\
import unittest

class Case(unittest.TestCase):
    def test_good(self):
        pass

    def test_bad(self):
        self.assertEqual(1, 2)

    def test_broken(self):
        {}["x"]

    def test_parts(self):
        for part in (1, 2, 3):
            with self.subTest(part=part):
                self.assertNotEqual(part, 2)

    @unittest.skip("later")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_expected(self):
        self.fail()

    @unittest.expectedFailure
    def test_unexpected(self):
        pass

class Never(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise OSError("no disk")

    def test_never(self):
        pass
"""


def _run(
    folder: Path, *arguments: str, driver: bool = True, **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *([DRIVER] if driver else []), *arguments]
    return subprocess.run(
        command,
        cwd="/" if driver else folder,
        env={
            "PWD": str(folder),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a folder with a script, a package and a module on another path."""
    files = {
        "tool/script.py": f"{CODE}; import beside",
        "tool/beside.py": "",
        "package/__init__.py": "",
        "package/__main__.py": CODE,
        "elsewhere/extra.py": "print('extra')",
        "fails.py": "def f():\n    raise ValueError('bad')\nf()\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("tool/script.py", "a", "-b"),
        ("-c", CODE, "a"),
        ("-c", "raise SystemExit(7)"),
        ("-c", "import sys; sys.exit('words')"),
        ("-m", "package", "a"),
        ("-m", "tool.beside"),
        ("-m", "nowhere"),
        ("-u", "-c", CODE),
        ("fails.py",),
        ("-c", "1/0"),
        ("-c", "(("),
    ],
)
def test_programs_run_as_under_the_interpreter(project: Path, arguments: tuple[str, ...]) -> None:
    """Output, exit code and traceback are those of `python` in that folder."""
    ours, theirs = _run(project, *arguments), _run(project, *arguments, driver=False)
    assert ours.returncode == theirs.returncode
    assert ours.stdout == theirs.stdout
    assert ours.stderr.splitlines()[-1:] == theirs.stderr.splitlines()[-1:]
    assert "main.py" not in ours.stderr


def test_another_folder_can_be_chosen(project: Path) -> None:
    """The folder is relative to the step's, and both `getcwd` and `$PWD` know it."""
    code = "import os; print(os.getcwd() == os.environ['PWD'], os.path.basename(os.getcwd()))"
    assert _run(project, "--directory=tool", "-c", code).stdout == "True tool\n"


def test_relative_import_paths_are_the_steps(project: Path) -> None:
    """`PYTHONPATH` entries mean folders of the step, though the interpreter started in `/`."""
    result = _run(project, "-c", "import extra", PYTHONPATH="nowhere:elsewhere")
    assert result.stdout == "extra\n", result.stderr


@pytest.mark.parametrize("arguments", [(), ("-m",), ("-x", "a.py")])
def test_nothing_to_run_is_explained(project: Path, arguments: tuple[str, ...]) -> None:
    """Without a program there is a usage line, and a failure."""
    result = _run(project, *arguments)
    assert result.returncode == 1
    assert "usage: python" in result.stderr


@pytest.fixture
def recorded(tmp_path: Path) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """Run a suite in which everything happens; return the process and the records by name."""
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "__init__.py").write_text("")
    (tests / "test_all.py").write_text(SUITE)
    (tests / "test_gone.py").write_text("import nowhere_at_all\n")
    result = tmp_path / "result.json"
    arguments = ("-m", "unittest", "discover", "-s", "tests", "-t", ".")
    process = _run(tmp_path, *arguments, RUNNER_RESULT=str(result))
    records = json.loads(result.read_text())["tests"]
    assert all(set(record) == set(records[0]) for record in records)
    return process, {record["name"]: record for record in records}


def test_each_test_case_is_recorded(
    recorded: tuple[subprocess.CompletedProcess[str], dict[str, Any]],
) -> None:
    """Every outcome of unittest has its result; a failing subtest is a case of its own."""
    process, records = recorded
    assert process.returncode == 1
    assert {name: record["result"] for name, record in records.items()} == {
        "test_good": "passed",
        "test_bad": "failed",
        "test_broken": "errored",
        "test_parts (part=2)": "failed",
        "test_skipped": "skipped",
        "test_expected": "passed",
        "test_unexpected": "failed",
        "setUpClass": "errored",
        "test_gone": "errored",
    }
    assert records["test_good"]["suite"] == "tests.test_all.Case"
    assert records["setUpClass"]["suite"] == "tests.test_all.Never"
    assert records["test_gone"]["suite"] == "tests"


def test_failures_say_what_and_where(
    recorded: tuple[subprocess.CompletedProcess[str], dict[str, Any]],
) -> None:
    """The message is one line, the details a traceback, the place the line that failed."""
    _, records = recorded
    bad = records["test_bad"]
    assert bad["message"] == "1 != 2"
    assert "AssertionError: 1 != 2" in bad["details"]
    assert bad["file"].endswith("tests/test_all.py")
    assert bad["line"] == 8
    assert records["test_broken"]["message"] == "KeyError: 'x'"
    assert records["test_skipped"]["message"] == "later"
    assert records["test_gone"]["message"].startswith("ModuleNotFoundError: No module named")


def test_records_survive_a_test_that_ends_the_program(tmp_path: Path) -> None:
    """What was known when a test broke off the run is written all the same."""
    (tmp_path / "test_exit.py").write_text(
        "import unittest\nclass T(unittest.TestCase):\n"
        "    def test_a(self): pass\n    def test_b(self): raise KeyboardInterrupt\n"
    )
    result = tmp_path / "result.json"
    process = _run(tmp_path, "-m", "unittest", "test_exit", RUNNER_RESULT=str(result))
    assert process.returncode != 0
    assert [one["name"] for one in json.loads(result.read_text())["tests"]] == ["test_a"]
