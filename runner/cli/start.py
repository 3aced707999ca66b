"""From a request to a finished run and its exit code: needs no argument parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.app.start import start_run
from runner.cli.exits import FAILED, INTERRUPTED, SUCCESS

if TYPE_CHECKING:
    from runner.app.request import RunRequest


def run_request(request: RunRequest) -> int:
    """Run the pipeline and return the exit code of its result."""
    outcome = start_run(request)
    if outcome.is_interrupted:
        return INTERRUPTED
    return SUCCESS if outcome.result == "success" else FAILED
