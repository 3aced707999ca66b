"""`runner plan`: jobs, legs, order, conditions, and what each step may touch."""

from __future__ import annotations

import sys

import click

from runner.cli.exits import SUCCESS, guard


@click.command()
@click.argument("file", type=click.Path())
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "mermaid", "dot"]),
    default="text",
    help="How to show it.",
)
@click.option(
    "--local-repository",
    "repositories",
    multiple=True,
    metavar="OWNER/REPO@REF=DIR",
    help="Where another repository lies on this machine.",
)
def plan(file: str, form: str, repositories: tuple[str, ...]) -> None:
    """Show what the pipeline in FILE would do, without running anything."""
    sys.exit(guard(lambda: _plan(file, form, repositories)))


def _plan(file: str, form: str, repositories: tuple[str, ...]) -> int:
    from runner.app.plan import outline  # 60 ms; --help does not need it
    from runner.plan.formats import load_format

    print(load_format(form)(outline(file, local_repositories=repositories)))
    return SUCCESS
