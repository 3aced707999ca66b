"""What came of one attempt at a step, before `continue-on-error` has its say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.abi import PluginResult, Usage, Verdict
from runner.errors import Denied, RunnerError
from runner.events.model import Denial
from runner.execution.scheduler import CANCELLED, FAILURE, SKIPPED, SUCCESS
from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.events.model import Change


class StepReport(NamedTuple):
    """`outcome` is success, failure, cancelled or skipped; `verdict` as in PluginResult, '' where
    no guest ran; `value` is the JSON value that the step left; `env` and `paths` are what later
    steps are to see of GITHUB_ENV and GITHUB_PATH, `state` what it saved in GITHUB_STATE,
    `denials` what it was refused.
    """

    outcome: str
    message: str = ""
    verdict: str = ""
    exit_code: int | None = None
    is_errored: bool = False
    usage: Usage = Usage()
    outputs: dict[str, str] = {}
    changes: tuple[Change, ...] = ()
    summary: str = ""
    value: Any = None
    env: dict[str, str] = {}
    paths: tuple[str, ...] = ()
    state: dict[str, str] = {}
    denials: tuple[Denial, ...] = ()

    def failed(self, message: str) -> StepReport:
        """Return this report as a failure for one more reason, unless it is none ('') or it was
        no success before.
        """
        if not message or self.outcome != SUCCESS:
            return self
        return self._replace(outcome=FAILURE, message=message)

    def errored(self, error: Exception) -> StepReport:
        """Return this report as that of a step that we could not do, because of `error`."""
        message, verdict, denials = str(error), self.verdict, self.denials
        if isinstance(error, RunnerError):
            message = "; ".join(str(problem) for problem in error.problems)
        if isinstance(error, Denied):
            verdict = Verdict.DENIED
            denials += tuple(Denial(*problem[:2], problem.hint) for problem in error.problems)
        if self.outcome != SUCCESS and self.message:
            message = f"{self.message}; {message}"
        return self._replace(
            outcome=FAILURE, message=message, verdict=verdict, is_errored=True, denials=denials
        )


class StepResult(NamedTuple):
    """`conclusion` is the report's outcome after `continue-on-error` (6.3). `is_broken` tells that
    the step's own condition could not be evaluated.
    """

    report: StepReport
    conclusion: str
    is_broken: bool = False


def skipped(reason: str = "") -> StepReport:
    return StepReport(SKIPPED, reason)


def errored(error: Exception) -> StepReport:
    return StepReport(SUCCESS).errored(error)


def report_of(result: PluginResult) -> StepReport:
    """Translate the answer of the sandbox: failed is not errored (ARCHITECTURE 7)."""
    if result.verdict == Verdict.CANCELLED:
        outcome = CANCELLED
    else:
        outcome = SUCCESS if result.is_success else FAILURE
    message = result.message
    if outcome == FAILURE and not result.is_errored:
        message = f"Process completed with exit code {result.exit_code}."
    return StepReport(
        outcome,
        message,
        result.verdict,
        result.exit_code,
        is_errored=result.is_errored and outcome == FAILURE,
        usage=result.usage,
        denials=tuple(Denial(*denial) for denial in result.denials),
    )
