"""Commits of other repositories: fetched by git into the user's cache, a folder of files each.

No blob filter: all files of the one commit are wanted, and this is how they come in one answer.
"""

from __future__ import annotations

import difflib
import errno
import os
import re
import tempfile
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from runner.errors import Denied, InvalidInput, Problem, Unavailable
from runner.records import NamedTuple
from runner.workspace.clone import discard_tree
from runner.workspace.git import Terms, export_commit, is_ref
from runner.workspace.paths import printable
from runner.workspace.remotegit import GitError, RemoteGit, TooLargeError, TooSlowError

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_SIZE = 500_000_000  # bytes, of what a server sends and of a commit's files
MAX_TIME = 120.0  # seconds, for all that one commit takes
_LOCAL = "`--local-repository OWNER/REPO@REF=DIR`"
_OWN_COPY = f"a copy of yours can stand in for it: {_LOCAL}"

_SLUG = re.compile(r"(?![-.])[A-Za-z0-9_.-]+/(?!\.{1,2}$)[A-Za-z0-9_.-]+")
_WHOLE = re.compile(r"[0-9a-f]{40}")
_ABBREVIATED = re.compile(r"[0-9a-f]{7,39}")
_SCHEMES = frozenset({"https", "http", "ssh", "file"})
_PARTIAL = ".fetching-"
_STALE = 3600.0  # seconds after which nobody can still be at work on a partial one
_MAX_COMPARED = 10_000  # names of branches and tags that a hint is looked for in
_EXISTS = frozenset({errno.EEXIST, errno.ENOTEMPTY})
# What servers say of an object that they do not have or do not give.
_NO_OBJECT = ("not our ref", "unadvertised object", "no such remote ref")


class Checkout(NamedTuple):
    """`folder` is absolute and holds the files of `commit`, to be read only.

    `commit` is a whole SHA; empty for a folder of the user's that is no git repository.
    """

    folder: str
    commit: str


class Server(NamedTuple):
    """Where repositories are, at `url`/OWNER/REPO, and what one may cost: bytes and seconds."""

    url: str
    max_size: int = MAX_SIZE
    max_time: float = MAX_TIME


def fetch_commit(server: Server, slug: str, ref: str, *, cache: str) -> Checkout:
    """Return the files of `ref` of the repository `slug` (`OWNER/REPO`), fetched unless at hand.

    `ref` is a branch, a tag, a SHA, or empty for the default branch; a branch comes before a tag
    of that name, as on GitHub. The server is asked what a name means, a whole SHA that is in
    `cache` needs no network. Files are as `export_commit` writes them when shared: read-only, no
    link leads out. Any number of threads and processes may do this at once.

    Raises InvalidInput (`repository.slug`, `repository.server`, `repository.unknown-ref`), Denied
    (`repository.unsafe`, `repository.too-large`) and Unavailable (`repository.unavailable`).
    """
    _check(server.url, slug, ref)
    name = f"{slug}@{ref}" if ref else slug
    place = os.path.join(os.path.abspath(cache), "repositories", slug.lower())
    whole = ref.lower() if _WHOLE.fullmatch(ref.lower()) else ""
    if whole and os.path.isdir(f"{place}/{whole}"):
        return Checkout(f"{place}/{whole}", whole)
    try:
        os.makedirs(place, exist_ok=True)
        _sweep(place)
        stage = tempfile.mkdtemp(prefix=_PARTIAL, dir=place)
        try:
            url = f"{server.url.rstrip('/')}/{slug}"
            git = RemoteGit(url, stage, max_size=server.max_size, seconds=server.max_time)
            return _fetch(git, name, whole or ref, place, server.max_size)
        finally:
            discard_tree(stage)
    except TooLargeError as error:
        message = f"`{name}` is refused: it takes over {server.max_size} bytes"
        raise Denied([Problem("repository.too-large", message, hint=_OWN_COPY)]) from error
    except TooSlowError as error:
        raise _unavailable(name, f"it took over {server.max_time:g} seconds") from error
    except GitError as error:
        raise _explain(error, name) from error
    except OSError as error:
        raise _unavailable(name, f"{error.strerror}: {error.filename}") from error


def _check(url: str, slug: str, ref: str) -> None:
    problems = []
    if not _SLUG.fullmatch(slug):
        message = f"`{printable(slug)}` does not name a repository"
        problems.append(Problem("repository.slug", message, hint="write `OWNER/REPO`"))
    if ref and not is_ref(ref):
        message = f"`{printable(ref)}` cannot be the name of a branch, a tag or a commit"
        hint = "write the name of a branch or tag, or a whole SHA"
        problems.append(Problem("repository.unknown-ref", message, hint=hint))
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or parts.password is not None:
        message = "the address of the server of repositories (GITHUB_SERVER_URL) cannot be used"
        hint = f"write an address with {', '.join(sorted(_SCHEMES))}, and no password in it"
        problems.append(Problem("repository.server", message, hint=hint))
    if problems:
        raise InvalidInput(problems)


def _fetch(git: RemoteGit, name: str, ref: str, place: str, max_size: int) -> Checkout:
    """Find out what `ref` is, fetch it unless it is there, and put its files in their place."""
    source, commit = _resolve(git, name, ref)
    if not os.path.isdir(f"{place}/{commit}"):
        commit = git.fetch_commit(source)
        files = f"{git.repository}-files"
        os.mkdir(files)
        terms = Terms(is_shared=True, max_size=max_size)
        try:
            export_commit(git.repository, commit, files, terms=terms)
        except Denied as error:
            raise _refused(name, (problem.message for problem in error.problems)) from error
        _publish(files, f"{place}/{commit}")
    return Checkout(f"{place}/{commit}", commit)


def _resolve(git: RemoteGit, name: str, ref: str) -> tuple[str, str]:
    """Return what to fetch and the commit that it is now."""
    if _WHOLE.fullmatch(ref):
        return ref, ref
    if not ref or ref == "HEAD" or ref.startswith("refs/"):
        wanted = ref or "HEAD"
        refs = git.list_refs("--", git.url, wanted, f"{wanted}^{{}}")
        candidates = [wanted]
    else:
        refs = git.list_refs("--heads", "--tags", "--", git.url)
        candidates = [f"refs/heads/{ref}", f"refs/tags/{ref}"]
    for candidate in candidates:
        if candidate in refs:
            return candidate, refs.get(f"{candidate}^{{}}", refs[candidate])
    if refs and _ABBREVIATED.fullmatch(ref):
        commit = git.find_commit(ref)
        if commit:
            return commit, commit
    raise _unknown(name, ref, refs)


def _publish(files: str, target: str) -> None:
    """Rename `files` to `target`; if another was faster, theirs are the same."""
    try:
        os.rename(files, target)
    except OSError as error:
        if error.errno not in _EXISTS:
            raise


def _sweep(place: str) -> None:
    """Take away what killed processes left."""
    for entry in os.scandir(place):
        with suppress(FileNotFoundError):
            if entry.name.startswith(_PARTIAL) and time.time() - entry.stat().st_mtime > _STALE:
                discard_tree(entry.path)


def _unknown(name: str, ref: str, refs: Iterable[str]) -> InvalidInput:
    names = [one.split("/", 2)[2] for one in refs if one.startswith("refs/") and "^" not in one]
    close = difflib.get_close_matches(ref, names[:_MAX_COMPARED], n=5, cutoff=0.4) or names[:5]
    slug = name.partition("@")[0]
    message = (
        f"`{slug}` has no branch, tag or commit `{printable(ref)}`"
        if ref
        else f"`{slug}` has no default branch"
    )
    nearest = f"nearest: {', '.join(map(printable, close))}" if close else "it has none at all"
    return InvalidInput([Problem("repository.unknown-ref", message, hint=nearest)])


def _explain(error: GitError, name: str) -> InvalidInput | Denied | Unavailable:
    """Return what git's complaint means to a person."""
    slug, _, ref = name.partition("@")
    if any(text in error.complaint for text in _NO_OBJECT):
        message = f"`{slug}` has no commit `{printable(ref)}`, or its server does not give it"
        hint = "check the SHA; it must be part of a branch or tag"
        return InvalidInput([Problem("repository.unknown-ref", message, hint=hint)])
    if "fsck error" in error.complaint:
        return _refused(name, [str(error)])
    return _unavailable(name, str(error))


def _refused(name: str, reasons: Iterable[str]) -> Denied:
    messages = (f"`{name}` is refused: {reason}" for reason in reasons)
    return Denied([Problem("repository.unsafe", message, hint=_OWN_COPY) for message in messages])


def _unavailable(name: str, reason: str) -> Unavailable:
    message = f"the repository `{name}` cannot be fetched: {reason}"
    hint = f"check that it is there and that git may read it, or say where a copy is: {_LOCAL}"
    return Unavailable([Problem("repository.unavailable", message, hint=hint)])
