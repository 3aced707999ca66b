"""Every file in `ok/` is accepted and every file in `err/` refused, with the text beside it.

Files named `action-*` are actions, all others workflows.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runner.documents.decode import split_lines
from runner.documents.excerpt import render
from runner.documents.reader import examine
from runner.errors import InvalidInput
from runner.workflow import action, reader
from tests.golden.summary import summarize

if TYPE_CHECKING:
    from runner.documents.nodes import Document
    from runner.errors import Problem
    from tests.golden.conftest import CompareGolden

HERE = Path(__file__).parent
OK = sorted((HERE / "ok").glob("*.yml"))
ERR = sorted((HERE / "err").glob("*.yml"))
GOLDEN = [*HERE.glob("ok/*.out"), *HERE.glob("err/*.out")]

# Tested in tests/documents: a file of a megabyte, and keywords that no pipeline can violate.
TESTED_ELSEWHERE = {"yaml.too-large", "schema.invalid"}


def is_action(path: Path) -> bool:
    return path.stem.startswith("action-")


def examine_golden(path: Path) -> tuple[Document, tuple[Problem, ...]]:
    content = path.read_bytes()
    if is_action(path):
        return examine(path.name, content, action.SCHEMA, rules=action.check_action)
    return examine(path.name, content, reader.SCHEMA, rules=reader.check_workflow)


def find_problems(path: Path) -> tuple[Problem, ...]:
    try:
        return examine_golden(path)[1]
    except InvalidInput as error:
        return error.problems


def show(path: Path, problems: tuple[Problem, ...]) -> str:
    text = path.read_bytes().decode("utf-8-sig", "replace")
    return "".join(f"{problem.code}\n{render(problem, text)}\n\n" for problem in problems)


@pytest.mark.parametrize("path", ERR, ids=lambda path: path.stem)
def test_refused(path: Path, compare: CompareGolden) -> None:
    """A wrong workflow is refused, with the place, the message and the hint written beside it."""
    problems = find_problems(path)
    assert any(problem.severity == "error" for problem in problems)
    assert len(problems) <= 10
    compare(path.with_suffix(".out"), show(path, problems))


@pytest.mark.parametrize("path", OK, ids=lambda path: path.stem)
def test_accepted(path: Path, compare: CompareGolden) -> None:
    """A right workflow is accepted and read as it is written beside it."""
    document, problems = examine_golden(path)
    assert [problem for problem in problems if problem.severity == "error"] == []
    read = action.read_action if is_action(path) else reader.read_workflow
    compare(path.with_suffix(".out"), show(path, problems) + summarize(read(document)))


@pytest.mark.parametrize("path", ERR, ids=lambda path: path.stem)
def test_places_exist(path: Path) -> None:
    """Every problem stands at a character of its file, or just behind a line's last one."""
    lines = split_lines(path.read_bytes().decode("utf-8-sig", "replace"))
    for problem in find_problems(path):
        assert problem.where is not None
        assert 1 <= problem.where.line <= len(lines)
        assert 1 <= problem.where.column <= len(lines[problem.where.line - 1]) + 1


def test_every_output_has_its_input() -> None:
    """No expected output is left over from a removed file."""
    assert [out for out in GOLDEN if not out.with_suffix(".yml").exists()] == []


def test_every_code_is_listed_and_owns_a_file() -> None:
    """CODES.md lists the codes that the sources use, each with a file beside it."""
    listed = (HERE / "CODES.md").read_text().partition("## Plans")[0]  # the rest: test_plans.py
    rows = re.findall(r"^\| `([a-z.-]+)` \|", listed, re.MULTILINE)
    shown = set()
    for path in GOLDEN:
        shown |= set(re.findall(r"^[a-z]+\.[a-z-]+$", path.read_text(), re.MULTILINE))
    assert sorted(rows) == rows
    assert set(rows) == shown | TESTED_ELSEWHERE == _codes_in_sources()


def _codes_in_sources() -> set[str]:
    quoted = re.compile(
        r'"((?:yaml|schema|expression|id|job|step|uses|matrix|event|concurrency|unsupported|action)'
        r'\.[a-z-]+)"'
    )
    root = HERE.parent.parent / "runner"
    sources = [*(root / "documents").rglob("*.py"), *(root / "workflow").rglob("*.py")]
    return {code for source in sources for code in quoted.findall(source.read_text())}
