"""What a user asks for, and what came of it."""

from __future__ import annotations

from runner.records import NamedTuple


class Given(NamedTuple):
    """What a user gives a run, as it was written: NAME=VALUE, NAME alone, names of files.

    A file `-` is standard input.
    """

    event: str = ""
    event_file: str = ""
    actor: str = ""
    secrets: tuple[str, ...] = ()
    secret_files: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    variable_files: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    environment_files: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


class RunRequest(NamedTuple):
    """What a user asks of a run. `slots` 0: as many jobs at once as cores; `source` '': found.

    `local_repositories` are folders of repositories, as `OWNER/REPO@REF=DIR`; `policy` is the file
    that caps what plugins may be granted, '' for `.runner/policy.yml` if there is one.
    """

    file: str
    slots: int = 0
    step_timeout: float = 0.0
    is_in_place: bool = False
    source: str = ""
    is_junit_strict: bool = False
    local_repositories: tuple[str, ...] = ()
    given: Given = Given()
    policy: str = ""


class RunOutcome(NamedTuple):
    """`result` is success, failure or cancelled."""

    result: str
    is_interrupted: bool
