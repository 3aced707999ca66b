"""The command line: a group of verbs, a file each."""

from __future__ import annotations

import click

from runner.cli.doctor import doctor
from runner.cli.lock import lock
from runner.cli.plan import plan
from runner.cli.plugin import plugin
from runner.cli.run import run
from runner.cli.validate import validate
from runner.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", "-V", prog_name="runner")
def cli() -> None:
    """Run CI pipelines whose every step is a WebAssembly plugin in a capability sandbox."""


cli.add_command(doctor)
cli.add_command(lock)
cli.add_command(plan)
cli.add_command(plugin)
cli.add_command(run)
cli.add_command(validate)
