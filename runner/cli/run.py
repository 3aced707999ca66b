"""`runner run`: a pipeline from its file to its reports."""

from __future__ import annotations

import re
import sys
from typing import Any

import click

from runner.cli.exits import guard
from runner.cli.options import given_options, local_repository_option, policy_option, read_given

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}


class Duration(click.ParamType[float]):
    """A time as people write it: `2s`, `500ms`, `5m`; a bare number is seconds."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        match = _DURATION.fullmatch(str(value).strip())
        if not match or not float(match[1]):
            self.fail(f"`{value}` is not a time; write it as 500ms, 2s, 5m or 1h", param, ctx)
        return float(match[1]) * _SECONDS[match[2]]


@click.command()
@click.argument("file", type=click.Path())
@click.option("-j", "--jobs", type=click.IntRange(1), help="Jobs at once (default: the cores).")
@click.option("--step-timeout", type=Duration(), default=0.0, help="Limit of each step, as 2s, 5m.")
@click.option("--in-place", is_flag=True, help="Work on the tree itself, not on a copy a job.")
@click.option("--source", type=click.Path(), help="The tree to work on (default: the repository).")
@click.option("--junit-strict", is_flag=True, help="Keep junit.xml to Jenkins' strict schema.")
@given_options
@policy_option
@local_repository_option
def run(
    file: str,
    jobs: int | None,
    step_timeout: float,
    in_place: bool,  # noqa: FBT001 - click hands flags over by name
    source: str | None,
    junit_strict: bool,  # noqa: FBT001 - as above
    policy: str | None,
    local_repositories: tuple[str, ...],
    **given: Any,
) -> None:
    """Run the pipeline in FILE.

    Reports go to .runner/latest/: junit.xml, journal.jsonl, logs/ and artifacts/. Exits with 0 if
    the pipeline succeeded, 1 if it failed, 2 if it is invalid, 3 if runner could not run it, 130
    if it was interrupted.
    """
    from runner.app.request import RunRequest  # 20 ms with the next; --help needs neither
    from runner.cli.start import run_request

    request = RunRequest(
        file,
        slots=jobs or 0,
        step_timeout=step_timeout,
        is_in_place=in_place,
        source=source or "",
        is_junit_strict=junit_strict,
        local_repositories=local_repositories,
        policy=policy or "",
        given=read_given(given),
    )
    sys.exit(guard(lambda: run_request(request)))
