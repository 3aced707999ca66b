"""A host action: a step that the host carries out itself, on the job's workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class SavedArtifact(NamedTuple):
    """`size` in bytes; `digest` covers all files."""

    name: str
    files: int
    size: int
    digest: str


class HostCall(NamedTuple):
    """`workspace` is full of what guests wrote: open nothing in it but beneath and unlinked.

    `inputs` has a value for every name in the action's INPUTS. `log` takes a line for the step's
    log. `source` is the folder the run started from (the workspace itself with `--in-place`),
    `artifacts` the run's artifact store, `repository` our own as `owner/name`. `locate` returns
    the folder of another repository's files at a ref ('': its default branch), to be read only.
    `hides` tells whether a text holds what must not be shown.
    """

    inputs: Mapping[str, str]
    workspace: str
    source: str
    artifacts: str
    repository: str
    log: Callable[[str], None]
    locate: Callable[[str, str], str] | None = None
    hides: Callable[[str], bool] = lambda _: False


class HostResult(NamedTuple):
    """`failure` is '' on success, else why the step failed."""

    failure: str = ""
    outputs: Mapping[str, str] = {}
    artifact: SavedArtifact | None = None


class HostAction(Protocol):
    """A module of this folder. `run` may raise RunnerError: the step is then errored."""

    INPUTS: Mapping[str, str]
    """Input names and their defaults."""

    def run(self, call: HostCall) -> HostResult: ...
