"""What will run: every step with what carries it out. Made before anything runs, and pure data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.permissions import Permissions
    from runner.plugins.resolve import Plugin
    from runner.workflow.action import Action
    from runner.workflow.model import Job, Workflow
    from runner.workflow.steps import Step


class Origin(NamedTuple):
    """A repository as it lies on this disk: `folder` is absolute.

    `slug` (`owner/name`), `ref` and `commit` are empty for the tree that the run works on.
    """

    folder: str
    slug: str = ""
    ref: str = ""
    commit: str = ""


class Found(NamedTuple):
    """What a step's `uses:` leads to: a plugin, a composite action, or (both) an `action.yml` of
    the kind `wasm`. `path` is that of its folder within `origin`, '' for a standard step.
    """

    origin: Origin
    path: str
    plugin: Plugin | None = None
    action: Action | None = None


class PlannedStep(NamedTuple):
    """A step with its plugin, or with the name of the host action that it is.

    Both are empty for a `run:` step whose shell is known only when it runs, for a composite
    action, and for steps that only mind background steps. `found` is set for a `uses:` step that
    is no host action; `inner` are the steps of a composite action or of a `parallel` block.
    `grant` is what its plugin may have at most, None for what it requests.
    """

    step: Step
    plugin: Plugin | None = None
    builtin: str = ""
    grant: Permissions | None = None
    found: Found | None = None
    inner: tuple[PlannedStep, ...] = ()

    @property
    def action(self) -> Action | None:
        """The `action.yml` of the step, if that is what its `uses:` leads to."""
        return self.found.action if self.found else None

    @property
    def is_composite(self) -> bool:
        return self.action is not None and self.plugin is None


class PlannedJob(NamedTuple):
    """A job; `call` is the plan of the workflow that it calls, if it does."""

    job: Job
    steps: tuple[PlannedStep, ...] = ()
    call: Plan | None = None

    @property
    def id(self) -> str:
        return self.job.id.value

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(need.value for need in self.job.needs)


class Plan(NamedTuple):
    """`jobs` by id, in an order in which each stands after all it needs."""

    workflow: Workflow
    jobs: dict[str, PlannedJob]
    origin: Origin

    @property
    def needs(self) -> dict[str, tuple[str, ...]]:
        return {name: job.needs for name, job in self.jobs.items()}


def walk_steps(steps: tuple[PlannedStep, ...]) -> Iterator[PlannedStep]:
    """Yield every step, those within composite actions and `parallel` blocks after their own."""
    for step in steps:
        yield step
        yield from walk_steps(step.inner)
