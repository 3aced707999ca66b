"""The story, a function per verb. The only file that picks concrete parts."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from runner import __version__
from runner.documents.reader import load
from runner.errors import InvalidInput, Position, Problem
from runner.events.fold import Fold
from runner.events.journal import Journal
from runner.events.masking import Masker
from runner.events.model import Notice, RunStarted
from runner.events.stream import Stream
from runner.execution.builtins import BUILTINS
from runner.execution.contexts import RunContext
from runner.execution.folder import create_run_folder
from runner.execution.run import Run
from runner.execution.services import Options, Services
from runner.plan.planner import make_plan
from runner.plugins import resolve as plugins
from runner.records import NamedTuple
from runner.reports.registry import REPORTERS
from runner.reports.reporter import Setting
from runner.sandbox.sandbox import Sandbox
from runner.workflow.reader import check_workflow, read_workflow
from runner.workspace.repository import find_work_tree, read_head

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.execution.folder import RunFolder
    from runner.plan.model import Plan
    from runner.plugins.resolve import Plugin

APPLICATION = "wasi-runner"
MAX_PIPELINE = 8 * 1024 * 1024


class RunRequest(NamedTuple):
    """What a user asks of a run. `slots` 0: as many jobs at once as cores; `source` '': found."""

    file: str
    slots: int = 0
    step_timeout: float = 0.0
    is_in_place: bool = False
    source: str = ""
    is_junit_strict: bool = False


class RunOutcome(NamedTuple):
    result: str
    is_interrupted: bool


def validate(file: str) -> list[Problem]:
    """Return all that is wrong with the pipeline in `file`; nothing is run or fetched."""
    source = find_source("")
    try:
        _read_plan(file, find=lambda uses: plugins.find(uses, base=source, cache=cache_folder()))
    except InvalidInput as error:
        return list(error.problems)
    return []


def run(request: RunRequest) -> RunOutcome:
    """Run a pipeline: text, model, plan, events, reports.

    Raises RunnerError if it cannot start; from then on all that goes wrong is in the reports.
    """
    cache, source = cache_folder(), find_source(request.source)
    with Sandbox(cache=os.path.join(cache, "compiled")) as sandbox:
        sandbox.start()  # while it gets ready, we read
        resolve = _remember(lambda uses: plugins.resolve(uses, base=source, cache=cache))
        plan = _read_plan(request.file, find=resolve)
        folder = create_run_folder(source)
        fold, masker, journal = Fold(), Masker(), Journal(folder.journal)
        setting = _setting(request, folder)
        reporters = {name: make(setting) for name, make in REPORTERS.items()}
        sinks = {name: reporter.handle for name, reporter in reporters.items()}
        stream = Stream(masker, {"journal": journal.write, "summary": fold.add, **sinks})
        services = Services(
            sandbox.run,
            stream,
            masker,
            resolve,
            folder,
            source,
            _context(plan, folder, source),
            _options(request),
        )
        run = Run(plan, services)
        stream.emit(_started(plan, folder))
        result = run.execute()
        for notice in sandbox.notices:
            stream.emit(Notice(notice))
    journal.close()
    for reporter in reporters.values():
        reporter.finish(fold.result())
    for problem in stream.problems:
        print(problem, file=sys.stderr)  # noqa: T201 - the reports that would tell it are broken
    return RunOutcome(result, run.is_interrupted)


def cache_folder() -> str:
    """Return where compiled modules and fetched plugins are kept, by digest, for this user."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.environ.get("WASI_RUNNER_CACHE") or os.path.join(os.path.abspath(base), APPLICATION)


def find_source(given: str) -> str:
    """Return the absolute folder to work on: as given, else the repository around us, else here."""
    if given:
        if not os.path.isdir(given):
            raise InvalidInput([Problem("run.source", f"`{given}` is not a folder")])
        return os.path.abspath(given)
    return find_work_tree(".") or os.getcwd()


def _read_plan(file: str, *, find: Callable[[str], Plugin]) -> Plan:
    memory = os.path.join(cache_folder(), "documents")
    document = load(file, _read(file), "pipeline", rules=check_workflow, memory=memory)
    return make_plan(read_workflow(document), find=find, builtins=BUILTINS)


def _read(file: str) -> bytes:
    try:
        with open(file, "rb") as source:
            return source.read(MAX_PIPELINE)
    except OSError as error:
        message = f"cannot read the pipeline: {error.strerror}"
        raise InvalidInput([Problem("run.unreadable", message, Position(file))]) from error


def _remember(resolve: Callable[[str], Plugin]) -> Callable[[str], Plugin]:
    """Ask `resolve` once for each reference; a plugin does not change while a run goes on."""
    known: dict[str, Plugin] = {}

    def remembered(uses: str) -> Plugin:
        if uses not in known:
            known[uses] = resolve(uses)
        return known[uses]

    return remembered


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


def _context(plan: Plan, folder: RunFolder, source: str) -> RunContext:
    head = read_head(source)
    events = [event.name.value for event in plan.workflow.on]
    return RunContext(
        folder.run_id,
        plan.workflow.name,
        plan.workflow.file,
        event_name="push" if "push" in events or not events else events[0],
        sha=head.sha if head else "",
        ref=head.ref if head else "",
        repository=f"local/{os.path.basename(source)}",
    )


def _started(plan: Plan, folder: RunFolder) -> RunStarted:
    workflow = plan.workflow
    return RunStarted(
        folder.run_id, workflow.name, workflow.file, __version__, time.time(), tuple(plan.jobs)
    )
