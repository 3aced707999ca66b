"""Whole-process times of several commands run in turn (A B C A B C ...), as ratios to the first.

Ratios are taken round by round, so that a busy machine disturbs both sides alike; what is shown
is their median.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from typing import IO, TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.pipelines import Command


class Sample(NamedTuple):
    """Seconds; `peak` is MB of the largest single process among the command and its children."""

    wall: float
    cpu: float
    peak: float


def measure(
    commands: Sequence[Command], *, rounds: int, warmup: int = 1
) -> dict[str, list[Sample]]:
    """Run all commands in turn; raise RuntimeError if one fails."""
    samples: dict[str, list[Sample]] = {command.name: [] for command in commands}
    for turn in range(-warmup, rounds):
        for command in commands:
            sample = run_once(command)
            if turn >= 0:
                samples[command.name].append(sample)
    return samples


def run_once(command: Command) -> Sample:
    """Run one command to its end, its output read and counted for nothing."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command.argv,
        cwd=command.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    stream = cast("IO[bytes]", process.stdout)
    output = b""
    while chunk := os.read(stream.fileno(), 1 << 16):
        output = (output + chunk)[-2000:]
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    stream.close()
    if process.returncode:
        raise RuntimeError(f"{command.name} failed: {output.decode(errors='replace')}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def print_table(title: str, samples: dict[str, list[Sample]], *, base: str) -> None:
    """Print medians, and the median of each round's ratio of `base` to the others."""
    rounds = len(samples[base])
    print(f"\n{title}: {rounds} rounds")
    print(f"{'':10}{'wall ms':>10}{'cpu ms':>10}{'peak MB':>10}{f'{base} / it':>16}")
    for name, taken in samples.items():
        ratio = statistics.median(
            ours.wall / theirs.wall for ours, theirs in zip(samples[base], taken, strict=True)
        )
        wall, cpu, peak = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"{name:10}{wall * 1e3:10.1f}{cpu * 1e3:10.1f}{peak:10.1f}{ratio:15.2f}x")


def print_slopes(title: str, small: dict[str, list[Sample]], large: dict[str, list[Sample]], *,
                 steps: int, base: str) -> None:  # fmt: skip
    """Print what one more step costs: the difference of two sizes, round by round."""
    slopes = {
        name: [
            (more.wall - less.wall) / steps
            for less, more in zip(small[name], large[name], strict=True)
        ]
        for name in small
    }
    print(f"\n{title}")
    print(f"{'':10}{'ms a step':>10}{f'{base} / it':>16}")
    ours = statistics.median(slopes[base])
    for name, taken in slopes.items():
        slope = statistics.median(taken)
        print(f"{name:10}{slope * 1e3:10.2f}{ours / slope:15.2f}x")
