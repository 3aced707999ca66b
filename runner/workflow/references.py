"""What stands behind `uses:`, told from its text alone (spec §3.3, §3.6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from runner.workflow.values import Text

# Texts: scripts alone need none of them, and compiling them costs 1 ms.
_REMOTE = r"(?P<owner>[^/@\s]+)/(?P<repository>[^/@\s]+)(?:/(?P<path>[^@\s]*))?@(?P<ref>[^@\s]+)"
_STANDARD = r"steps/([a-z0-9][a-z0-9_-]*)"


class Reference(NamedTuple):
    """A parsed `uses:`.

    `kind` is one of
    - `standard`: a step shipped with runner, `path` is its name (`steps/NAME`)
    - `local`: `path` is relative to the workspace (`./dir`)
    - `own`: `path` is relative to the workflow's own repository at its own commit (`$/dir`)
    - `remote`: `owner/repository[/path]@ref`
    - `docker`: an image, always refused
    """

    kind: str
    text: Text
    path: str = ""
    owner: str = ""
    repository: str = ""
    ref: str = ""

    @property
    def slug(self) -> str:
        """The `owner/repository` of a remote reference."""
        return f"{self.owner}/{self.repository}"


def parse_reference(text: Text) -> Reference | None:
    """Return what `text` refers to, or None if it has none of the forms."""
    value = text.value
    if value.startswith("docker://"):
        return Reference("docker", text, path=value[len("docker://") :])
    if value.startswith(("./", ".\\")) or value == ".":
        return Reference("local", text, path=value)
    if value.startswith("$/"):
        return Reference("own", text, path=value[len("$/") :])
    standard = re.fullmatch(_STANDARD, value)
    if standard:
        return Reference("standard", text, path=standard[1])
    remote = re.fullmatch(_REMOTE, value)
    if not remote:
        return None
    path = (remote["path"] or "").strip("/")
    return Reference("remote", text, path, remote["owner"], remote["repository"], remote["ref"])


def parse_workflow_reference(text: Text) -> Reference | None:
    """Return the reusable workflow that a job's `uses` refers to, or None.

    GitHub takes local ones only from `.github/workflows`; here they may lie anywhere, as
    pipelines may.
    """
    if not text.value.partition("@")[0].endswith((".yml", ".yaml")):
        return None
    reference = parse_reference(text)
    if reference is None or reference.kind not in {"local", "remote"}:
        return None
    return reference if reference.kind == "local" or _is_rooted(reference.path) else None


def _is_rooted(path: str) -> bool:
    return path.startswith(".github/workflows/")
