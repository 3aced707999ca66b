"""`python -m benchmarks`: what runs, steps and plugins cost, beside act, make, Extism and `sh -c`.

Needs `pip install '.[benchmark]'` (act, extism) and make. Prints ratios; asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile

from benchmarks.pipelines import Command, write_steps
from benchmarks.plugins import EXECUTIONS, measure_plugins, print_samples
from benchmarks.timing import measure, print_slopes, print_table

STEPS = 100


def main() -> None:
    """Measure a one-step run, the cost of a step, and `--help`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        small = _available(write_steps(os.path.join(folder, "one"), jobs=1, steps=1))
        large = _available(write_steps(os.path.join(folder, "many"), jobs=1, steps=STEPS + 1))
        one = measure(small, rounds=rounds)
        many = measure(large, rounds=rounds)
        print_table("one job, one step `echo`, from cold process start", one, base="runner")
        print_table(f"one job, {STEPS + 1} steps", many, base="runner")
        print_slopes("one more step", one, many, steps=STEPS, base="runner")
        helps = [Command(f"{name} --help", (path, "--help"), folder) for name, path in _programs()]
        print_table("--help", measure(helps, rounds=rounds), base="runner --help")
    print_samples(measure_plugins(EXECUTIONS), base="runner")


def _available(commands: list[Command]) -> list[Command]:
    for command in commands:
        if not shutil.which(command.argv[0]):
            print(f"{command.name} is not installed: left out", file=sys.stderr)
    return [command for command in commands if shutil.which(command.argv[0])]


def _programs() -> list[tuple[str, str]]:
    folder = os.path.dirname(sys.executable)
    paths = [(name, os.path.join(folder, name)) for name in ("runner", "act")]
    return [(name, path) for name, path in paths if os.path.exists(path)]


if __name__ == "__main__":
    main()
