"""What a workflow takes and gives when a person or another workflow starts it (spec §3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.workflow.values import Text, Value


class Input(NamedTuple):
    """An input of `workflow_dispatch` or `workflow_call`.

    `type` is `string`, `boolean`, `number`, `choice` or `environment`. `default` is None if
    absent; what then holds (`''`, false, 0) is said by `absent`.
    """

    name: Text
    type: str = "string"
    description: str = ""
    is_required: bool = False
    default: Value | None = None
    options: tuple[Text, ...] = ()

    @property
    def absent(self) -> bool | int | str:
        """The value of an input that has no default and was not given."""
        return {"boolean": False, "number": 0}.get(self.type, "")


class CallOutput(NamedTuple):
    name: Text
    value: Text
    description: str = ""


class CallSecret(NamedTuple):
    name: Text
    is_required: bool = False
    description: str = ""


class Interface(NamedTuple):
    """What `workflow_call` declares."""

    inputs: tuple[Input, ...] = ()
    outputs: tuple[CallOutput, ...] = ()
    secrets: tuple[CallSecret, ...] = ()
