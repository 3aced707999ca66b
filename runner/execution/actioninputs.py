"""What an action gets by `with`: its inputs, defaults filled in (LANGUAGE 6.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runner.execution.scope import Scope
    from runner.workflow.action import Action


def read_inputs(
    action: Action, given: Mapping[str, str], scope: Scope, warn: Callable[[str], None]
) -> dict[str, str]:
    """Return the action's inputs; that one is required is not enforced, as GitHub does not.

    `given` is the step's `with`, evaluated; names match without regard to case, and what is
    unknown is passed on with a warning. Raises ExpressionError for a default.
    """
    known = {name.lower(): text for name, text in given.items()}
    values = {}
    for one in action.inputs:
        name = one.name.value
        text = known.pop(name.lower(), None)
        if text is not None and one.deprecation:
            warn(f"Input '{name}' has been deprecated with message: {one.deprecation}")
        values[name] = scope.text_of(one.default) if text is None else text
    unknown = {name: text for name, text in given.items() if name.lower() in known}
    if unknown:
        names = ", ".join(f"'{name}'" for name in unknown)
        valid = ", ".join(f"'{one.name.value}'" for one in action.inputs)
        warn(f"Unexpected input(s) {names}, valid inputs are [{valid}]")
    return values | unknown
