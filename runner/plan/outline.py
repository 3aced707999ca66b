"""A plan as people and programs look at it: order, legs, conditions, and what steps may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner import permissions
from runner.expressions import ExpressionError, parse, references
from runner.expressions.template import evaluate_template
from runner.expressions.values import equals, to_text
from runner.plan.matrix import MatrixError, expand, leg_name
from runner.plan.model import walk_steps
from runner.records import NamedTuple
from runner.workflow.steps import ControlStep, RunStep, UsesStep, default_name
from runner.workflow.templates import expand as expand_node

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.plan.matrix import Leg
    from runner.plan.model import Plan, PlannedJob, PlannedStep
    from runner.plugins.policy import Policy
    from runner.plugins.resolve import Plugin
    from runner.workflow.values import Text

LATER = "known when it runs"
_BY_HOST = "done by the host, in the job's workspace"


class ConditionOutline(NamedTuple):
    """An `if:` as written, and the values and functions that it depends on."""

    text: str
    depends: tuple[str, ...]


class StepOutline(NamedTuple):
    """`kind` is run, plugin, host, action, wait, wait-all, cancel or parallel. `plugin` is what
    carries it out, '' if that is known only when it runs; `may` says what that may touch, a line
    each. `stages` are those of its plugin beside the main one.
    """

    id: str
    name: str
    kind: str
    plugin: str
    condition: ConditionOutline | None
    may: tuple[str, ...]
    stages: tuple[str, ...]
    is_background: bool
    steps: tuple[StepOutline, ...]


class LegOutline(NamedTuple):
    """A leg's display name and its values, None without a matrix."""

    name: str
    matrix: Mapping[str, Any] | None


class JobOutline(NamedTuple):
    """`legs` is None if they are known only when it runs. `layer` counts the jobs on the longest
    way to it. A job that calls a workflow has `calls` and `jobs`, others `steps`.
    """

    id: str
    name: str
    needs: tuple[str, ...]
    layer: int
    condition: ConditionOutline | None
    legs: tuple[LegOutline, ...] | None
    steps: tuple[StepOutline, ...]
    calls: str = ""
    jobs: tuple[JobOutline, ...] = ()


class PluginOutline(NamedTuple):
    """A plugin that steps use: what it requests, and what its modules import, which is all that
    they could do if everything were granted; None as long as they are not on this machine.
    """

    name: str
    requests: tuple[str, ...]
    could: tuple[str, ...] | None


class PlanOutline(NamedTuple):
    """`jobs` in an order in which each stands after all it needs."""

    pipeline: str
    file: str
    on: tuple[str, ...]
    jobs: tuple[JobOutline, ...]
    plugins: tuple[PluginOutline, ...] = ()


def outline_plan(
    plan: Plan,
    contexts: Mapping[str, Any],
    *,
    policy: Policy | None,
    look: Callable[[Plugin], tuple[str, ...] | None],
) -> PlanOutline:
    """Return the outline of `plan`; `contexts` are what matrices can be known from now, `policy`
    is what caps the rights of plugins, `look` tells what a plugin's modules could do.
    """
    workflow = plan.workflow
    events = tuple(event.name.value for event in workflow.on)
    jobs = _outline_jobs(plan, contexts, policy)
    plugins = tuple(
        PluginOutline(name, tuple(permissions.describe(plugin.manifest.permissions)), look(plugin))
        for name, plugin in sorted(_find_plugins(plan).items())
    )
    return PlanOutline(workflow.name, workflow.file, events, jobs, plugins)


def _find_plugins(plan: Plan) -> dict[str, Plugin]:
    """Return the plugins of all jobs, those of called workflows too, by how steps name them."""
    found: dict[str, Plugin] = {}
    pending, seen = [plan], {id(plan)}
    while pending:
        for job in pending.pop().jobs.values():
            plugins = (step.plugin for step in walk_steps(job.steps))
            found.update((plugin.reference, plugin) for plugin in plugins if plugin)
            if job.call and id(job.call) not in seen:
                seen.add(id(job.call))
                pending.append(job.call)
    return found


def _outline_jobs(
    plan: Plan, contexts: Mapping[str, Any], policy: Policy | None
) -> tuple[JobOutline, ...]:
    layers: dict[str, int] = {}
    outlines = []
    for name, planned in plan.jobs.items():
        layers[name] = 1 + max((layers[need] for need in planned.needs), default=0)
        outlines.append(_outline_job(planned, layers[name], contexts, policy))
    return tuple(outlines)


def _outline_job(
    planned: PlannedJob, layer: int, contexts: Mapping[str, Any], policy: Policy | None
) -> JobOutline:
    job, called = planned.job, planned.call
    # What a called workflow gets by `with` is known only when it is called.
    within = {name: value for name, value in contexts.items() if name != "inputs"}
    return JobOutline(
        planned.id,
        job.name.value if job.name else planned.id,
        planned.needs,
        layer,
        _outline_condition(job.condition),
        _find_legs(planned, contexts),
        tuple(_outline_step(step, policy) for step in planned.steps),
        job.call.uses.text.value if job.call else "",
        _outline_jobs(called, within, policy) if called else (),
    )


def _find_legs(planned: PlannedJob, contexts: Mapping[str, Any]) -> tuple[LegOutline, ...] | None:
    strategy = planned.job.strategy
    try:
        legs = _expand(planned, contexts)
    except (ExpressionError, MatrixError):
        return None
    name = planned.job.name
    base = name.value if name else planned.id
    is_listed = strategy is not None and not (name and name.is_template)
    return tuple(
        LegOutline(leg_name(base, leg, to_text) if is_listed else base, leg.values) for leg in legs
    )


def _expand(planned: PlannedJob, contexts: Mapping[str, Any]) -> tuple[Leg, ...]:
    strategy = planned.job.strategy
    if strategy is None:
        return expand(None, equal=equals)

    def evaluate(text: str) -> Any:
        return evaluate_template(text, contexts, {})

    if strategy.whole:
        data = expand_node(strategy.whole, evaluate)
        return expand(data.get("matrix") if isinstance(data, dict) else data, equal=equals)
    matrix = expand_node(strategy.matrix, evaluate) if strategy.matrix else None
    return expand(matrix, equal=equals)


def _outline_step(planned: PlannedStep, policy: Policy | None) -> StepOutline:
    step, plugin = planned.step, planned.plugin
    return StepOutline(
        step.id.value if step.id else "",
        (step.name.value if step.name else "") or default_name(step),
        _kind(planned),
        planned.builtin or (plugin.reference if plugin else ""),
        _outline_condition(step.condition) if not isinstance(step, ControlStep) else None,
        _may(planned, policy),
        tuple(name for name in ("pre", "post") if _has_stage(planned, name)),
        isinstance(step, RunStep | UsesStep) and step.background,
        tuple(_outline_step(step, policy) for step in planned.inner),
    )


def _kind(planned: PlannedStep) -> str:
    if isinstance(planned.step, ControlStep):
        return planned.step.kind
    if isinstance(planned.step, RunStep):
        return "run"
    if planned.builtin:
        return "host"
    return "action" if planned.is_composite else "plugin"


def _may(planned: PlannedStep, policy: Policy | None) -> tuple[str, ...]:
    """Say what a step's plugin may touch: what it requests, as far as that is granted."""
    if planned.builtin:
        return (_BY_HOST,)
    if planned.plugin is None:
        is_open = isinstance(planned.step, RunStep)
        return (LATER,) if is_open else ()
    allowed = planned.plugin.manifest.permissions
    if planned.grant is not None:
        allowed = permissions.intersect(allowed, planned.grant)
    if policy is not None:
        manifest = planned.plugin.manifest
        allowed = permissions.intersect(allowed, policy.cap(manifest.id, manifest.kind)[0])
    return tuple(permissions.describe(allowed)) or ("nothing but its own inputs",)


def _has_stage(planned: PlannedStep, stage: str) -> bool:
    is_shell = isinstance(planned.step, RunStep)
    return (
        not is_shell
        and planned.plugin is not None
        and stage in planned.plugin.manifest.entry_points
    )


def _outline_condition(condition: Text | None) -> ConditionOutline | None:
    """Return what an `if:` depends on; one that cannot be read was refused before."""
    if condition is None or not condition.value.strip():
        return None
    text = condition.value.strip()
    bare = text.removeprefix("${{").removesuffix("}}") if text.startswith("${{") else text
    try:
        found = references(parse(bare))
    except ExpressionError:  # a text with expressions in it, which is always true
        return ConditionOutline(text, ())
    calls = tuple(f"{name}()" for name in found.functions if name in _STATUS)
    return ConditionOutline(text, (*(".".join(path) for path in found.paths), *calls))


_STATUS = frozenset({"success", "failure", "always", "cancelled"})
