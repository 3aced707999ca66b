"""A workflow as it was written: frozen, checked, every scalar with its place (spec §3).

Fields typed `Node` may be expressions as a whole or in any part (`env: ${{ fromJSON(...) }}`,
`${{ insert }}` keys): `runner.workflow.templates.expand` turns them into plain values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.documents.nodes import Mapping, Node
    from runner.errors import Position
    from runner.workflow.interface import Input, Interface
    from runner.workflow.references import Reference
    from runner.workflow.steps import Step
    from runner.workflow.triggers import Event
    from runner.workflow.values import Text, Value

MAX_LEGS = 256  # of one matrix


class Permissions(NamedTuple):
    """Token permissions: `unlisted` (`read`, `write`, `none`) holds for scopes not in `scopes`."""

    unlisted: str
    scopes: tuple[tuple[str, str], ...] = ()

    def level(self, scope: str) -> str:
        """Return `read`, `write` or `none`."""
        return dict(self.scopes).get(scope, self.unlisted)


class Defaults(NamedTuple):
    """`defaults.run`; a job's replaces the workflow's as a whole (§6.2)."""

    shell: Text | None = None
    working_directory: Text | None = None


class Strategy(NamedTuple):
    """`whole` is set if the mapping is an expression or has such keys; the rest is then None."""

    matrix: Node | None = None
    fail_fast: Value | None = None
    max_parallel: Value | None = None
    whole: Node | None = None


class Call(NamedTuple):
    """A job that calls a reusable workflow. `inherits` is `secrets: inherit`."""

    uses: Reference
    inputs: Node | None = None
    secrets: Node | None = None
    inherits: bool = False


class Job(NamedTuple):
    """A job; `call` is set and `steps` empty if it calls a reusable workflow.

    `needs` are spelled as the needed jobs spell their ids, without repeats. `name` and
    `condition` (the `if`) are None if absent. `container` and `services` can only be
    expressions here: anything else was refused; what they become must be empty.
    """

    id: Text
    name: Text | None = None
    needs: tuple[Text, ...] = ()
    condition: Text | None = None
    runs_on: Node | None = None
    steps: tuple[Step, ...] = ()
    call: Call | None = None
    env: Node | None = None
    strategy: Strategy | None = None
    defaults: Defaults | None = None
    outputs: Node | None = None
    timeout_minutes: Value | None = None
    cancel_timeout_minutes: Value | None = None
    continue_on_error: Value | None = None
    permissions: Permissions | None = None
    concurrency: Node | None = None
    environment: Node | None = None
    container: Node | None = None
    services: Node | None = None
    grant: Mapping | None = None


class Workflow(NamedTuple):
    """A whole file. `name` falls back to the file's path; `call` is set if others may call it."""

    file: str
    digest: str
    name: str
    on: tuple[Event, ...]
    jobs: tuple[Job, ...]
    jobs_position: Position
    run_name: Text | None = None
    env: Node | None = None
    defaults: Defaults | None = None
    permissions: Permissions | None = None
    concurrency: Node | None = None
    dispatch_inputs: tuple[Input, ...] = ()
    call: Interface | None = None
    grant: Mapping | None = None

    def job(self, name: str) -> Job | None:
        """Return the job whose id is `name` without regard to case, or None."""
        folded = name.lower()
        return next((job for job in self.jobs if job.id.value.lower() == folded), None)
