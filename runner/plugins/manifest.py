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
HOST = "host/"


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
    """A named operation. Arguments and environment values may hold `${{ inputs.x }}`.

    `module` is None where the plugin with the id `interpreter` runs `script`, a file beside the
    manifest, by its entry point `shell`.
    """

    name: str
    module: Module | None
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    export: str = EXPORT
    interpreter: str = ""
    script: str = ""


class Input(NamedTuple):
    """A value that goes in, or comes out; `type` is one of `runner.plugins.inputs.TYPES`.

    Of a `secret` the plugin gets a handle, never the value.
    """

    name: str
    type: str = "string"
    required: bool = False
    default: str | None = None
    description: str = ""
    pattern: str = ""
    options: tuple[str, ...] = ()
    deprecation: str = ""
    secret: bool = False


class Dependency(NamedTuple):
    """Another plugin by its id, or a feature of the host as `host/NAME`, in a range of versions."""

    id: str
    version: str

    @property
    def feature(self) -> str:
        """The name of the host's feature; '' for a plugin."""
        return self.id.removeprefix(HOST) if self.id.startswith(HOST) else ""


class Manifest(NamedTuple):
    """`file` is how the user would name the manifest; `digest` is the hex SHA-256 of its bytes.

    `limits` hold the manifest's `resources`; what it leaves out has the default of the record.
    `threads` is one of them, 0 where it says nothing.
    """

    id: str
    name: str
    version: str
    entry_points: dict[str, EntryPoint]
    permissions: Permissions
    limits: Limits
    inputs: dict[str, Input] = {}
    outputs: dict[str, Input] = {}
    dependencies: tuple[Dependency, ...] = ()
    kind: str = "step"
    description: str = ""
    author: str = ""
    license: str = ""
    metadata: dict[str, Any] = {}
    file: str = ""
    digest: str = ""
    threads: int = 0


def build(data: Mapping[str, Any], *, file: str = "", digest: str = "") -> Manifest:
    """Make the record from valid data."""
    requested, _ = permissions.parse(data.get("permissions") or {})
    inputs = data.get("inputs") or {}
    outputs = data.get("outputs") or {}
    resources = dict(data.get("resources") or {})
    dependencies = data.get("dependencies") or {}
    texts = {key: data.get(key, "") for key in ("description", "author", "license")}
    return Manifest(
        id=data["id"],
        name=data.get("name", data["id"]),
        version=data["version"],
        entry_points={
            name: _read_entry_point(name, value) for name, value in data["entry_points"].items()
        },
        permissions=requested,
        threads=resources.pop("threads", 0),
        limits=_read_limits(resources, requested),
        inputs={name: read_parameter(name, value) for name, value in inputs.items()},
        outputs={name: read_parameter(name, value) for name, value in outputs.items()},
        dependencies=tuple(Dependency(*entry) for entry in dependencies.items()),
        kind=data.get("kind", "step"),
        metadata=data.get("metadata") or {},
        file=file,
        digest=digest,
        **texts,
    )


def read_parameter(name: str, data: Mapping[str, Any] | None) -> Input:
    """Make the record of one declared input or output from valid data."""
    known = dict(data or {})
    default = known.pop("default", None)
    if default is not None and not isinstance(default, str):
        is_json = known.get("type") == "json"
        default = json.dumps(default) if is_json else to_text(default)
    known["options"] = tuple(known.get("options", ()))
    return Input(name, default=default, **known)


def _read_entry_point(name: str, data: Mapping[str, Any]) -> EntryPoint:
    environment = data.get("environment") or {}
    return EntryPoint(
        name,
        _read_module(data.get("module")),
        tuple(to_text(item) for item in data.get("arguments") or ()),
        tuple((key, to_text(value)) for key, value in environment.items()),
        data.get("export", EXPORT),
        data.get("interpreter", ""),
        data.get("script", ""),
    )


def _read_module(data: Mapping[str, str] | str | None) -> Module | None:
    if data is None or isinstance(data, str):
        return Module(data) if data else None
    source = next(key for key in data if key not in ("path", "sha256"))
    return Module(data["path"], source, data[source], data["sha256"])


def _read_limits(data: Mapping[str, Any], requested: Permissions) -> Limits:
    """`max_file_size` stands among the permissions, but is a limit to the sandbox."""
    given: dict[str, Any] = {"file_size": requested.filesystem.max_file_size}
    for key, value in data.items():
        parse = _RESOURCES[key]
        given[_LIMITS.get(key, key)] = parse(value)
    return Limits(**given)


_LIMITS = {
    "output_size": "output",
    "workspace_growth": "growth",
    "workspace_growth_files": "growth_files",
}
_RESOURCES: dict[str, Any] = {
    "memory": units.parse_size,
    "stack": units.parse_size,
    "table_elements": int,
    "cpu_time": units.parse_duration,
    "wall_time": units.parse_duration,
    "output_size": units.parse_size,
    "workspace_growth": units.parse_size,
    "workspace_growth_files": int,
}
