"""All that a guest will see, as plain values: the request half of the sandbox wall."""

from __future__ import annotations

from runner.records import NamedTuple

MIB = 1024 * 1024


class Directory(NamedTuple):
    """A folder shown to the guest.

    `root` is an absolute host path that the host trusts (no guest ever wrote its parents);
    `beneath` is a relative path below it that is opened with RESOLVE_BENEATH and
    RESOLVE_NO_SYMLINKS, because a guest may have planted links there. `is_partial` says that
    there would be more in it if more had been granted: what a guest does not find there is a
    denial.
    """

    guest: str
    root: str
    beneath: str = ""
    writable: bool = False
    is_partial: bool = False


class Limits(NamedTuple):
    """Upper bounds of one execution; sizes in bytes, times in seconds, 0 means none.

    A limit that is hit makes the step *errored*, with its own verdict. `growth` and
    `growth_files` are of all writable directories together: by how many bytes of content, and by
    how many names (files, folders, links), they may grow.
    """

    wall_time: float = 0.0
    cpu_time: float = 0.0
    memory: int = 1024 * MIB
    output: int = 64 * MIB
    file_size: int = 4096 * MIB
    stack: int = MIB // 2
    table_elements: int = 1_000_000
    growth: int = 0
    growth_files: int = 0


class Clock(NamedTuple):
    """A clock that is moved by nothing but the guest's sleeping, and randomness that repeats.

    `start` is in nanoseconds since the epoch, `seed` any 64-bit number.
    """

    start: int
    seed: int = 0


class Invocation(NamedTuple):
    """One execution of one module.

    `module` is the absolute host path of the WebAssembly file and `digest` the hex SHA-256 its
    bytes must have. `environment` holds (name, value) pairs: nothing is inherited. `export` is
    the function that is called. Without a `clock` the guest sees the machine's time and real
    randomness. `host_calls` are the operations of the host that it may call, none being as if
    there were no host; a request and a reply have at most `max_message_size` bytes.
    """

    module: str
    digest: str
    arguments: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()
    directories: tuple[Directory, ...] = ()
    limits: Limits = Limits()
    export: str = "_start"
    clock: Clock | None = None
    can_create_directories: bool = True
    max_threads: int = 1
    host_calls: tuple[str, ...] = ()
    max_message_size: int = MIB
