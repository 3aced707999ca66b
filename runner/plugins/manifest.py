"""What a plugin says of itself in `step.yml`, as frozen records (schemas/step.schema.json)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from runner import permissions
from runner.abi import Limits
from runner.expressions.values import to_text
from runner.permissions import Permissions, units
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "step.yml"
MAIN = "main"
SHELL = "shell"
EXPORT = "_start"


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
    export: str = EXPORT


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


def build(data: Mapping[str, Any], *, file: str = "", digest: str = "") -> Manifest:
    """Make the record from valid data."""
    requested, _ = permissions.parse(data.get("permissions") or {})
    inputs = data.get("inputs") or {}
    outputs = data.get("outputs") or {}
    texts = {key: data.get(key, "") for key in ("description", "author", "license")}
    return Manifest(
        id=data["id"],
        name=data.get("name", data["id"]),
        version=data["version"],
        entry_points={
            name: _read_entry_point(name, value) for name, value in data["entry_points"].items()
        },
        permissions=requested,
        limits=_read_limits(data.get("resources") or {}, requested),
        inputs={name: read_input(name, value) for name, value in inputs.items()},
        outputs={name: Output(name, **(value or {})) for name, value in outputs.items()},
        dependencies=tuple(Dependency(**value) for value in data.get("dependencies") or ()),
        kind=data.get("kind", "step"),
        metadata=data.get("metadata") or {},
        file=file,
        digest=digest,
        **texts,
    )


def read_input(name: str, data: Mapping[str, Any] | None) -> Input:
    """Make the record of one declared input from valid data."""
    known = dict(data or {})
    default = known.pop("default", None)
    if default is not None and not isinstance(default, str):
        is_json = known.get("type") == "json"
        default = json.dumps(default) if is_json else to_text(default)
    known["options"] = tuple(known.get("options", ()))
    return Input(name, default=default, **known)


def _read_entry_point(name: str, data: Mapping[str, Any]) -> EntryPoint:
    module = data["module"]
    environment = data.get("environment") or {}
    return EntryPoint(
        name,
        Module(module) if isinstance(module, str) else _read_pinned(module),
        tuple(to_text(item) for item in data.get("arguments") or ()),
        tuple((key, to_text(value)) for key, value in environment.items()),
        data.get("export", EXPORT),
    )


def _read_pinned(data: Mapping[str, str]) -> Module:
    source = next(key for key in data if key not in ("path", "sha256"))
    return Module(data["path"], source, data[source], data["sha256"])


def _read_limits(data: Mapping[str, Any], requested: Permissions) -> Limits:
    """`max_file_size` stands among the permissions, but is a limit to the sandbox."""
    given: dict[str, Any] = {"file_size": requested.filesystem.max_file_size}
    for key, value in data.items():
        parse = _RESOURCES[key]
        given[_LIMITS.get(key, key)] = parse(value)
    return Limits(**given)


_LIMITS = {"output_size": "output"}
_RESOURCES: dict[str, Any] = {
    "memory": units.parse_size,
    "stack": units.parse_size,
    "table_elements": int,
    "cpu_time": units.parse_duration,
    "wall_time": units.parse_duration,
    "output_size": units.parse_size,
}
