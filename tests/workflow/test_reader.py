"""Documents to workflows: what the golden files do not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.documents.reader import load
from runner.errors import Position
from runner.workflow.interface import Input
from runner.workflow.model import Permissions
from runner.workflow.reader import SCHEMA, check_workflow, read_workflow
from runner.workflow.steps import ControlStep, RunStep, UsesStep, default_name
from runner.workflow.values import Text, Value

if TYPE_CHECKING:
    from runner.workflow.model import Workflow
    from runner.workflow.steps import Step

JOB = "on: push\njobs:\n  build:\n    runs-on: x\n    steps:\n"


def read(text: str) -> Workflow:
    return read_workflow(load("w.yml", text.encode(), SCHEMA, rules=check_workflow))


def read_steps(steps: str) -> tuple[Step, ...]:
    return read(JOB + steps).jobs[0].steps


def test_texts_know_their_place() -> None:
    """A text of the model points at the scalar it was read from."""
    (step,) = read_steps("    - name: n\n      run: echo\n      timeout-minutes: 5\n")
    assert isinstance(step, RunStep)
    assert step.position == Position("w.yml", 6, 7)
    assert step.script == Text("echo", Position("w.yml", 7, 12))
    assert step.timeout_minutes == Value(5, Position("w.yml", 8, 24))


def test_the_name_falls_back_to_the_file() -> None:
    """A workflow without a name, or with an empty one, is called by its path."""
    assert read(JOB + "    - run: x\n").name == "w.yml"
    assert read("name: ''\n" + JOB + "    - run: x\n").name == "w.yml"
    assert read("name: 1.50\n" + JOB + "    - run: x\n").name == "1.5"


def test_jobs_are_found_without_regard_to_case() -> None:
    """Ids are compared as GitHub compares them."""
    workflow = read(JOB + "    - run: x\n")
    assert workflow.job("BUILD") is workflow.jobs[0]
    assert workflow.job("other") is None


def test_needs_are_spelled_as_the_jobs_are() -> None:
    """Needs name each job once, in the spelling of its own id."""
    workflow = read(
        "on: push\njobs:\n  Lint: {runs-on: x}\n  test: {runs-on: x, needs: [lint, LINT]}\n"
    )
    assert [need.value for need in workflow.jobs[1].needs] == ["Lint"]


def test_generated_ids() -> None:
    """Steps without an id get one from what they do, numbered where it is taken."""
    steps = read_steps(
        "    - run: x\n    - run: y\n    - id: mine\n      run: z\n    - uses: a.b/c@v1\n"
        "    - uses: a.b/c/d@v1\n    - uses: ./x\n    - uses: steps/esbuild\n    - wait-all:\n"
    )
    expected = [
        "__run",
        "__run_2",
        "mine",
        "__a_b_c",
        "__a_b_c_2",
        "__self",
        "__steps_esbuild",
        "__wait-all",
    ]
    assert [step.action for step in steps] == expected


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("run: |\n\n          make\n          test\n", "Run make"),
        ("run: ''", "Run"),
        ("run: echo ${{ github.ref }}", "Run echo ${{ github.ref }}"),
        ("uses: actions/checkout@v4", "Run actions/checkout@v4"),
        ("wait-all:", "Wait for all"),
        ("parallel: []", "Parallel group"),
    ],
)
def test_default_names(step: str, name: str) -> None:
    """A step without a name is called by its first line, or by what it uses."""
    assert default_name(read_steps(f"      - {step}\n")[0]) == name


def test_targets_are_spelled_as_the_steps_are() -> None:
    """Wait and cancel name steps in the spelling of their ids."""
    *_, wait, cancel = read_steps(
        "    - {id: Server, run: x, background: true}\n    - wait: [server]\n    - cancel: SERVER\n"
    )
    assert isinstance(wait, ControlStep)
    assert isinstance(cancel, ControlStep)
    assert [text.value for text in wait.targets + cancel.targets] == ["Server", "Server"]


def test_background_is_a_literal() -> None:
    """Steps run in the background only where it says so."""
    one, two = read_steps(
        "    - {run: x, background: true}\n    - {uses: ./x, background: false}\n"
    )
    assert isinstance(one, RunStep)
    assert isinstance(two, UsesStep)
    assert (one.background, two.background) == (True, False)


def test_permissions() -> None:
    """Scopes that are not listed get nothing, or what the shorthand says."""
    listed = Permissions("none", (("contents", "read"),))
    assert read("permissions: {contents: read}\n" + JOB + "      []\n").permissions == listed
    assert (listed.level("contents"), listed.level("issues")) == ("read", "none")
    shorthand = read("permissions: write-all\n" + JOB + "      []\n").permissions
    assert shorthand == Permissions("write")


@pytest.mark.parametrize(("kind", "value"), [("string", ""), ("boolean", False), ("number", 0)])
def test_absent_inputs(kind: str, value: object) -> None:
    """An input that is not given has the empty value of its type."""
    absent = Input(Text("a", Position("w.yml", 1, 1)), type=kind).absent
    assert (absent, type(absent)) == (value, type(value))


def test_an_expression_among_the_keys_of_a_strategy() -> None:
    """A strategy that is only known later is kept whole."""
    workflow = read(
        "on: push\njobs:\n  a:\n    runs-on: x\n    strategy:\n      ${{ 'matrix' }}: {a: [1]}\n"
    )
    strategy = workflow.jobs[0].strategy
    assert strategy is not None
    assert strategy.matrix is None
    assert strategy.whole is not None
