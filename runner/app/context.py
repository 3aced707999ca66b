"""What a run starts from: its event, its repository, and what the user gives (LANGUAGE 5)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from runner.app.request import Given
from runner.errors import InvalidInput, Problem, nearest
from runner.execution.contexts import PUBLIC_SERVER, RunContext, github_context
from runner.execution.payloads import Facts, Payload, synthesise
from runner.records import NamedTuple
from runner.workspace.commit import begin_reading
from runner.workspace.origin import find_branch, find_default_branch, find_tag, read_slug
from runner.workspace.paths import printable
from runner.workspace.repository import find_repository, read_head

if TYPE_CHECKING:
    from runner.app.given import Supplied
    from runner.app.request import RunRequest
    from runner.workflow.filters import Activity
    from runner.workflow.model import Workflow
    from runner.workflow.triggers import Event
    from runner.workspace.repository import Repository

DISPATCH, CALL = "workflow_dispatch", "workflow_call"
_OF_HEAD = frozenset({"push", DISPATCH, "schedule"})  # their references are what is checked out
_NOTHING = Given()


class Start(NamedTuple):
    """`context` lacks the run's id and number; `notices` are warnings to tell."""

    context: RunContext
    notices: tuple[Problem, ...] = ()


class _Place(NamedTuple):
    """What is around the workflow; `repository` is None outside of git."""

    facts: Facts
    repository: Repository | None = None


def make_context(request: RunRequest, workflow: Workflow, source: str) -> Start:
    """Put together what the run of `workflow` in the tree `source` starts from.

    The payload is made when it is first looked at. Raises InvalidInput with all that is wrong with
    what the user gives.
    """
    given, supplied = request.given, None
    problems: list[Problem] = []
    if given != _NOTHING:
        from runner.app.given import supply  # 30 ms if files are given; a plain run gives nothing

        supplied, problems = supply(given)
    event = _choose_event(workflow, given, problems)
    place = _look_around(workflow, source, is_pushed=event.name.value == "push")
    context = _base_context(workflow, event, given, supplied, place.facts)
    texts: dict[str, str] = {}
    if event.name.value in {DISPATCH, CALL}:
        context, texts = _with_inputs(context, workflow, event, supplied, problems)
    if problems:
        raise InvalidInput(problems)
    payload = supplied.payload if supplied else None
    if payload is not None and texts:
        payload = {**payload, "inputs": texts}
    place = place._replace(facts=_complete(place.facts, event, context, texts))
    return _with_event(context, event, payload, place)


def _choose_event(workflow: Workflow, given: Given, problems: list[Problem]) -> Event:
    """Return the event to run for; one that cannot be adds to `problems`."""
    declared = {event.name.value: event for event in workflow.on}
    default = declared.get("push", workflow.on[0])
    takers = [declared[name] for name in (DISPATCH, CALL) if name in declared]
    if given.event:
        chosen = declared.get(given.event)
        if chosen is None:
            message = f"the workflow does not run for `{given.event}`"
            where, hint = default.name.position, nearest(given.event, declared)
            problems.append(Problem("run.event", message, where, hint))
    else:
        chosen = takers[0] if given.inputs and takers else default
    if given.inputs and chosen not in {*takers, None}:
        message = f"inputs are for `{DISPATCH}` and `{CALL}`, and the run is for another event"
        hint = "" if takers else f"declare them in `on.{DISPATCH}.inputs`"
        problems.append(Problem("run.input", message, default.name.position, hint))
    return chosen or default


def _look_around(workflow: Workflow, source: str, *, is_pushed: bool) -> _Place:
    repository, head = find_repository(source), read_head(source)
    server = (os.environ.get("GITHUB_SERVER_URL") or PUBLIC_SERVER).rstrip("/")
    slug = f"local/{printable(os.path.basename(source))}"
    file = os.path.relpath(workflow.file, source)
    facts = Facts(slug, server, "", workflow=workflow.file if file.startswith("..") else file)
    if not repository or not head:
        return _Place(facts)
    ref = head.ref or (find_tag(repository) if head.sha else "")
    current = head.ref.removeprefix("refs/heads/")
    branch = find_default_branch(repository, current)
    facts = facts._replace(
        repository=read_slug(repository) or slug,
        ref=ref,
        sha=head.sha,
        default_branch=branch,
        base_sha="" if is_pushed else find_branch(repository, branch),
    )
    return _Place(facts, repository)


def _base_context(
    workflow: Workflow, event: Event, given: Given, supplied: Supplied | None, facts: Facts
) -> RunContext:
    name = event.name.value
    context = RunContext(
        "",
        workflow.name,
        facts.workflow,
        # A workflow that is only called sees its caller's event: here that of a person.
        event_name=DISPATCH if name == CALL else name,
        sha=facts.sha,
        ref=facts.ref,
        repository=facts.repository,
        actor=given.actor or os.environ.get("LOGNAME") or os.environ.get("USER") or "runner",
        server=facts.server,
        is_debug=os.environ.get("RUNNER_DEBUG") == "1",
    )
    if supplied is None:
        return context
    secrets, variables, environment, _, payload = supplied
    if payload is not None:
        from runner.execution.payloadreader import find_names

        sender, repository = find_names(payload)
        context = context._replace(
            actor=given.actor or sender or context.actor,
            repository=repository or context.repository,
        )
    switch = secrets.get("ACTIONS_STEP_DEBUG") or variables.get("ACTIONS_STEP_DEBUG") or ""
    return context._replace(
        secrets=secrets,
        variables=variables,
        environment=environment,
        is_debug=context.is_debug or switch.lower() == "true",
    )


def _with_inputs(
    context: RunContext,
    workflow: Workflow,
    event: Event,
    supplied: Supplied | None,
    problems: list[Problem],
) -> tuple[RunContext, dict[str, str]]:
    """Add the inputs, typed, and return them as text too; a payload's hold where none are given."""
    call = workflow.call if event.name.value == CALL else None
    declared = call.inputs if call else workflow.dispatch_inputs
    given: dict[str, str] = {}
    if supplied:
        from runner.execution.payloadreader import find_inputs

        given = {**find_inputs(supplied.payload or {}), **supplied.inputs}
    for one in call.secrets if call else ():
        name = one.name.value
        if one.is_required and name.upper() not in context.secrets:
            message, hint = f"the secret `{name}` is required", f"give it by --secret {name}"
            problems.append(Problem("run.secret", message, one.name.position, hint))
    if not declared and not given:
        return context, {}
    from runner.app.inputs import type_inputs  # 1 ms; most workflows have no inputs
    from runner.execution.scope import Scope

    contexts = {"github": github_context(context, job=""), "inputs": {}, "vars": context.variables}
    inputs, texts, found = type_inputs(declared, given, Scope(contexts, {}).value)
    problems += found
    return context._replace(inputs=inputs), texts


def _complete(facts: Facts, event: Event, context: RunContext, texts: dict[str, str]) -> Facts:
    """Add what the workflow itself says of its event: the first of what it is declared for."""
    first = {key: values[0].value for key, values in event.filters if values}
    earlier = first.get("workflows", "")
    return facts._replace(
        actor=context.actor,
        repository=context.repository,
        inputs=texts,
        action=first.get("types", ""),
        schedule=first.get("cron", ""),
        earlier=earlier if earlier.replace("-", "").replace(" ", "").isalnum() else "",
    )


def _with_event(
    context: RunContext, event: Event, payload: dict[str, Any] | None, place: _Place
) -> Start:
    """Add the payload and what it says of references; tell if a filter would not let it pass."""
    name, facts = context.event_name, place.facts
    if payload is None:
        context = context._replace(event=_make_payload(name, place))
        if name in _OF_HEAD and not event.filters:
            return Start(context)
    else:
        context = context._replace(event=payload)
    from runner.execution import payloadreader  # 2 ms; not where there is nothing to find out

    told = synthesise(name, facts) if payload is None else payload
    checked_out = payloadreader.References(facts.ref, facts.sha)
    ref, sha, base_ref, head_ref = payloadreader.find_references(name, told, checked_out)
    context = context._replace(ref=ref, sha=sha, base_ref=base_ref, head_ref=head_ref)
    return Start(context, _judge(event, payloadreader.find_activity(name, told, ref)))


def _make_payload(name: str, place: _Place) -> Payload:
    facts = place.facts
    if place.repository is None:
        return Payload(lambda: synthesise(name, facts))
    finish = begin_reading(place.repository, facts.sha)
    return Payload(lambda: synthesise(name, facts._replace(commit=finish())))


def _judge(event: Event, activity: Activity) -> tuple[Problem, ...]:
    """Say if GitHub would not run the workflow; it runs, since the user named it."""
    from runner.workflow.filters import find_mismatch

    mismatch = find_mismatch(event, activity)
    if mismatch is None:
        return ()
    message = f"GitHub would not start this workflow: `{mismatch.filter}` of `{event.name.value}`"
    return (
        Problem(
            "run.not-triggered",
            f"{message} says no: {mismatch.reason}",
            mismatch.at.position,
            severity="warning",
        ),
    )
