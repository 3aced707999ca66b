"""One workflow at work: the pipeline itself, or one that a leg of a job calls (LANGUAGE 6.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.execution.contexts import github_context, runner_context
from runner.execution.state import LegIdentity
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.execution.contexts import RunContext
    from runner.execution.legs import ExpandedJob
    from runner.plan.model import Plan, PlannedJob


class WorkflowRun:
    """`caller` is the leg (key of its job, number) that calls it, None for the pipeline itself;
    `outer` the workflow of that leg, `identity` how the leg is told of.

    `needs` holds what is known of its jobs, by id: result and outputs. The three prefixes tell its
    jobs from those of others: in keys, in the ids of events (`call/`), in names (`call / `).
    `leg` holds the matrix values of the legs that led here.
    """

    def __init__(
        self,
        plan: Plan,
        run: RunContext,
        *,
        inputs: Mapping[str, Any],
        secrets: Mapping[str, str],
        caller: tuple[str, int] | None = None,
        identity: LegIdentity | None = None,
        outer: WorkflowRun | None = None,
    ) -> None:
        self.plan = plan
        self.caller = caller
        self.outer = outer
        self.secrets = secrets
        self.needs: dict[str, dict[str, Any]] = {}
        self.inputs = inputs
        self._run = run
        self._key = f"{caller[0]}#{caller[1]}/" if caller else ""
        self._job = f"{identity.job}/" if identity else ""
        self._title = f"{identity.name} / " if identity else ""
        self._leg = _tag(identity) if identity else {}

    def key(self, job: str) -> str:
        """Return what the scheduler knows a job by."""
        return self._key + job

    def keyed_needs(self) -> dict[str, tuple[str, ...]]:
        """Return the graph of the jobs, by key."""
        return {
            self.key(job): tuple(map(self.key, needs)) for job, needs in self.plan.needs.items()
        }

    def identify(self, job: str, expanded: ExpandedJob, leg: int) -> LegIdentity:
        values = expanded.legs[leg].values
        shown = {**self._leg, **(values or {})} or None
        return LegIdentity(self._job + job, shown, self._title + expanded.names[leg])

    def identify_job(self, job: PlannedJob) -> LegIdentity:
        """Return how a job is told of that has no legs yet."""
        name = job.job.name
        shown = name.value if name and not name.is_template else job.id
        return LegIdentity(self._job + job.id, self._leg or None, self._title + shown)

    def contexts(self, job: PlannedJob) -> dict[str, Any]:
        """Return what a job's `if` and strategy see, and all else within it."""
        return self._shared(job.id) | {"needs": {need: self.needs[need] for need in job.needs}}

    def leg_contexts(self, expanded: ExpandedJob, leg: int) -> dict[str, Any]:
        """Return what the steps of a leg see."""
        return expanded.contexts(leg) | {
            "secrets": dict(self.secrets),
            "runner": runner_context(is_debug=self._run.is_debug),
            "job": self._job_context(),
        }

    def contexts_of_workflow(self) -> dict[str, Any]:
        """Return what the workflow's own `concurrency` sees."""
        return self._shared("")

    def output_contexts(self) -> dict[str, Any]:
        """Return what the outputs of the workflow see, once all its jobs are finished."""
        return self._shared("") | {"jobs": self.needs}

    def _shared(self, job: str) -> dict[str, Any]:
        return {
            "github": github_context(self._run, job=job),
            "inputs": dict(self.inputs),
            "vars": dict(self._run.variables),
        }

    def _job_context(self) -> dict[str, Any]:
        """Return the `job` context but for its status: which file its workflow is."""
        workflow, origin = self.plan.workflow, self.plan.origin
        file = workflow.file
        if origin.slug:
            file = file.removeprefix(f"{origin.slug}/").removesuffix(f"@{origin.ref}")
        repository = origin.slug or self._run.repository
        ref = origin.ref or self._run.ref
        return {
            "check_run_id": "",
            "container": {},
            "services": {},
            "workflow_ref": f"{repository}/{file}@{ref}",
            "workflow_sha": origin.commit or self._run.sha,
            "workflow_repository": repository,
            "workflow_file_path": file,
        }


class JobRun(NamedTuple):
    """A job of a workflow at work; `expanded` is set once its legs are known."""

    workflow: WorkflowRun
    planned: PlannedJob
    expanded: ExpandedJob | None = None


def _tag(identity: LegIdentity) -> dict[str, Any]:
    """Name the matrix values of a calling leg after its job, apart from those of the called."""
    own = identity.job.rpartition("/")[2]
    return {
        name if "." in name else f"{own}.{name}": value
        for name, value in (identity.leg or {}).items()
    }
