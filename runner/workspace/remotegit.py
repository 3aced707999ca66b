"""The git program, asking a server; what the server sends may be hostile, and endless."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from runner.workspace.gitprocess import HARDENING, scrubbed
from runner.workspace.paths import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 512  # bytes; what `ulimit -f` counts in
_MAX_LISTING = 64 << 20  # bytes of a list of branches and tags that are looked at
_MAX_COMPLAINT = 64 << 10
_FETCHED = "refs/runner/fetched"
# Always allowed: a user's `url.*.insteadOf` may turn one into the other.
_SAFE_PROTOCOLS = ("https", "ssh")
_SETTINGS = (
    *HARDENING,
    "credential.interactive=false",
    "fetch.fsckObjects=true",
    "fetch.unpackLimit=1",  # one pack, so that a limit to the size of files bounds it all
    "http.followRedirects=initial",
    "init.templateDir=",
    "maintenance.auto=false",
    "transfer.fsckObjects=true",
)
# A server's progress and greetings are not what went wrong.
_NOISE = ("remote: ", "warning: ", "hint: ")
# What git adds when ssh has told the reason already.
_EMPTY_WORDS = frozenset({"fatal: Could not read from remote repository."})


class GitError(Exception):
    """Git could not do it; `complaint` is all that it said, the text one line of it."""

    def __init__(self, complaint: str) -> None:
        self.complaint = complaint
        super().__init__(_summarise(complaint))


class TooSlowError(GitError):
    """The time was up; git and its helpers have been ended."""


class TooLargeError(GitError):
    """The server sent more than it may."""


class RemoteGit:
    """Git at work on `url` from the new folder `directory`, where it keeps what it fetches.

    The user's own configuration counts, so credential helpers and proxies work; prompts do not.
    All that is asked together ends within `seconds`, and no file grows beyond `max_size` bytes.
    For one thread. Every method raises GitError and OSError.
    """

    def __init__(self, url: str, directory: str, *, max_size: int, seconds: float) -> None:
        self.url = url
        self.repository = os.path.join(directory, "git")
        self._directory = directory
        self._blocks = max_size // _BLOCK
        self._deadline = time.monotonic() + seconds
        self._protocols = dict.fromkeys((*_SAFE_PROTOCOLS, urlsplit(url).scheme))

    def list_refs(self, *selection: str) -> dict[str, str]:
        """Return objects by full name of reference; a tag's commit under its name and `^{}`.

        `selection` is what `git ls-remote` takes: options, or `--`, the url and patterns.
        """
        listed = self._run(self._directory, "ls-remote", "--quiet", *selection)
        return dict(_parse_refs(listed))

    def fetch_commit(self, source: str) -> str:
        """Fetch what `source` (reference or whole SHA) names, without its history.

        Returns the commit's SHA. Every object is checked.
        """
        self._create(self.repository)
        self._fetch(self.repository, "--depth=1", self.url, f"+{source}:{_FETCHED}")
        return self._parse(self.repository, _FETCHED)

    def find_commit(self, abbreviated: str) -> str:
        """Return the one commit whose SHA starts so, or ''; the history is fetched, no files."""
        repository = os.path.join(self._directory, "history")
        self._create(repository)
        refs = [f"+refs/{kind}/*:refs/{kind}/*" for kind in ("heads", "tags")]
        self._fetch(repository, "--filter=tree:0", self.url, *refs)
        try:
            return self._parse(repository, abbreviated)
        except TooSlowError:
            raise
        except GitError:
            return ""

    def _create(self, repository: str) -> None:
        # GitPython, which reads the files, knows only SHA-1.
        self._run(self._directory, "init", "--quiet", "--object-format=sha1", repository)

    def _fetch(self, repository: str, *arguments: str) -> None:
        options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--end-of-options")
        depth, *rest = arguments
        self._run(repository, "fetch", depth, *options, *rest)

    def _parse(self, repository: str, name: str) -> str:
        return self._run(repository, "rev-parse", "--verify", f"{name}^{{commit}}").strip()

    def _run(self, place: str, *arguments: str) -> str:
        """Run git in `place`; files take its output, so that one limit bounds that, too."""
        settings = [*_SETTINGS, *(f"protocol.{name}.allow=always" for name in self._protocols)]
        words = [word for setting in settings for word in ("-c", setting)]
        limited = ("sh", "-c", 'ulimit -f "$0" && exec git "$@"', str(self._blocks))
        output, errors = (os.path.join(self._directory, name) for name in ("stdout", "stderr"))
        with open(output, "w+b") as stdout, open(errors, "w+b") as stderr:
            process = subprocess.Popen(
                [*limited, *words, *arguments],
                cwd=place,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,  # no terminal to ask at, and a group that ends as one
            )
            code = self._wait(process)
            stderr.seek(0)
            complaint = stderr.read(_MAX_COMPLAINT).decode(errors="replace")
            if code == -signal.SIGXFSZ or (code and self._is_full()):
                raise TooLargeError(complaint)
            if code:
                raise GitError(complaint or f"git ended with {code}")
            stdout.seek(0)
            return stdout.read(_MAX_LISTING).decode(errors="replace")

    def _is_full(self) -> bool:
        """Tell whether the pack has met the limit: the helper that did says nothing of it."""
        packs = os.path.join(self.repository, ".git/objects/pack")
        if not os.path.isdir(packs):
            return False
        sizes = [os.path.getsize(os.path.join(packs, name)) for name in os.listdir(packs)]
        return max(sizes, default=0) >= self._blocks * _BLOCK

    def _wait(self, process: subprocess.Popen[bytes]) -> int:
        try:
            return process.wait(timeout=max(0.0, self._deadline - time.monotonic()))
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if isinstance(error, subprocess.TimeoutExpired):
                raise TooSlowError("it took too long") from error
            raise

    def _environment(self) -> dict[str, str]:
        return scrubbed() | {
            "GIT_ALLOW_PROTOCOL": ":".join(self._protocols),
            "GIT_ASKPASS": "",
            # The cache may lie in a repository whose configuration is not to be read.
            "GIT_CEILING_DIRECTORIES": os.path.dirname(self._directory),
            "SSH_ASKPASS_REQUIRE": "never",
        }


def _parse_refs(listed: str) -> Iterator[tuple[str, str]]:
    for line in listed.splitlines():
        sha, tab, name = line.partition("\t")
        if tab:
            yield name, sha


def _summarise(complaint: str) -> str:
    """Return the line that says most: of a broken object, of what is fatal, else the first."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(_NOISE)] or lines or ["git failed"]
    for start in ("error: object ", "fatal: ", "ERROR: "):
        for line in lines:
            if line.startswith(start) and line not in _EMPTY_WORDS:
                return printable(line[len(start.split()[0]) :].strip()[:300])
    return printable(lines[0].removeprefix("error: ")[:300])
