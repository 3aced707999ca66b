"""What a user gives a run, on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.app.request import Given

_Command = TypeVar("_Command", bound="Callable[..., Any]")

# Field of `Given`, option, placeholder, help. Fields that end in `s` and `environment` repeat.
_OPTIONS = (
    ("event", "--event", "NAME", "Run for this event (default: push, else the first of `on`)."),
    ("event_file", "--event-file", "FILE", "Take the event's payload from a JSON file."),
    ("actor", "--actor", "NAME", "Who caused the event (default: your login name)."),
    ("secrets", "--secret", "NAME[=VALUE]", "A secret; alone: from the environment or stdin."),
    ("secret_files", "--secret-file", "FILE", "Secrets from a .env, YAML or JSON file."),
    ("variables", "--var", "NAME[=VALUE]", "A configuration variable, for `vars`."),
    ("variable_files", "--var-file", "FILE", "Variables from a .env, YAML or JSON file."),
    ("environment", "--env", "NAME[=VALUE]", "An environment variable, below the workflow's."),
    ("environment_files", "--env-file", "FILE", "Environment from a .env, YAML or JSON file."),
    ("inputs", "--input", "NAME=VALUE", "An input of workflow_dispatch or workflow_call."),
)  # fmt: skip

local_repository_option = click.option(
    "--local-repository",
    "local_repositories",
    metavar="OWNER/REPO@REF=DIR",
    multiple=True,
    help="Take a repository's files from a folder, without fetching it. Repeatable.",
)
policy_option = click.option(
    "--policy", type=click.Path(), help="Cap what plugins may be granted by this file."
)


def given_options(command: _Command) -> _Command:
    """Add the options to a command, which gets them by the names of the fields of `Given`."""
    for field, option, placeholder, text in reversed(_OPTIONS):
        is_repeated = field not in {"event", "event_file", "actor"}
        decorate = click.option(
            option,
            field,
            metavar=placeholder,
            multiple=is_repeated,
            default=() if is_repeated else "",
            show_default=False,
            help=text + (" Repeatable." if is_repeated else ""),
        )
        command = decorate(command)
    return command


def read_given(values: Mapping[str, Any]) -> Given:
    """Return what the options of `given_options` were set to."""
    from runner.app.request import Given

    return Given(**values)
