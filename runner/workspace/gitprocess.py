"""The git program, asked about a repository whose configuration may be hostile."""

from __future__ import annotations

import os

# No hook, monitor or transport of the repository's own choosing is ever run.
HARDENING = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "protocol.allow=never",
    "submodule.recurse=false",
    "gc.auto=0",
)
ENVIRONMENT = {
    # Wins over the repository's own `protocol.ext.allow`, by which a missing object would be
    # fetched with a program of its choosing; old versions of git know no GIT_NO_LAZY_FETCH.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


# How a server is reached and trusted is the user's to say; the rest of GIT_* names repositories.
_REACHING = frozenset({"GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH"})


class GitProcess:
    """A git command at work; `finish` must be called once.

    Started without `subprocess`, whose import costs 13 ms. Raises OSError if git cannot be
    started.
    """

    def __init__(self, directory: str, *arguments: str) -> None:
        settings = (word for setting in HARDENING for word in ("-c", setting))
        command = ("git", "-C", directory, *settings, *arguments)
        self._output, writer = os.pipe()
        self._errors = os.memfd_create("git-stderr")  # never blocks git, unlike a second pipe
        actions = (
            (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, writer, 1),
            (os.POSIX_SPAWN_DUP2, self._errors, 2),
        )
        try:
            self._pid = os.posix_spawnp("git", command, scrubbed(), file_actions=actions)
        except OSError:
            os.close(self._output)
            os.close(self._errors)
            raise
        finally:
            os.close(writer)

    def finish(self) -> tuple[int, bytes, str]:
        """Wait; return the exit code (negative: a signal), stdout, and stderr's first line."""
        with open(self._output, "rb") as stream:
            output = stream.read()
        _, status = os.waitpid(self._pid, 0)
        with open(self._errors, "rb") as stream:
            stream.seek(0)
            errors = stream.read(4096).decode(errors="replace")
        return os.waitstatus_to_exitcode(status), output, errors.partition("\n")[0]


def scrubbed() -> dict[str, str]:
    """Return the environment without what would point git at another repository."""
    kept = {name: value for name, value in os.environ.items() if not is_misleading(name)}
    return kept | ENVIRONMENT


def is_misleading(variable: str) -> bool:
    """Tell whether an environment variable could point git at another repository."""
    return variable.startswith("GIT_") and variable not in _REACHING
