"""Steps to planned steps: each with its plugin, its host action, or the steps of its action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.errors import Problem, RunnerError, Unavailable, nearest
from runner.plan.given import check_inputs
from runner.plan.model import Found, PlannedStep
from runner.plan.shells import STANDARD_SHELL, parse_shell
from runner.records import NamedTuple
from runner.workflow.steps import ControlStep, RunStep

if TYPE_CHECKING:
    from collections.abc import Collection

    from runner.documents.nodes import Mapping
    from runner.errors import Position
    from runner.permissions import Permissions
    from runner.plan.catalogue import Approve, Catalogue
    from runner.plan.model import Origin
    from runner.plugins.resolve import Plugin
    from runner.workflow.model import Defaults, Job, Workflow
    from runner.workflow.references import Reference
    from runner.workflow.steps import Step, UsesStep

MAX_NESTING = 10
MAX_STEPS = 20_000  # of an action, with those of the actions within
_USE = f"use a plugin folder `./DIR` or a standard step such as `{STANDARD_SHELL}`"


class Bound(NamedTuple):
    """What steps may have at most, None for all; `is_granted` if our own files say so.

    Those of another repository may ask less of what they are given. They grant nothing, least of
    all to plugins of their own.
    """

    allowed: Permissions | None = None
    is_granted: bool = False

    def narrow(self, own: Permissions | None, origin: Origin) -> Bound:
        """Return what is left where a file of `origin` grants `own`."""
        if own is None:
            return self
        if self.allowed is not None:
            from runner import permissions  # loaded already: a grant was read

            own = permissions.intersect(self.allowed, own)
        return Bound(own, self.is_granted or not origin.slug)


class _Place(NamedTuple):
    """Where steps stand: what they inherit, and the `outer` bound of what they grant themselves."""

    file: str
    origin: Origin
    defaults: Defaults | None
    bound: Bound
    outer: Bound


class StepPlanner:
    """Plans steps, each action once; what is wrong with them is gathered in `problems`, once."""

    def __init__(
        self, catalogue: Catalogue, builtins: Collection[str], approve: Approve | None = None
    ) -> None:
        self.unavailable: set[Problem] = set()  # of `problems`: nobody's fault who wrote them
        self._problems: dict[Problem, None] = {}  # each once, in the order found
        self._catalogue = catalogue
        self._approve = approve
        self._builtins = builtins
        self._actions: dict[object, tuple[tuple[PlannedStep, ...], int]] = {}
        self._sizes: dict[int, int] = {}  # by the identity of the steps, which are shared
        self._nesting: list[object] = []
        self._deepest = 0

    @property
    def problems(self) -> list[Problem]:
        return list(self._problems)

    def plan(
        self, job: Job, workflow: Workflow, origin: Origin, *, outer: Bound
    ) -> tuple[PlannedStep, ...]:
        """Plan the steps of `job`; `outer` bounds what all of them may have."""
        own = self.read_grant(job.grant, workflow.file)
        if own is None:
            own = self.read_grant(workflow.grant, workflow.file)
        defaults = job.defaults or workflow.defaults
        place = _Place(workflow.file, origin, defaults, outer.narrow(own, origin), outer)
        return tuple(self._plan(step, place) for step in job.steps)

    def read_grant(self, grant: Mapping | None, file: str) -> Permissions | None:
        """Return what a `grant:` allows, None if there is none."""
        if grant is None:
            return None
        from runner.plan.grants import read_grant  # 1 ms; few pipelines have one

        allowed, problems = read_grant(grant, file=file)
        self._problems.update(dict.fromkeys(problems))
        return allowed

    def _plan(self, step: Step, place: _Place) -> PlannedStep:
        if isinstance(step, ControlStep):
            return PlannedStep(step, inner=tuple(self._plan(one, place) for one in step.steps))
        own = self.read_grant(step.grant, place.file)
        bound = place.bound if own is None else place.outer.narrow(own, place.origin)
        if isinstance(step, RunStep):
            return self._plan_run(step, place)._replace(grant=bound.allowed)
        planned = self._plan_uses(step, place._replace(bound=bound))
        if planned.builtin and step.grant:
            where = step.position._replace(line=step.grant.line, column=step.grant.column)
            self._refuse("grant", f"a `grant` for the host action `{planned.builtin}`", where)
        return planned

    def _plan_run(self, step: RunStep, place: _Place) -> PlannedStep:
        shell = shell_of(step, place.defaults)
        if "${{" in shell:
            return PlannedStep(step)
        written = step.shell or (place.defaults.shell if place.defaults else None)
        where = written.position if written else step.position
        try:
            uses = parse_shell(shell).plugin
        except ValueError as error:
            self._add(Problem("shell.invalid", str(error), where))
            return PlannedStep(step)
        try:
            return PlannedStep(step, self._catalogue.standard(uses))
        except RunnerError as error:
            self._place(error, where)
            return PlannedStep(step)

    def _plan_uses(self, step: UsesStep, place: _Place) -> PlannedStep:
        builtin = self._builtin_of(step.uses)
        if builtin:
            return PlannedStep(step, builtin=builtin)
        where = step.uses.text.position
        if self._is_node_action(step.uses):
            name = f"{step.uses.slug}/{step.uses.path}".rstrip("/")
            message = f"the action `{name}`"
            self._refuse("remote", message, where, nearest(name, self._builtins))
            return PlannedStep(step)
        try:
            found = self._find(step.uses, place.origin)
        except RunnerError as error:
            self._place(error, where)
            return PlannedStep(step)
        if found.plugin is None:
            inner = self._plan_action(found, where, place.bound)
            return PlannedStep(step, found=found, inner=inner, grant=place.bound.allowed)
        if found.action is None:
            self._problems.update(dict.fromkeys(check_inputs(step, found.plugin.manifest)))
        grant = self._settle_grant(found.plugin, place.bound, where)
        return PlannedStep(step, found.plugin, found=found, grant=grant)

    def _builtin_of(self, reference: Reference) -> str:
        is_plain = reference.kind == "remote" and not reference.path
        slug = reference.slug.lower() if is_plain else ""
        known = slug in self._builtins and not self._catalogue.is_overridden(reference)
        return slug if known else ""

    def _is_node_action(self, reference: Reference) -> bool:
        """Whether to refuse without a look: GitHub's own actions are all written for Node."""
        return (
            reference.kind == "remote"
            and reference.owner.lower() == "actions"
            and not self._catalogue.is_overridden(reference)
        )

    def _find(self, reference: Reference, origin: Origin) -> Found:
        if reference.kind == "standard":
            uses = reference.text.value
            return Found(origin, "", plugin=self._catalogue.standard(uses))
        return self._catalogue.find(reference, origin)

    def _plan_action(self, found: Found, where: Position, bound: Bound) -> tuple[PlannedStep, ...]:
        """Plan the steps of a composite action, once for the same grant (LANGUAGE 6.9)."""
        key = found.origin, found.path, bound
        action = found.action
        assert action is not None, "what is found is a plugin or an action"  # noqa: S101
        if key not in self._actions and key not in self._nesting:
            before, self._deepest = self._deepest, 0
            self._nesting.append(key)
            place = _Place(action.file, found.origin, None, bound, bound)
            steps = tuple(self._plan(step, place) for step in action.steps)
            self._nesting.pop()
            self._actions[key] = steps, self._deepest + 1
            self._deepest = before
            self._check_size(steps, where)
        steps, height = self._actions.get(key, ((), MAX_NESTING))
        if height + len(self._nesting) > MAX_NESTING:
            message = f"composite actions are nested deeper than {MAX_NESTING}"
            if key in self._nesting:
                message = "the composite action uses itself"
            self._add(Problem("plan.nesting", message, where))
        else:  # what is too deep is told once, not by each action around it
            self._deepest = max(self._deepest, height)
        return steps

    def _check_size(self, steps: tuple[PlannedStep, ...], where: Position) -> None:
        """Refuse what no run would see the end of: actions that use others several times each."""
        size = sum(1 + self._sizes.get(id(step.inner), 0) for step in steps)
        if size > MAX_STEPS:
            message = f"the composite action comes to more than {MAX_STEPS} steps"
            self._add(Problem("plan.too-many-steps", message, where))
            size = 0  # told once, not by each action around it
        self._sizes[id(steps)] = size

    def _settle_grant(self, plugin: Plugin, bound: Bound, where: Position) -> Permissions | None:
        """Return what the plugin may have: one from elsewhere nothing, unless it is granted."""
        if plugin.is_trusted or bound.is_granted:
            return bound.allowed
        if self._approve:
            try:
                approved = self._approve(plugin)
            except RunnerError as error:
                self._place(error, where)
                return None
            if approved is not None and bound.allowed is not None:
                from runner import permissions

                return permissions.intersect(bound.allowed, approved)
            if approved is not None:
                return approved
        from runner import permissions  # loaded already: the manifest is made of them

        nothing = permissions.Permissions()
        missing = permissions.missing(plugin.manifest.permissions, nothing)
        if missing:
            name = plugin.manifest.id
            message = f"the plugin `{name}` is from another repository and has no grant"
            wanted = permissions.grant_text(missing)
            hint = f"approve it with `runner lock`, or give the step `{wanted}`"
            self._add(Problem("plan.not-granted", message, where, hint))
        return nothing

    def _place(self, error: RunnerError, where: Position) -> None:
        """Give problems of a reference the place of the reference; a manifest's have their own."""
        for problem in error.problems:
            placed = problem if problem.where else problem._replace(where=where)
            self._add(placed)
            if isinstance(error, Unavailable):
                self.unavailable.add(placed)

    def _refuse(self, kind: str, what: str, where: Position, hint: str = "") -> None:
        message = f"{what} is not supported"
        self._add(Problem(f"plan.unsupported-{kind}", message, where, hint or _USE))

    def _add(self, problem: Problem) -> None:
        self._problems[problem] = None


def shell_of(step: RunStep, defaults: Defaults | None) -> str:
    """Return the shell as written for `step`, '' for the default; may hold `${{ }}` (6.8)."""
    written = step.shell or (defaults.shell if defaults else None)
    return written.value if written else ""
