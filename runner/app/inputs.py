"""The inputs of a workflow that a person starts, each of its declared type (LANGUAGE 3.2)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from runner.documents.scalars import resolve
from runner.errors import Problem, nearest
from runner.expressions import ExpressionError
from runner.expressions.values import to_text
from runner.plan.calls import is_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from runner.workflow.interface import Input

CODE = "run.input"


def type_inputs(
    declared: Sequence[Input], given: Mapping[str, str], evaluate: Callable[[str], Any]
) -> tuple[dict[str, Any], dict[str, str], list[Problem]]:
    """Return every declared input, typed and as text, beside what is wrong with the `given` ones.

    `evaluate` gives the value of a default that holds an expression. Names match without regard
    to case.
    """
    names = {one.name.value.lower(): one for one in declared}
    problems = [
        Problem(CODE, f"the workflow has no input `{name}`", hint=_list(name, declared))
        for name in given
        if name.lower() not in names
    ]
    written = {name.lower(): text for name, text in given.items()}
    values, texts = {}, {}
    for name, one in names.items():
        try:
            text = written.get(name)
            value = _read_default(one, evaluate) if text is None else _read_text(one, text)
        except (ValueError, ExpressionError) as error:
            problems.append(Problem(CODE, str(error), one.name.position, _hint(one)))
        else:
            values[one.name.value] = value
            texts[one.name.value] = to_text(value) if text is None else text
    return values, texts, problems


def _read_text(one: Input, text: str) -> Any:
    name = one.name.value
    if one.type == "boolean":
        if text.lower() not in {"true", "false"}:
            raise ValueError(f"the input `{name}` is a boolean, not `{text}`")
        return text.lower() == "true"
    if one.type == "number":
        number = resolve(text.strip())
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if not is_number or not math.isfinite(float(number or 0)):
            raise ValueError(f"the input `{name}` is a number, not `{text}`")
        return number
    if one.type == "choice" and one.options and text not in _options(one):
        raise ValueError(f"the input `{name}` cannot be `{text}`")
    return text


def _read_default(one: Input, evaluate: Callable[[str], Any]) -> Any:
    if one.default is None:
        if one.is_required:
            raise ValueError(f"the input `{one.name.value}` is required")
        return one.absent
    value = one.default.value
    value = evaluate(value) if isinstance(value, str) and "${{" in value else value
    if one.type not in {"boolean", "number"}:
        return to_text(value)
    if not is_typed(value, one.type):
        raise ValueError(f"the default of `{one.name.value}` is not a {one.type}")
    return value


def _hint(one: Input) -> str:
    if one.type == "boolean":
        return f"give it by --input {one.name.value}=true or =false"
    if one.type == "choice" and one.options:
        return f"give it by --input; one of: {', '.join(_options(one))}"
    return f"give it by --input {one.name.value}={one.type.upper()}"


def _options(one: Input) -> list[str]:
    return [option.value for option in one.options]


def _list(name: str, declared: Sequence[Input]) -> str:
    return nearest(name, [one.name.value for one in declared]) or "it declares none"
