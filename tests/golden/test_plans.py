"""Each folder of `plans/` is a project: what `validate` says of its `ci.yml` stands beside it.

Folders below `remote/` of a case, `OWNER/REPO@REF`, are given as repositories.
"""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runner.app.validate import validate
from runner.cli.problems import print_problems

if TYPE_CHECKING:
    from runner.errors import Problem
    from tests.golden.conftest import CompareGolden

HERE = Path(__file__).parent
CASES = sorted(path for path in (HERE / "plans").iterdir() if path.is_dir())
ROOT = HERE.parent.parent / "runner"

# Tested in tests/e2e/test_hostile.py: it takes fifty files.
TESTED_ELSEWHERE = {"call.too-many"}


def find_problems(folder: Path) -> tuple[Problem, ...]:
    """Return what is wrong with the project in `folder`, the current one."""
    remote = [path.relative_to(folder) for path in folder.glob("remote/*/*")]
    given = [f"{'/'.join(path.parts[1:])}={path}" for path in remote]
    return validate("ci.yml", local_repositories=given)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_plans(
    case: Path, compare: CompareGolden, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A project is refused, or not, with the places, messages and hints written beside it."""
    folder = shutil.copytree(case, tmp_path / "project")  # else it is a part of this repository
    monkeypatch.chdir(folder)
    problems = find_problems(folder)
    assert bool(problems) is not case.name.startswith("ok-")
    shown = io.StringIO()
    print_problems(problems, stream=shown)
    codes = "".join(f"{problem.code}\n" for problem in problems)
    compare(case.with_suffix(".out"), f"{codes}\n{shown.getvalue()}")


def test_every_output_has_its_case() -> None:
    """No expected output is left over from a removed case."""
    outputs = {path.with_suffix("") for path in (HERE / "plans").glob("*.out")}
    assert outputs == set(CASES)


def test_every_code_owns_a_case() -> None:
    """CODES.md lists the codes that planning uses, each with a case."""
    second = (HERE / "CODES.md").read_text().partition("## Plans")[2]
    rows = re.findall(r"^\| `([a-z.-]+)` \|", second, re.MULTILINE)
    shown = set()
    for path in (HERE / "plans").glob("*.out"):
        shown |= set(path.read_text().partition("\n\n")[0].split())
    assert sorted(rows) == rows
    assert set(rows) - TESTED_ELSEWHERE <= shown
    assert codes_in_sources() == set(rows)


def codes_in_sources() -> set[str]:
    quoted = re.compile(r'Problem\(\s*f?"([a-z]+(?:[.-][a-z-]+)?)(\{kind\})?"')
    kinds = {"call.missing-": ("input", "secret"), "call.unknown-": ("input", "secret"),
             "plan.unsupported-": ("grant", "remote")}  # fmt: skip
    found = set()
    for source in (*(ROOT / "plan").glob("*.py"), ROOT / "app" / "catalogue.py"):
        for code, is_open in quoted.findall(source.read_text()):
            found |= {code + kind for kind in kinds[code]} if is_open else {code}
    return found
