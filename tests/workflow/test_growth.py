"""Reading grows with the size of a workflow, not with its square."""

from __future__ import annotations

import time

import pytest

from runner.documents.parsing import parse
from runner.workflow.reader import check_workflow, read_workflow

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


def measure(text: str) -> float:
    document, problems = parse("w.yml", f"on: push\njobs:\n{text}".encode())
    assert problems == []
    start = time.process_time()
    if not check_workflow(document):
        read_workflow(document)
    return time.process_time() - start


@pytest.mark.parametrize("make", [chain, ring, layers, steps])
def test_linear(make: object) -> None:
    """Eight times the jobs, or steps, take not much more than eight times as long."""
    assert callable(make)
    small = min(measure(make(250)) for _ in range(3))
    large = min(measure(make(2000)) for _ in range(2))
    assert large < 24 * small
