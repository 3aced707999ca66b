"""A workflow to a plan: jobs in order, each step with what carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.errors import InvalidInput, Problem, RunnerError, nearest
from runner.plan.given import check_inputs
from runner.plan.graph import order
from runner.plan.model import Plan, PlannedJob, PlannedStep
from runner.plan.shells import STANDARD_SHELL, parse_shell
from runner.workflow.steps import RunStep, UsesStep

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from runner.documents.nodes import Mapping
    from runner.errors import Position
    from runner.permissions import Permissions
    from runner.plugins.resolve import Plugin
    from runner.workflow.model import Job, Workflow
    from runner.workflow.steps import Step

    Find = Callable[[str], Plugin]

BACKGROUND = "a background step, `wait`, `wait-all`, `cancel` or `parallel`"
NO_ACTIONS = "a plugin folder holds a `step.yml`; actions with an `action.yml` are not supported"
_PREFIXES = {"standard": "steps/", "own": "./"}


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
        self._allowed = self._read_grant(workflow.grant)

    def plan_job(self, job: Job) -> PlannedJob:
        if job.call:
            self._refuse("call", "calling a reusable workflow", job.call.uses.text.position)
        allowed = self._read_grant(job.grant) or self._allowed
        steps = [self._plan_step(step, job, allowed) for step in job.steps]
        return PlannedJob(job, tuple(step for step in steps if step))

    def _plan_step(self, step: Step, job: Job, allowed: Permissions | None) -> PlannedStep | None:
        if not isinstance(step, RunStep | UsesStep) or step.background:
            self._refuse("background", BACKGROUND, step.position)
            return None
        planned = self._plan_run(step, job) if isinstance(step, RunStep) else self._plan_uses(step)
        if planned.builtin and step.grant:
            where = step.position._replace(line=step.grant.line, column=step.grant.column)
            self._refuse("grant", f"a `grant` for the host action `{planned.builtin}`", where)
        return planned._replace(grant=self._read_grant(step.grant) or allowed)

    def _read_grant(self, grant: Mapping | None) -> Permissions | None:
        if grant is None:
            return None
        from runner.plan.grants import read_grant  # 1 ms; few pipelines have one

        allowed, problems = read_grant(grant, file=self._workflow.file)
        self.problems += problems
        return allowed

    def _plan_run(self, step: RunStep, job: Job) -> PlannedStep:
        shell = shell_of(step, job, self._workflow)
        if "${{" in shell:
            return PlannedStep(step)
        defaults = job.defaults or self._workflow.defaults
        written = step.shell or (defaults.shell if defaults else None)
        where = written.position if written else step.position
        try:
            uses = parse_shell(shell).plugin
        except ValueError as error:
            self.problems.append(Problem("shell.invalid", str(error), where))
            return PlannedStep(step)
        return PlannedStep(step, self._locate(uses, where))

    def _plan_uses(self, step: UsesStep) -> PlannedStep:
        reference = step.uses
        where = reference.text.position
        if reference.kind == "remote":
            if not reference.path and reference.slug in self._builtins:
                return PlannedStep(step, builtin=reference.slug)
            name = f"{reference.slug}/{reference.path}".rstrip("/")
            hint = nearest(name, self._builtins)
            self._refuse("remote", f"the action `{name}`", where, hint=hint)
            return PlannedStep(step)
        plugin = self._locate(_PREFIXES.get(reference.kind, "") + reference.path, where)
        if plugin:
            self.problems += check_inputs(step, plugin.manifest)
        return PlannedStep(step, plugin)

    def _locate(self, uses: str, where: Position) -> Plugin | None:
        try:
            return self._find(uses)
        except RunnerError as error:
            self.problems += [self._place(problem, where) for problem in error.problems]
            return None

    def _place(self, problem: Problem, where: Position) -> Problem:
        """Give a problem of a reference the place of the reference; one of a manifest has its own.

        A folder that is no plugin may well be an action of the kinds that are not supported.
        """
        if problem.code == "plugin-not-found" and not problem.hint:
            problem = problem._replace(hint=NO_ACTIONS)
        return problem if problem.where else problem._replace(where=where)

    def _refuse(self, kind: str, what: str, where: Position, *, hint: str = "") -> None:
        advice = f"use a plugin folder `./DIR` or a standard step `{STANDARD_SHELL}`"
        self.problems.append(
            Problem(f"plan.unsupported-{kind}", f"{what} is not supported", where, hint or advice)
        )
