"""Reading grows with the size of a workflow, not with its square."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runner.documents.parsing import parse
from runner.workflow.reader import check_workflow, read_workflow
from tests.support.growth import assert_linear

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = "    steps: [{id: s, run: 'echo ${{ github.ref }}'}, {uses: ./x}]\n"


def chain(count: int) -> str:
    jobs = (f"  j{n}:\n    runs-on: x\n    needs: j{n - 1}\n{STEPS}" for n in range(1, count))
    return f"  j0:\n    runs-on: x\n{STEPS}" + "".join(jobs)


def ring(count: int) -> str:
    jobs = (
        f"  j{n}:\n    runs-on: x\n    needs: [r, j{(n + 1) % count}]\n{STEPS}"
        for n in range(count)
    )
    return "  r:\n    runs-on: x\n" + "".join(jobs)


def layers(count: int) -> str:
    jobs = []
    for n in range(count):
        needs = f"    needs: [j{n - 2 - n % 2}, j{n - 1 - n % 2}]\n" if n >= 2 else ""
        jobs.append(f"  j{n}:\n    runs-on: x\n{needs}{STEPS}")
    return "".join(jobs)


def steps(count: int) -> str:
    lines = (f"      - id: s{n}\n        run: x\n        background: true\n" for n in range(count))
    waits = (f"      - wait: s{n}\n" for n in range(count))
    return "  a:\n    runs-on: x\n    steps:\n" + "".join(lines) + "".join(waits)


@pytest.mark.parametrize("make", [chain, ring, layers, steps])
def test_linear(make: Callable[[int], str]) -> None:
    """Four times the jobs, or steps, take little more than four times the work."""

    def read(count: int) -> None:
        document, problems = parse("w.yml", f"on: push\njobs:\n{make(count)}".encode())
        assert problems == []
        if not check_workflow(document):
            read_workflow(document)

    read(1)  # what is loaded and compiled once does not count
    assert_linear(read, 100)
