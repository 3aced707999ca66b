"""From a due job to its legs: its `if`, its strategy, its matrix (LANGUAGE 3.5, 6.2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.execution.scheduler import CANCELLED, FAILURE, SKIPPED, SUCCESS
from runner.execution.scope import Scope, status_functions
from runner.expressions import ExpressionError
from runner.expressions.condition import parse_condition
from runner.expressions.values import equals, to_text
from runner.plan.matrix import Leg, MatrixError, expand, leg_name
from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.execution.scheduler import Ancestry
    from runner.plan.model import PlannedJob
    from runner.workflow.model import Job, Strategy

MAX_JOB_IDS = 255
_HOW = {FAILURE: "failed", CANCELLED: "was cancelled", SKIPPED: "was skipped"}


class JobError(Exception):
    """The job cannot start: an expression of its own, or its matrix, is wrong."""


class ExpandedJob(NamedTuple):
    """`names` are the display names of `legs`, one each; `base` the contexts they share."""

    legs: tuple[Leg, ...]
    names: tuple[str, ...]
    base: dict[str, Any]
    max_parallel: int
    is_fail_fast: bool

    def contexts(self, leg: int) -> dict[str, Any]:
        """Return the contexts of one leg, `strategy` and `matrix` among them."""
        return self.base | {
            "strategy": _strategy_context(self, leg),
            "matrix": self.legs[leg].values,
        }


class JobScope:
    """What the `if` and the strategy of a due job see."""

    def __init__(
        self, job: Job, contexts: dict[str, Any], ancestry: Ancestry, *, is_run_cancelled: bool
    ) -> None:
        self.contexts = contexts
        self._job = job
        self._ancestry = ancestry
        self._is_run_cancelled = is_run_cancelled
        functions = status_functions(
            is_success=self._is_success,
            is_failure=self._is_failure,
            is_cancelled=lambda: is_run_cancelled,
            max_jobs=MAX_JOB_IDS,
        )
        self.scope = Scope(contexts, functions)

    def why_skipped(self) -> str:
        """Return '' if the job is to run, else the reason to tell. Raises JobError."""
        try:
            holds = self.scope.condition(self._job.condition)
        except ExpressionError as error:
            job = self._job.id.value
            raise JobError(f"Error when evaluating 'if' for job '{job}'. {error}") from error
        if holds:
            return ""
        if self._is_run_cancelled:
            return "the run was cancelled"
        written = self._job.condition.value.strip() if self._job.condition else ""
        if not self._ancestry.is_success and parse_condition(written).adds_success:
            how = _HOW.get(self._ancestry.result, "did not succeed")
            return f"ancestor `{self._ancestry.culprit}` {how}"
        return f"`if: {written}` was false"

    def _is_success(self, *jobs: str) -> bool:
        if jobs:
            return all(result == SUCCESS for result in self._results(jobs))
        return self._ancestry.is_success and not self._is_run_cancelled

    def _is_failure(self, *jobs: str) -> bool:
        if jobs:
            return any(result == FAILURE for result in self._results(jobs))
        return self._ancestry.is_failure

    def _results(self, jobs: tuple[str, ...]) -> list[str]:
        needs = {name.lower(): need["result"] for name, need in self.contexts["needs"].items()}
        return [needs.get(str(job).lower(), "") for job in jobs]


def expand_job(planned: PlannedJob, job_scope: JobScope) -> ExpandedJob:
    """Return the legs of a job that is to run; one without values if it has no matrix.

    Raises JobError if its strategy, matrix or name cannot be evaluated.
    """
    scope, job = job_scope.scope, planned.job
    try:
        strategy = _evaluate_strategy(job.strategy, scope)
        legs = expand(strategy.get("matrix"), equal=equals)
        expanded = ExpandedJob(
            legs,
            (),
            job_scope.contexts,
            int(strategy.get("max-parallel", 0)),
            strategy.get("fail-fast", True),
        )
        names = tuple(_name(planned, expanded, leg) for leg in range(len(legs)))
    except (ExpressionError, MatrixError) as error:
        raise JobError(f"job '{planned.id}' cannot start: {error}") from error
    return expanded._replace(names=names)


def _evaluate_strategy(strategy: Strategy | None, scope: Scope) -> dict[str, Any]:
    if strategy is None:
        return {}
    if strategy.whole:
        return _check_strategy(scope.data(strategy.whole))
    return {
        "matrix": scope.data(strategy.matrix),
        "fail-fast": scope.flag(strategy.fail_fast, default=True),
        "max-parallel": scope.number(strategy.max_parallel, default=0),
    }


def _check_strategy(value: Any) -> dict[str, Any]:
    """Return a strategy that an expression made, its values being of the right types."""
    if not isinstance(value, dict):
        raise MatrixError(f"Unexpected value '{to_text(value)}'")
    is_fail_fast = value.get("fail-fast", True)
    max_parallel = value.get("max-parallel", 0)
    if not isinstance(is_fail_fast, bool):
        raise MatrixError(f"Unexpected value '{to_text(is_fail_fast)}' for fail-fast")
    is_number = isinstance(max_parallel, int | float) and not isinstance(max_parallel, bool)
    if not is_number or not abs(max_parallel) < float("inf"):
        raise MatrixError(f"Unexpected value '{to_text(max_parallel)}' for max-parallel")
    return value


def _name(planned: PlannedJob, expanded: ExpandedJob, leg: int) -> str:
    """Return the leg's display name; a `name:` with an expression is taken as evaluated."""
    written = planned.job.name
    if written and written.is_template:
        scope = Scope(expanded.contexts(leg), {})
        shown = scope.text(written.value).strip()
        if shown:
            return shown
    base = written.value if written and not written.is_template else planned.id
    return leg_name(base, expanded.legs[leg], to_text)


def _strategy_context(expanded: ExpandedJob, leg: int) -> dict[str, Any]:
    total = len(expanded.legs)
    has_matrix = expanded.legs[leg].values is not None
    return {
        "fail-fast": expanded.is_fail_fast,
        "job-index": leg,
        "job-total": total,
        "max-parallel": expanded.max_parallel or (total if has_matrix else 1),
    }
