"""`runner plan`: jobs, legs, order, conditions, and what each step may touch."""

from __future__ import annotations

import sys

import click

from runner.cli.exits import SUCCESS, guard
from runner.cli.options import local_repository_option, policy_option


@click.command()
@click.argument("file", type=click.Path())
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "mermaid", "dot"]),
    default="text",
    help="How to show it.",
)
@policy_option
@local_repository_option
def plan(file: str, form: str, policy: str | None, local_repositories: tuple[str, ...]) -> None:
    """Show what the pipeline in FILE would do, without running anything."""
    sys.exit(guard(lambda: _plan(file, form, policy or "", local_repositories)))


def _plan(file: str, form: str, policy: str, local_repositories: tuple[str, ...]) -> int:
    from runner.app.plan import outline  # 60 ms; --help does not need it
    from runner.plan.formats import load_format

    shown = outline(file, policy=policy, local_repositories=local_repositories)
    print(load_format(form)(shown))
    return SUCCESS
