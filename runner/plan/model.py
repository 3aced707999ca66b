"""What will run: every step with what carries it out. Made before anything runs, and pure data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.permissions import Permissions
    from runner.plugins.resolve import Plugin
    from runner.workflow.model import Job, Workflow
    from runner.workflow.steps import RunStep, UsesStep


class PlannedStep(NamedTuple):
    """A step with its plugin, or with the name of the host action that it is.

    Both are empty for a `run:` step whose shell is known only when it runs. `grant` is what its
    plugin may have at most, None for what it requests.
    """

    step: RunStep | UsesStep
    plugin: Plugin | None = None
    builtin: str = ""
    grant: Permissions | None = None


class PlannedJob(NamedTuple):
    job: Job
    steps: tuple[PlannedStep, ...]

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

    @property
    def needs(self) -> dict[str, tuple[str, ...]]:
        return {name: job.needs for name, job in self.jobs.items()}
