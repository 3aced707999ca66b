"""A plan for people: jobs in the order in which they can run, their steps, what these may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.plan.outline import LATER
from runner.workspace.paths import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.plan.outline import (
        ConditionOutline,
        JobOutline,
        PlanOutline,
        PluginOutline,
        StepOutline,
    )

_MOST_LEGS = 8


def render(outline: PlanOutline) -> str:
    """Return lines that are readable without colour."""
    text = _Text()
    lines = [f"{outline.pipeline}  {outline.file}  on {', '.join(outline.on)}"]
    lines += text.jobs(outline.jobs, "")
    lines += text.rights({plugin.name: plugin for plugin in outline.plugins})
    return "\n".join(printable(line) for line in lines)


class _Text:
    """Gathers what plugins may touch, to be told once: most steps of a pipeline may do the same."""

    def __init__(self) -> None:
        self._rights: dict[str, list[tuple[str, ...]]] = {}

    def jobs(self, jobs: tuple[JobOutline, ...], edge: str) -> Iterator[str]:
        layers = max((job.layer for job in jobs), default=0)
        for layer in range(1, layers + 1):
            together = [job for job in jobs if job.layer == layer]
            beside = ", side by side" if len(together) > 1 else ""
            yield ""
            yield f"{edge}{layer} of {layers}{beside}"
            for job in together:
                yield from self._job(job, f"{edge}  ")

    def rights(self, plugins: dict[str, PluginOutline]) -> Iterator[str]:
        """Yield what each plugin may touch, of what it requests, of what it could do at all.

        One with several grants stands there several times.
        """
        yield ""
        yield "What they may touch"
        for plugin, variants in sorted(self._rights.items()):
            for number, may in enumerate(variants, 1):
                mark = f" [{number}]" if len(variants) > 1 else ""
                yield f"  {plugin}{mark}: {'; '.join(may)}"
            known = plugins.get(plugin)
            if known and variants != [known.requests]:
                yield f"    requests: {'; '.join(known.requests) or 'nothing'}"
            if known:
                could = "known once it is fetched" if known.could is None else known.could
                shown = could if isinstance(could, str) else ", ".join(could)
                yield f"    its modules could at all: {shown}"

    def _job(self, job: JobOutline, edge: str) -> Iterator[str]:
        name = f" ({job.name})" if job.name != job.id else ""
        needs = f"  needs {', '.join(job.needs)}" if job.needs else ""
        yield f"{edge}{job.id}{name}{needs}"
        within = f"{edge}    "
        if job.condition:
            yield f"{within}{_condition(job.condition)}"
        if job.legs is None:
            yield f"{within}matrix: legs are {LATER}"
        elif job.legs[0].matrix is not None:
            shown = [leg.name for leg in job.legs[:_MOST_LEGS]]
            more = f" and {len(job.legs) - _MOST_LEGS} more" if len(job.legs) > _MOST_LEGS else ""
            yield f"{within}{len(job.legs)} legs: {', '.join(shown)}{more}"
        if job.calls:
            yield f"{within}calls {job.calls}"
            yield from self.jobs(job.jobs, within)
        yield from self._steps(job.steps, within, "")

    def _steps(self, steps: tuple[StepOutline, ...], edge: str, prefix: str) -> Iterator[str]:
        for number, step in enumerate(steps, 1):
            place = f"{prefix}{number}"
            within = f"{edge}{' ' * (len(place) + 1)}"
            name = step.name.strip().split("\n", 1)[0]
            yield f"{edge}{place} {name}{self._plugin(step)}{_marks(step)}"
            if step.condition:
                yield f"{within}{_condition(step.condition)}"
            yield from self._steps(step.steps, within, f"{place}.")

    def _plugin(self, step: StepOutline) -> str:
        """Return who carries the step out, with the number of its rights if there are several."""
        if not step.may:
            return ""
        plugin = step.plugin or "a shell"
        variants = self._rights.setdefault(plugin, [])
        if step.may not in variants:
            variants.append(step.may)
        number = variants.index(step.may) + 1
        return f"  {plugin}" + (f" [{number}]" if number > 1 else "")


def _marks(step: StepOutline) -> str:
    marks = [f"id {step.id}"] if step.id else []
    marks += ["in the background"] if step.is_background else []
    marks += [f"also {' and '.join(step.stages)}"] if step.stages else []
    return f"  ({', '.join(marks)})" if marks else ""


def _condition(condition: ConditionOutline) -> str:
    text = " ".join(condition.text.split())
    depends = f"  (depends on {', '.join(condition.depends)})" if condition.depends else ""
    return f"if {text}{depends}"
