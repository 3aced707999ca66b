"""What a user asks for, and what came of it."""

from __future__ import annotations

from runner.records import NamedTuple


class RunRequest(NamedTuple):
    """What a user asks of a run. `slots` 0: as many jobs at once as cores; `source` '': found.

    `local_repositories` are folders of repositories, as `OWNER/REPO@REF=DIR`.
    """

    file: str
    slots: int = 0
    step_timeout: float = 0.0
    is_in_place: bool = False
    source: str = ""
    is_junit_strict: bool = False
    local_repositories: tuple[str, ...] = ()


class RunOutcome(NamedTuple):
    """`result` is success, failure or cancelled."""

    result: str
    is_interrupted: bool
