"""`runner validate`: all that is wrong with pipelines, without running anything."""

from __future__ import annotations

import sys

import click

from runner.cli.exits import INVALID, SUCCESS, guard
from runner.cli.options import local_repository_option


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print what is found.",
)
@local_repository_option
def validate(files: tuple[str, ...], output: str, local_repositories: tuple[str, ...]) -> None:
    """Say all that is wrong in pipeline files, with places and hints."""
    sys.exit(guard(lambda: _validate(files, output, local_repositories)))


def _validate(files: tuple[str, ...], output: str, local_repositories: tuple[str, ...]) -> int:
    from runner.app.validate import validate as find_problems  # 40 ms; --help does not need it
    from runner.cli.problems import print_problems, to_json

    problems = [
        problem
        for file in files
        for problem in find_problems(file, local_repositories=local_repositories)
    ]
    errors = sum(problem.severity == "error" for problem in problems)
    if output == "json":
        print(to_json(problems))
    else:
        print_problems(problems, stream=sys.stdout)
        checked = f"{len(files)} pipeline{'s' if len(files) != 1 else ''}"
        found = f"{errors} problem{'s' if errors != 1 else ''}" if errors else "no problems"
        print(f"{found} in {checked}")
    return INVALID if errors else SUCCESS
