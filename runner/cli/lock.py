"""`runner lock`: approve the plugins of other repositories that pipelines use."""

from __future__ import annotations

import sys

import click

from runner.cli.exits import FAILED, SUCCESS, guard
from runner.cli.options import local_repository_option


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if it would change.")
@local_repository_option
def lock(
    files: tuple[str, ...],
    check: bool,  # noqa: FBT001 - click hands flags over by name
    local_repositories: tuple[str, ...],
) -> None:
    """Approve the plugins of other repositories that the pipelines in FILE... use, as they are.

    What is approved, to the byte, and what it may do goes to runner.lock, which belongs into the
    repository. A plugin that changes is refused until it is approved again.
    """
    sys.exit(guard(lambda: _lock(files, local_repositories, is_check=check)))


def _lock(files: tuple[str, ...], local_repositories: tuple[str, ...], *, is_check: bool) -> int:
    from runner.app.lock import lock as write_lock  # 60 ms; --help does not need it
    from runner.workspace.paths import printable

    outcome = write_lock(files, is_check=is_check, local_repositories=local_repositories)
    for name, may in outcome.approvals:
        print(printable(f"{name}: {'; '.join(may) or 'nothing but its own inputs'}"))
    count = len(outcome.approvals)
    state = (
        "is up to date" if outcome.is_current else "is out of date" if is_check else "is written"
    )
    print(f"{outcome.path} {state}: {count} plugin{'s' if count != 1 else ''}")
    return FAILED if is_check and not outcome.is_current else SUCCESS
