"""What passes between a job and the workflow that it calls (LANGUAGE 3.2, 6.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner.execution.legs import JobError
from runner.execution.scope import Scope
from runner.expressions import ExpressionError
from runner.expressions.values import to_text
from runner.plan.calls import is_typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.workflow.interface import Input, Interface
    from runner.workflow.model import Call

TOKEN = "GITHUB_TOKEN"  # noqa: S105 - the name of the secret that every workflow has


def read_inputs(call: Call, interface: Interface, scope: Scope) -> dict[str, Any]:
    """Return the `inputs` of the called workflow, each of its declared type. Raises JobError."""
    try:
        given = scope.data(call.inputs)
        given = {} if given is None else given
        if not isinstance(given, dict):
            raise JobError(f"Unexpected value '{to_text(given)}' for `with`")
        values = {name.lower(): value for name, value in given.items()}
        inputs = {
            one.name.value: _read_input(one, values.pop(one.name.value.lower(), None), scope)
            for one in interface.inputs
        }
    except ExpressionError as error:
        raise JobError(f"`with` cannot be evaluated: {error}") from error
    for name in given:
        if name.lower() in values:
            raise JobError(f"Invalid input, {name} is not defined in the referenced workflow.")
    return inputs


def read_secrets(call: Call, interface: Interface, scope: Scope) -> dict[str, str]:
    """Return the `secrets` of the called workflow; empty ones are dropped. Raises JobError."""
    own: Mapping[str, str] = scope.contexts["secrets"]
    if call.inherits:
        return {name: text for name, text in own.items() if text}
    try:
        given = scope.strings(call.secrets)
    except ExpressionError as error:
        raise JobError(f"`secrets` cannot be evaluated: {error}") from error
    secrets = {name: text for name, text in given.items() if text}
    names = {name.lower() for name in given}
    for one in interface.secrets:
        name = one.name.value
        if one.is_required and name.lower() not in names:
            raise JobError(f"Secret {name} is required, but not provided while calling.")
    return {name: text for name, text in own.items() if name.upper() == TOKEN} | secrets


def read_outputs(interface: Interface, contexts: Mapping[str, Any]) -> dict[str, str]:
    """Return the outputs that the called workflow declares. Raises JobError."""
    scope = Scope(contexts, {})
    try:
        return {one.name.value: scope.text_of(one.value) for one in interface.outputs}
    except ExpressionError as error:
        raise JobError(f"an output cannot be evaluated: {error}") from error


def _read_input(declared: Input, given: Any, scope: Scope) -> Any:
    value = given
    if given is None and declared.default is not None:
        default = declared.default.value
        value = scope.value(default) if isinstance(default, str) else default
    elif given is None:
        if declared.is_required:
            name = declared.name.value
            raise JobError(f"Input {name} is required, but not provided while calling.")
        return declared.absent
    if declared.type == "string":
        return to_text(value)
    if isinstance(value, str) or not is_typed(value, declared.type):
        raise JobError(f"Unexpected value '{to_text(value)}' for the input {declared.name.value}")
    return value
