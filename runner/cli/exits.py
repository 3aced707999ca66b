"""The one place that catches, and turns what happened into an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from runner.errors import Bug, InvalidInput, RunnerError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

SUCCESS, FAILED, INVALID, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130


def guard(verb: Callable[[], int]) -> int:
    """Call `verb` and return its exit code, or that of what it raised, having told it on stderr.

    0 success, 1 the pipeline failed, 2 invalid input or usage, 3 our fault (or something outside
    that the run needs is missing), 130 interrupted.
    """
    try:
        return verb()
    except RunnerError as error:
        from runner.cli.problems import print_problems

        print_problems(error.problems, stream=sys.stderr)
        return _code_of(error)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OUR_FAULT
    except Exception as error:  # noqa: BLE001 - the last line of defence, told in full in a file
        _report_bug(error)
        return OUR_FAULT


def _code_of(error: RunnerError) -> int:
    if isinstance(error, InvalidInput):
        return INVALID
    return OUR_FAULT if isinstance(error, Unavailable | Bug) else FAILED


def _report_bug(error: Exception) -> None:
    """Say in one line that we failed; the traceback goes to a file, for a report."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="runner-bug-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.writelines(traceback.format_exception(error))
    print(f"runner failed: {type(error).__name__}: {error}", file=sys.stderr)
    print(f"this is a bug of runner's; what it was doing is in {file.name}", file=sys.stderr)
