"""`run`: text, model, plan, events, reports."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from runner.app.context import make_context
from runner.app.places import find_source
from runner.app.reading import open_catalogue, parse_overrides, read_plan, read_policy
from runner.app.request import RunOutcome
from runner.events.fold import Fold
from runner.events.journal import Journal
from runner.events.masking import Masker
from runner.events.model import Notice, RunStarted
from runner.events.stream import Stream
from runner.execution.folder import close_run_folder, create_run_folder
from runner.execution.run import Run
from runner.execution.services import Options, Services
from runner.execution.workspaces import Workspaces
from runner.reports.registry import REPORTERS
from runner.reports.reporter import Setting
from runner.version import __version__

if TYPE_CHECKING:
    from runner.abi import Clock
    from runner.app.request import RunRequest
    from runner.execution.folder import RunFolder
    from runner.plan.model import Plan
    from runner.reports.reporter import Reporter
    from runner.sandbox.sandbox import Sandbox


def run(request: RunRequest, sandbox: Sandbox) -> RunOutcome:
    """Run the pipeline that `request` names, its guests in `sandbox`.

    Raises RunnerError if it cannot start; from then on all that goes wrong is in the reports.
    """
    source = find_source(request.source)
    overrides = parse_overrides(request.local_repositories)
    policy = read_policy(request.policy, source)
    workspaces = Workspaces(source, is_in_place=request.is_in_place)  # git starts to list files
    catalogue = open_catalogue(source, overrides=overrides, is_complete=True)
    plan = read_plan(request.file, catalogue)
    context, warnings = make_context(request, plan.workflow, source)
    folder = create_run_folder(source, is_in_place=request.is_in_place)
    context = context._replace(run_id=folder.digits, number=folder.number)
    fold, masker = Fold(), Masker(context.secrets.values())
    journal = Journal(folder.journal)
    reporters = {name: make(_setting(request, folder)) for name, make in REPORTERS.items()}
    sinks = {name: reporter.handle for name, reporter in reporters.items()}
    stream = Stream(masker, {"journal": journal.write, "summary": fold.add, **sinks})
    services = Services(
        sandbox.run,
        stream,
        masker,
        catalogue.standard,
        catalogue.locate,
        catalogue.find_by_id,
        lambda: _read_clock(source),
        folder,
        source,
        context,
        _options(request),
        policy,
    )
    execution = Run(plan, services, workspaces)
    stream.emit(_started(plan, folder))
    for warning in warnings:
        stream.emit(Notice(warning))
    result = execution.execute()
    left = close_run_folder(folder)
    for notice in (*sandbox.notices, *([left] if left else ())):
        stream.emit(Notice(notice))
    journal.close()
    _finish(reporters, fold, stream)
    return RunOutcome(result, execution.is_interrupted)


def _read_clock(source: str) -> Clock:
    from runner.app.clock import read_clock  # few plugins may not see the time

    return read_clock(source)


def _setting(request: RunRequest, folder: RunFolder) -> Setting:
    return Setting(
        folder.root,
        sys.stdout,
        sys.stderr,
        os.environ,
        shown=os.path.relpath(folder.root),
        strict=request.is_junit_strict,
    )


def _options(request: RunRequest) -> Options:
    slots = request.slots or os.cpu_count() or 1
    return Options(slots, request.step_timeout, request.is_in_place)


def _started(plan: Plan, folder: RunFolder) -> RunStarted:
    workflow = plan.workflow
    return RunStarted(
        folder.run_id, workflow.name, workflow.file, __version__, time.time(), tuple(plan.jobs)
    )


def _finish(reporters: dict[str, Reporter], fold: Fold, stream: Stream) -> None:
    """Let every report be written; one that cannot be does not take the others with it."""
    for name, reporter in reporters.items():
        try:
            reporter.finish(fold.result())
        except OSError as error:
            print(f"the report `{name}` is incomplete: {error}", file=sys.stderr)  # noqa: T201
    for problem in stream.problems:
        print(problem, file=sys.stderr)  # noqa: T201 - the reports that would tell it are broken
