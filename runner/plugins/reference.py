"""What `uses:` may say, and what each form means."""

from __future__ import annotations

import re

from runner.errors import InvalidInput, Problem
from runner.records import NamedTuple

LOCAL = "local"
STANDARD = "standard"
HOST = "host"

_STANDARD_PREFIX = "steps/"
_NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
# A text: few runs need it, and compiling it costs 0.5 ms.
_REMOTE = r"(?P<path>[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(?:/[^@\s]+)?)@(?P<version>[^@\s]+)"
_HOST_OWNER = "actions/"
_FORMS = "write `./folder`, `steps/name` or `actions/checkout@v4`"


class Reference(NamedTuple):
    """`kind` is `local`, `standard` or `host`; `name` a path below the repository, the name of
    a standard step, or `actions/checkout` with its `version`.
    """

    kind: str
    name: str
    version: str = ""


def parse(uses: str) -> Reference:
    """Read `uses`; raises `InvalidInput` that says what to write instead."""
    if uses.startswith("docker://"):
        raise _refused(
            uses,
            "runs a container, and steps here are WebAssembly plugins",
            "make it a plugin folder with a `step.yml` and write `uses: ./folder`",
        )
    if uses.startswith("./") or uses == ".":
        return _parse_local(uses)
    if uses.startswith(_STANDARD_PREFIX) and "@" not in uses:
        name = uses.removeprefix(_STANDARD_PREFIX)
        if not re.fullmatch(_NAME, name):
            raise _refused(uses, "is not the name of a standard step", _FORMS)
        return Reference(STANDARD, name)
    remote = re.fullmatch(_REMOTE, uses)
    if remote and remote["path"].startswith(_HOST_OWNER):
        return Reference(HOST, remote["path"], remote["version"])
    if remote:
        name = remote["path"].rstrip("/").rsplit("/", 1)[-1]
        raise _refused(
            uses,
            "lies in another repository, and plugins come from this one or the standard steps",
            f"copy its folder into this repository and write `uses: ./plugins/{name}`",
        )
    raise _refused(uses, "names no plugin", _FORMS)


def _parse_local(uses: str) -> Reference:
    parts = [part for part in uses.split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in uses or "\\" in uses:
        raise _refused(uses, "leaves the repository", "write a folder of this repository")
    return Reference(LOCAL, "/".join(parts) or ".")


def _refused(uses: str, reason: str, hint: str) -> InvalidInput:
    return InvalidInput([Problem("reference", f"`{uses}` {reason}", hint=hint)])
