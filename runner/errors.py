"""Every way the project says no: where, what, and what would be right.

    RunnerError
    ├── InvalidInput    what was written is wrong: exit code 2
    ├── Unavailable     something outside is missing (network, toolchain, disk): exit code 3
    ├── Denied          the sandbox, a grant or the policy refuses; the step is *errored*
    └── Bug             our fault: exit code 3

A library's exception never crosses a folder: it is translated to one of these, `from` the
original.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Position(NamedTuple):
    """A place in a document. Lines and columns count from 1; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Problem(NamedTuple):
    """One finding. `code` is stable and may be matched on; `message` may change.

    `severity` is `error` or `warning`; only errors make a document invalid.
    """

    code: str
    message: str
    where: Position | None = None
    hint: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} (hint: {self.hint})" if self.hint else text


class RunnerError(Exception):
    """Base of all errors of this project; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class InvalidInput(RunnerError):
    """A document, an argument or a reference is wrong; the user can mend it."""


class Unavailable(RunnerError):
    """Something the run needs from outside cannot be had here and now."""


class Denied(RunnerError):
    """An act was refused by a grant, the policy or the sandbox."""


class Bug(RunnerError):
    """The project broke its own rules; never caused by input alone."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `did you mean ...` and the right names, for a hint about an unknown `name`."""
    import difflib  # 5 ms; only on the way to an error

    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    listed = f"one of: {', '.join(names)}" if names else ""
    guess = f"did you mean `{close[0]}`?" if close else ""
    return " ".join(part for part in (guess, listed) if part)
