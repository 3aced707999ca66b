"""A workflow to a plan: jobs in order, each step with what carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.errors import InvalidInput, Problem, RunnerError, nearest
from runner.plan.graph import order
from runner.plan.model import Plan, PlannedJob, PlannedStep
from runner.plan.shells import STANDARD_SHELL, parse_shell
from runner.workflow.steps import RunStep, UsesStep

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from runner.errors import Position
    from runner.plugins.resolve import Plugin
    from runner.workflow.model import Job, Workflow
    from runner.workflow.steps import Step

    Find = Callable[[str], Plugin]


BACKGROUND = "background steps, `wait`, `wait-all`, `cancel` and `parallel`"


def make_plan(workflow: Workflow, *, find: Find, builtins: Collection[str]) -> Plan:
    """Plan every job of `workflow`.

    `find` returns the plugin behind `./dir` or `steps/NAME`, or raises RunnerError; `builtins` are
    the host actions by `owner/name`. Raises InvalidInput with the problems of all steps, each at
    its place.
    """
    planner = _Planner(workflow, find, builtins)
    jobs = {job.id.value: planner.plan_job(job) for job in workflow.jobs}
    if planner.problems:
        raise InvalidInput(planner.problems)
    needs = {name: job.needs for name, job in jobs.items()}
    return Plan(workflow, {name: jobs[name] for name in order(needs)})


def shell_of(step: RunStep, job: Job, workflow: Workflow) -> str:
    """Return the shell as written for `step`, '' for the default; may hold `${{ }}` (6.8)."""
    defaults = job.defaults or workflow.defaults
    written = step.shell or (defaults.shell if defaults else None)
    return written.value if written else ""


class _Planner:
    def __init__(self, workflow: Workflow, find: Find, builtins: Collection[str]) -> None:
        self._workflow = workflow
        self._find = find
        self._builtins = builtins
        self.problems: list[Problem] = []

    def plan_job(self, job: Job) -> PlannedJob:
        if job.call:
            self._refuse("call", "calling a reusable workflow", job.call.uses.text.position)
        steps = [self._plan_step(step, job) for step in job.steps]
        return PlannedJob(job, tuple(step for step in steps if step))

    def _plan_step(self, step: Step, job: Job) -> PlannedStep | None:
        if not isinstance(step, RunStep | UsesStep) or step.background:
            self._refuse("background", BACKGROUND, step.position)
            return None
        if isinstance(step, RunStep):
            return self._plan_run(step, job)
        return self._plan_uses(step)

    def _plan_run(self, step: RunStep, job: Job) -> PlannedStep:
        shell = shell_of(step, job, self._workflow)
        if "${{" in shell:
            return PlannedStep(step)
        where = step.shell.position if step.shell else step.position
        try:
            uses = parse_shell(shell).plugin
        except ValueError as error:
            self.problems.append(Problem("shell.invalid", str(error), where))
            return PlannedStep(step)
        return PlannedStep(step, self._locate(uses, where))

    def _plan_uses(self, step: UsesStep) -> PlannedStep:
        reference = step.uses
        where = reference.text.position
        if reference.kind == "standard":
            return PlannedStep(step, self._locate(f"steps/{reference.path}", where))
        if reference.kind in {"local", "own"}:
            path = reference.path if reference.kind == "local" else f"./{reference.path}"
            return PlannedStep(step, self._locate(path, where))
        if reference.kind == "remote" and not reference.path:
            if reference.slug in self._builtins:
                return PlannedStep(step, builtin=reference.slug)
            hint = nearest(reference.slug, self._builtins)
            self._refuse("remote", f"the action `{reference.slug}`", where, hint=hint)
        elif reference.kind == "remote":
            self._refuse("remote", f"the action `{reference.slug}/{reference.path}`", where)
        return PlannedStep(step)

    def _locate(self, uses: str, where: Position) -> Plugin | None:
        try:
            return self._find(uses)
        except RunnerError as error:
            self.problems += [
                problem if problem.where else problem._replace(where=where)
                for problem in error.problems
            ]
            return None

    def _refuse(self, kind: str, what: str, where: Position, *, hint: str = "") -> None:
        advice = f"use a plugin folder `./DIR` or a standard step `{STANDARD_SHELL}`"
        self.problems.append(
            Problem(f"plan.unsupported-{kind}", f"{what} is not supported", where, hint or advice)
        )
