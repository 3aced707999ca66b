"""The same pipeline for every tool: a GitHub workflow (for us and for act), a Makefile, a script.

A step is always one shell command that echoes. Each tool has a folder of its own, as they leave
files behind.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import NamedTuple

GIT = ("git", "-c", "user.name=b", "-c", "user.email=b@example.invalid", "-c", "gc.auto=0")


class Command(NamedTuple):
    """What is timed: an argument vector in a folder."""

    name: str
    argv: tuple[str, ...]
    folder: str


def write_steps(root: str, *, jobs: int, steps: int) -> list[Command]:
    """Write `jobs` independent jobs of `steps` steps each; return how each tool runs them."""
    names = [f"j{job}" for job in range(jobs)]
    lines = ["name: w", "on: push", "jobs:"]
    for name in names:
        lines += [f"  {name}:", "    runs-on: ubuntu-latest", "    steps:"]
        lines += [f"      - run: echo {name}-{step}" for step in range(steps)]
    workflow = "\n".join(lines) + "\n"
    for tool in ("runner", "act"):
        write_file(os.path.join(root, tool, ".github", "workflows", "w.yml"), workflow)
        make_repository(os.path.join(root, tool))
    rules = [f".PHONY: all {' '.join(names)}", f"all: {' '.join(names)}"]
    for name in names:
        # `:;` forces a real shell: make runs simple commands without one
        rules += [f"{name}:", *(f"\t@:; echo {name}-{step}" for step in range(steps))]
    write_file(os.path.join(root, "make", "Makefile"), "\n".join(rules) + "\n")
    script = "\n".join(f"sh -c 'echo {name}-{step}'" for name in names for step in range(steps))
    write_file(os.path.join(root, "sh", "steps.sh"), script + "\n")
    return _commands(root)


def _commands(root: str) -> list[Command]:
    runner = os.path.join(os.path.dirname(sys.executable), "runner")
    act = os.path.join(os.path.dirname(sys.executable), "act")
    workflow = os.path.join(".github", "workflows", "w.yml")
    return [
        Command("runner", (runner, "run", workflow), os.path.join(root, "runner")),
        Command(
            "act",
            (act, "push", "-P", "ubuntu-latest=-self-hosted"),
            os.path.join(root, "act"),
        ),
        Command("make", ("make", "-j2", "all"), os.path.join(root, "make")),
        Command("sh -c", ("sh", "steps.sh"), os.path.join(root, "sh")),
    ]


def write_file(path: str, text: str) -> None:
    """Write `text` to a file, its folders made."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def make_repository(folder: str) -> None:
    """Make a repository of `folder`, with all its files in one commit."""
    for arguments in (
        ("init", "-q", "-b", "main"),
        ("remote", "add", "origin", "git@example.invalid:o/p.git"),
        ("add", "-A"),
        ("commit", "-qm", "benchmark"),
    ):
        subprocess.run([*GIT, *arguments], cwd=folder, check=True)
