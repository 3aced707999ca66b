"""What a plugin says of itself in `step.yml`, as frozen records (schemas/step.schema.json)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from runner.permissions import Permissions

if TYPE_CHECKING:
    from runner.abi import Limits

FILE_NAME = "step.yml"
MAIN = "main"


class Module(NamedTuple):
    """Where an entry point's WebAssembly file comes from.

    Without a `source`, `path` is a file beside the manifest. Else `source` is a key of
    `runner.plugins.sources.SOURCES`, `reference` names a package there, `path` a file in it, and
    `sha256` (hex) is what that file must hash to.
    """

    path: str
    source: str = ""
    reference: str = ""
    sha256: str = ""


class EntryPoint(NamedTuple):
    """A named operation. Arguments and environment values may hold `${{ inputs.x }}`."""

    name: str
    module: Module
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    export: str = "_start"


class Input(NamedTuple):
    """A value the pipeline gives by `with`; `type` is one of `runner.plugins.inputs.TYPES`."""

    name: str
    type: str = "string"
    required: bool = False
    default: str | None = None
    description: str = ""
    pattern: str = ""
    options: tuple[str, ...] = ()
    deprecation: str = ""


class Output(NamedTuple):
    name: str
    type: str = "string"
    description: str = ""


class Dependency(NamedTuple):
    """Another plugin by id, or `feature` of the host, in a range of versions."""

    plugin: str = ""
    feature: str = ""
    version: str = ""


class Manifest(NamedTuple):
    """`file` is how the user would name the manifest; `digest` is the hex SHA-256 of its bytes.

    `limits` hold the manifest's `resources`; what it leaves out has the default of the record.
    """

    id: str
    name: str
    version: str
    entry_points: dict[str, EntryPoint]
    permissions: Permissions
    limits: Limits
    inputs: dict[str, Input] = {}
    outputs: dict[str, Output] = {}
    dependencies: tuple[Dependency, ...] = ()
    kind: str = "step"
    description: str = ""
    author: str = ""
    license: str = ""
    metadata: dict[str, Any] = {}
    file: str = ""
    digest: str = ""
