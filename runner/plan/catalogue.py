"""Where a plan gets what `uses:` names: handed in, so that planning itself reads no file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.permissions import Permissions
    from runner.plan.model import Found, Origin
    from runner.plugins.resolve import Plugin
    from runner.workflow.model import Workflow
    from runner.workflow.references import Reference

    Approve = Callable[[Plugin], Permissions | None]


class Catalogue(Protocol):
    """Every method raises RunnerError; problems without a place are about the reference itself."""

    def standard(self, uses: str) -> Plugin:
        """Return the plugin of `steps/NAME`."""

    def find(self, reference: Reference, origin: Origin) -> Found:
        """Return what stands behind the `uses:` of a step in a file of `origin`.

        `./dir` lies in the tree that the run works on, whatever the origin; `$/dir` in `origin`.
        """

    def read(self, reference: Reference, origin: Origin) -> tuple[Workflow, Origin]:
        """Return the workflow that a job of a file of `origin` calls; `./` is within `origin`."""

    def is_overridden(self, reference: Reference) -> bool:
        """Whether the user said where this remote reference lies."""
