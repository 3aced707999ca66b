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
@click.option("--policy", type=click.Path(), help="Cap what plugins may be granted by this file.")
@click.option(
    "--local-repository",
    "repositories",
    multiple=True,
    metavar="OWNER/REPO@REF=DIR",
    help="Where another repository lies on this machine.",
)
def plan(file: str, form: str, policy: str | None, repositories: tuple[str, ...]) -> None:
    """Show what the pipeline in FILE would do, without running anything."""
    sys.exit(guard(lambda: _plan(file, form, policy or "", repositories)))


def _plan(file: str, form: str, policy: str, repositories: tuple[str, ...]) -> int:
    from runner.app.plan import outline  # 60 ms; --help does not need it
    from runner.plan.formats import load_format

    shown = outline(file, policy=policy, local_repositories=repositories)
    print(load_format(form)(shown))
    return SUCCESS
