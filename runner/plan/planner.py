"""A workflow to a plan: jobs in order, each step with what carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.errors import InvalidInput, Problem, RunnerError, Unavailable
from runner.plan.graph import order
from runner.plan.model import Plan, PlannedJob
from runner.plan.steps import Bound, StepPlanner
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from runner.errors import Position
    from runner.plan.catalogue import Approve, Catalogue
    from runner.plan.model import Origin
    from runner.workflow.model import Call, Job, Workflow

MAX_LEVELS = 10  # of workflows, the first one included
MAX_WORKFLOWS = 50  # that are called, beside the first one


def make_plan(
    workflow: Workflow,
    *,
    origin: Origin,
    catalogue: Catalogue,
    builtins: Collection[str],
    approve: Approve | None = None,
) -> Plan:
    """Plan every job of `workflow`, and of the workflows that it calls.

    `builtins` are the host actions by `owner/name`. `approve` returns what a plugin of another
    repository may do without a grant in the pipeline, None for one that nobody knows.

    Raises InvalidInput with the problems of all steps and calls, each at its place; Unavailable if
    all there is to say is that other repositories cannot be reached.
    """
    planner = _Planner(catalogue, builtins, approve)
    plan = planner.plan(workflow, origin, outer=Bound())
    problems = planner.find_problems()
    if not problems and planner.has_calls:
        from runner.plan.calls import find_excess  # 1 ms; few pipelines call another

        problems = find_excess(plan)
    if problems:
        raise (Unavailable if planner.unavailable >= {*problems} else InvalidInput)(problems)
    return plan


class _Key(NamedTuple):
    """What a plan depends on: the workflow and what its steps may have at most."""

    origin: Origin
    file: str
    outer: Bound


class _Planner:
    """Plans each workflow once for the same grant, however many jobs call it."""

    def __init__(
        self, catalogue: Catalogue, builtins: Collection[str], approve: Approve | None
    ) -> None:
        self._catalogue = catalogue
        self._steps = StepPlanner(catalogue, builtins, approve)
        self._problems: dict[Problem, None] = {}  # each once, in the order found
        self._plans: dict[_Key, tuple[Plan, int]] = {}
        self._levels: list[_Key] = []
        self._callers: list[Position] = []  # where each of the levels but the first is called
        self._height = 0  # of what the workflow being planned calls
        self._called: set[tuple[str, str]] = set()

    @property
    def has_calls(self) -> bool:
        return bool(self._called)

    @property
    def unavailable(self) -> set[Problem]:
        return self._steps.unavailable

    def find_problems(self) -> list[Problem]:
        return [*self._problems, *self._steps.problems]

    def plan(self, workflow: Workflow, origin: Origin, *, outer: Bound) -> Plan:
        """Plan `workflow`, whose steps may have no more than `outer`."""
        key = _Key(origin, workflow.file, outer)
        before, self._height = self._height, 0
        self._levels.append(key)
        jobs = {job.id.value: self._plan_job(job, workflow, origin, outer) for job in workflow.jobs}
        self._levels.pop()
        needs = {name: job.needs for name, job in jobs.items()}
        plan = Plan(workflow, {name: jobs[name] for name in order(needs)}, origin)
        self._plans[key] = plan, self._height + 1
        self._height = before
        return plan

    def _plan_job(self, job: Job, workflow: Workflow, origin: Origin, outer: Bound) -> PlannedJob:
        if job.call is None:
            return PlannedJob(job, self._steps.plan(job, workflow, origin, outer=outer))
        own = self._steps.read_grant(job.grant or workflow.grant, workflow.file)
        return PlannedJob(job, call=self._plan_call(job.call, origin, outer.narrow(own, origin)))

    def _plan_call(self, call: Call, origin: Origin, outer: Bound) -> Plan | None:
        from runner.plan import calls  # 2 ms; few pipelines call another

        where = call.uses.text.position
        try:
            called, place = self._catalogue.read(call.uses, origin)
        except RunnerError as error:
            for problem in calls.tell_caller(where, error.problems):
                (self._tell if problem.where == where else self._add)(problem)
                if isinstance(error, Unavailable):
                    self._steps.unavailable.add(problem)
            return None
        self._tell(*calls.check_call(call, called))
        self._called.add((place.folder, called.file))
        if len(self._called) > MAX_WORKFLOWS:
            message = f"more than {MAX_WORKFLOWS} different workflows are called"
            self._tell(Problem("call.too-many", message, where))
            return None
        key = _Key(place, called.file, outer)
        if key in self._levels:
            round_trip = [*(level.file for level in self._levels), called.file]
            self._refuse_depth(where, f"the calls go round: {' -> '.join(round_trip)}")
            return None
        if key not in self._plans:
            self._callers.append(where)
            self.plan(called, place, outer=outer)
            self._callers.pop()
        plan, height = self._plans[key]
        if len(self._levels) + height > MAX_LEVELS:
            self._refuse_depth(where)  # once: the levels above need not be told again
        else:
            self._height = max(self._height, height)
        return plan

    def _refuse_depth(self, where: Position, hint: str = "") -> None:
        message = f"Nested reusable workflow depth exceeded {MAX_LEVELS}."
        self._tell(Problem("call.depth", message, where, hint))

    def _tell(self, *problems: Problem) -> None:
        """Add what is wrong in the workflow that is being planned, which another may call."""
        if self._callers:
            from runner.plan.calls import tell_caller  # loaded already: there is a call

            problems = tuple(tell_caller(self._callers[-1], problems))
        self._add(*problems)

    def _add(self, *problems: Problem) -> None:
        self._problems.update(dict.fromkeys(problems))
