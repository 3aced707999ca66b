"""Problem matchers: a tool's own lines become annotations (LANGUAGE 6.6)."""

from __future__ import annotations

import os
import posixpath
import stat
import time
from threading import Lock
from typing import TYPE_CHECKING, Any

from runner.abi.guest import WORKSPACE
from runner.events.controls import strip_controls
from runner.events.model import Annotation
from runner.execution.matcherfile import MAX_FILE, SEVERITIES, Matcher, parse_matchers
from runner.workspace.paths import open_directory, printable

if TYPE_CHECKING:
    from runner.execution.commands import Command
    from runner.execution.matcherfile import LinePattern

MAX_MATCHERS = 50  # of a job
MAX_LINE = 4096  # characters; a tool's problem is shorter
MAX_TIME = 10.0  # seconds of work that the matchers of one step may cost

_Where = tuple[str, Any, int]  # job, leg, step
_Found = dict[str, str]


class Matchers:
    """The problem matchers of a job; its steps add and remove them, in any thread.

    `current` is a tuple that is replaced as a whole, the latest matcher first.
    """

    def __init__(self, workspace: str) -> None:
        self._workspace = workspace
        self._lock = Lock()
        self.current: tuple[Matcher, ...] = ()

    def add(self, command: Command) -> tuple[str, ...]:
        """Add those of the file that `add-matcher` names, and return warnings.

        One of the same owner is replaced. Raises ValueError if the file cannot be used.
        """
        if not command.data.strip():
            return ("add-matcher: a file must be named",)
        if not _beneath_workspace(command.data):
            shown = printable(command.data[:200])
            return (f"problem matchers are read from the workspace only, not from `{shown}`",)
        added, warnings = self._read(command.data)
        with self._lock:
            owners = {matcher.owner for matcher in added}
            rest = [matcher for matcher in self.current if matcher.owner not in owners]
            if len(added) + len(rest) > MAX_MATCHERS:
                raise ValueError(f"a job may have {MAX_MATCHERS} problem matchers")
            self.current = (*added, *rest)
        return warnings

    def remove(self, command: Command) -> tuple[str, ...]:
        """Remove those of `owner`, or of the file that is named. Raises ValueError as `add`."""
        owner = command.properties.get("owner", "")
        owners, warnings = {owner}, tuple[str, ...]()
        if not owner:
            if not command.data.strip():
                return ("remove-matcher: an owner or a file must be named",)
            matchers, warnings = self._read(command.data)
            owners = {matcher.owner for matcher in matchers}
        with self._lock:
            self.current = tuple(one for one in self.current if one.owner not in owners)
        return warnings

    def _read(self, path: str) -> tuple[tuple[Matcher, ...], tuple[str, ...]]:
        relative = _beneath_workspace(path)
        if not relative:
            raise ValueError("the file of problem matchers must lie in the workspace")
        try:
            data = _read_file(self._workspace, relative)
        except OSError as error:
            raise ValueError(f"`{relative[:200]}` cannot be read: {error.strerror}") from error
        return parse_matchers(data)


class ProblemFinder:
    """Reads the lines of one step with the matchers of its job."""

    def __init__(self, matchers: Matchers) -> None:
        self._matchers = matchers
        self._known: tuple[Matcher, ...] = ()
        self._runs: list[_Run] = []
        self._left = MAX_TIME

    def find(self, line: str, where: _Where) -> Annotation | None:
        """Return the problem that `line` completes, if it does."""
        if self.is_spent:
            return None
        if self._matchers.current is not self._known:
            self._renew()
        started = time.thread_time()
        try:
            return self._find(line, where)
        finally:
            self._left -= time.thread_time() - started

    @property
    def is_active(self) -> bool:
        """Whether there are matchers, and time left for them."""
        return bool(self._matchers.current) and not self.is_spent

    @property
    def is_spent(self) -> bool:
        """Whether the matchers have had their time."""
        return self._left <= 0

    def _renew(self) -> None:
        self._known = self._matchers.current
        states = {run.matcher: run for run in self._runs}
        self._runs = [states.get(matcher) or _Run(matcher) for matcher in self._known]

    def _find(self, line: str, where: _Where) -> Annotation | None:
        text = b"" if len(line) > MAX_LINE else strip_controls(line).encode("utf-8", "replace")
        for run in self._runs:
            found = run.advance(text)
            note = _annotation(found, run.matcher, where) if found else None
            if note:
                for other in self._runs:
                    if other is not run:
                        other.reset()
                return note
        return None


class _Run:
    """How far the lines so far have got with one matcher: what each pattern but the last found on
    the line before.
    """

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.reset()

    def reset(self) -> None:
        self._found: list[_Found | None] = [None] * (len(self.matcher.patterns) - 1)

    def advance(self, line: bytes) -> _Found | None:
        """Take the next line; return what a whole problem is made of if it completes one."""
        *earlier, last = self.matcher.patterns
        before = self._found
        whole = _search(last, line, before[-1] if before else {})
        self._found = [
            _search(pattern, line, before[place - 1] if place else {})
            for place, pattern in enumerate(earlier)
        ]
        if whole is not None and earlier:
            self.reset()
            if self.matcher.is_loop:
                self._found[-1] = before[-1]
        return whole


def _search(pattern: LinePattern, line: bytes, before: _Found | None) -> _Found | None:
    """Return `before` with what `pattern` finds in `line`; None if one of them is nothing."""
    if before is None:
        return None
    match = pattern.expression.search(line)
    if match is None:
        return None
    found = {name: match.group(group) or b"" for name, group in pattern.groups}
    return before | {name: text.decode("utf-8", "replace") for name, text in found.items()}


def _annotation(found: _Found, matcher: Matcher, where: _Where) -> Annotation | None:
    """Return the problem; None for one without a message or of a severity that is none."""
    get = found.get
    level = get("severity", "").lower() or matcher.severity
    message = get("message", "").strip()
    if level not in SEVERITIES or not message:
        return None
    path = get("file", "")
    if get("fromPath") and not path.startswith("/"):
        path = posixpath.join(posixpath.dirname(get("fromPath", "")), path)
    file = _beneath_workspace(path) if path else ""
    return Annotation(
        *where,
        level,
        message,
        title=get("code", ""),
        file=file,
        line=_number(get("line", "")) if file else 0,
        column=_number(get("column", "")) if file else 0,
        matcher=matcher.owner,
    )


def _beneath_workspace(path: str) -> str:
    """Return `path` relative to the workspace; '' if it leads out of it, or is no path."""
    whole = posixpath.normpath(posixpath.join(WORKSPACE, path.strip()))
    is_inside = whole.startswith(f"{WORKSPACE}/") and "\0" not in whole
    return whole.removeprefix(f"{WORKSPACE}/") if is_inside else ""


def _read_file(workspace: str, relative: str) -> bytes:
    """Return a file that a guest may have written, without following a link or waiting."""
    folder, _, name = relative.rpartition("/")
    root = os.open(workspace, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        directory = open_directory(root, folder or ".")
    finally:
        os.close(root)
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        file = os.open(name, flags, dir_fd=directory)
    finally:
        os.close(directory)
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("it is no file")
        if status.st_size > MAX_FILE:
            raise ValueError(f"the file is larger than {MAX_FILE // 1024} KiB")
        return os.read(file, MAX_FILE)
    finally:
        os.close(file)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
