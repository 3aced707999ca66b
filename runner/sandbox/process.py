"""Children of the runner: Python programs of this folder, with nothing inherited."""

from __future__ import annotations

import fcntl
import os
import sys

from runner.errors import Problem, Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_PACKAGES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# tokio would start a thread per processor for each step.
_ENVIRONMENT = {"TOKIO_WORKER_THREADS": "1"}
# Some builds of Python find their own library by it only.
_INHERITED = ("LD_LIBRARY_PATH",)


def spawn(module: str, arguments: Sequence[str], descriptors: Sequence[int]) -> int:
    """Start `main()` of `module` in a new session and return its process id.

    It finds `descriptors` as 3 and upwards, no other but 0 and 1 (`/dev/null`) and our 2, and no
    environment: what the caller's holds must not lie in the memory of a process that runs guests.
    Raises Unavailable.
    """
    code = f"import sys; sys.path.append({_PACKAGES!r}); from {module} import main; main()"
    environment = _ENVIRONMENT | {
        name: os.environ[name] for name in _INHERITED if name in os.environ
    }
    # Copies out of the way, or one dup2 might overwrite what the next wants to copy.
    copies = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 64) for number in descriptors]
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        *((os.POSIX_SPAWN_DUP2, number, 3 + place) for place, number in enumerate(copies)),
    ]
    try:
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", "-c", code, *arguments],
            environment,
            file_actions=actions,
            setsid=True,
            setsigmask=(),
        )
    except (OSError, ValueError) as error:
        problem = Problem("sandbox.no-process", f"cannot start `{sys.executable}`: {error}")
        raise Unavailable([problem]) from error
    finally:
        for number in copies:
            os.close(number)
