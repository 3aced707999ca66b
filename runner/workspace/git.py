"""Another commit's files, as actions/checkout wants them; the only file that uses GitPython."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from runner.errors import Denied, InvalidInput, Problem, Unavailable, nearest
from runner.records import NamedTuple
from runner.workspace.gitprocess import ENVIRONMENT, HARDENING
from runner.workspace.paths import make_directories, normalise, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git.cmd import Git

_CHUNK = 65536
_OBJECT = re.compile(r"[0-9a-f]{7,64}")
_WHOLE = frozenset({40, 64})
# What git allows in the name of a branch or tag; so no option and no expression like `@{-1}`.
_NAME = re.compile(r"(?![-/.])(?!.*(?:\.\.|//|@\{|\.lock$|[/.]$))[^\x00-\x20\x7f~^:?*\[\\]+")
# A name means a branch first, as in actions/checkout; then what rev-parse would try.
_PREFIXES = ("refs/heads/", "refs/tags/", "refs/remotes/origin/")
_LINK, _SUBMODULE, _EXECUTABLE = "120000", "160000", "100755"


class Export(NamedTuple):
    """The commit that was written out; `notices` name submodules, which are left empty."""

    commit: str
    files: int
    notices: tuple[Problem, ...] = ()


def export_commit(repository: str, ref: str, root: str, *, path: str = ".") -> Export:
    """Write the files of `ref` (branch, tag or SHA) of `repository` into `root`, below `path`.

    The bytes are the repository's own: no hook, smudge filter, line ending or LFS step touches
    them, and no work tree or index is involved. Existing files are replaced, others stay; planted
    links are not followed. Removes `GIT_*` from this process's environment, since GitPython
    cannot leave a variable out. Raises InvalidInput (`unknown-ref`), Denied (`unsafe-path`) for a
    tree with hostile names, and Unavailable (`git-failed`).
    """
    place = normalise(path)
    git, failure = _connect(repository)
    target = -1
    try:
        commit = _resolve(git, ref, failure)
        anchor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            target = make_directories(anchor, place)
        finally:
            os.close(anchor)
        return _write_tree(git, commit, target)
    except (failure, OSError, ValueError) as error:
        message = f"`{printable(ref)}` cannot be checked out: {_reason(error)}"
        raise Unavailable([Problem("git-failed", message)]) from error
    finally:
        git.clear_cache()
        if target >= 0:
            os.close(target)


def _connect(repository: str) -> tuple[Git, type[Exception]]:
    """Return a hardened git at `repository`, and the error that it raises."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        del os.environ[name]
    try:
        import git  # 80 ms; only when a checkout names a ref
    except ImportError as error:
        message = "a ref can only be checked out where git is installed"
        raise Unavailable([Problem("git-failed", message)]) from error
    client = git.Git(repository)
    client.set_persistent_git_options(c=list(HARDENING))
    client.update_environment(**ENVIRONMENT)
    return client, git.GitError


def _resolve(git: Git, ref: str, failure: type[Exception]) -> str:
    """Return the commit that `ref` names."""
    if _NAME.fullmatch(ref):
        is_full = ref.startswith("refs/") or ref == "HEAD"
        candidates = [ref] if is_full else [prefix + ref for prefix in _PREFIXES]
        if _OBJECT.fullmatch(ref):
            # A whole SHA is never taken for a branch of that name; an abbreviated one may be.
            candidates.insert(0 if len(ref) in _WHOLE else len(candidates), ref)
        for candidate in candidates:
            try:
                return str(git.rev_parse("--verify", "--quiet", f"{candidate}^{{commit}}"))
            except failure:
                continue
    known = str(git.for_each_ref("--format=%(refname)", *_PREFIXES)).split()
    names = {
        name[len(prefix) :] for name in known for prefix in _PREFIXES if name.startswith(prefix)
    }
    message = f"there is no branch, tag or commit `{printable(ref)}`"
    raise InvalidInput([Problem("unknown-ref", message, hint=nearest(ref, names))])


def _write_tree(git: Git, commit: str, target: int) -> Export:
    listed = git.ls_tree(
        "-r", "-z", "--full-tree", commit, stdout_as_string=False, strip_newline_in_stdout=False
    )
    files = 0
    notices = []
    for mode, blob, path in _parse_tree(listed):
        directory, _, name = path.rpartition("/")
        if mode == _SUBMODULE:
            os.close(make_directories(target, path))
            message = f"the submodule `{printable(path)}` is left empty"
            notices.append(Problem("submodule", message, severity="warning"))
            continue
        parent = make_directories(target, directory or ".")
        try:
            _write_blob(git, mode, blob, parent, name)
        finally:
            os.close(parent)
        files += 1
    return Export(commit, files, tuple(notices))


def _parse_tree(listed: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield mode, object and path of each entry; a tree made by hand can hold any name."""
    for line in listed.decode("utf-8", "surrogateescape").split("\0"):
        if not line:
            continue
        head, _, path = line.partition("\t")
        mode, _, blob = head.split(" ")
        segments = path.split("/")
        is_private = any(segment.lower() == ".git" for segment in segments)
        if is_private or path.startswith("/") or not {"", ".", ".."}.isdisjoint(segments):
            message = f"the commit holds the file name `{printable(path)}`"
            raise Denied([Problem("unsafe-path", message)])
        yield mode, blob, path


def _write_blob(git: Git, mode: str, blob: str, parent: int, name: str) -> None:
    """Write one file or link in place of whatever stands there; never through it."""
    _, _, size, stream = git.stream_object_data(blob)
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=parent)
    if mode == _LINK:
        os.symlink(stream.read(size), os.fsencode(name), dir_fd=parent)
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, 0o777 if mode == _EXECUTABLE else 0o666, dir_fd=parent)
    with open(descriptor, "wb") as file:
        while chunk := stream.read(_CHUNK):
            file.write(chunk)


def _reason(error: Exception) -> str:
    """Return one line of what git or the system says."""
    text = str(getattr(error, "stderr", "") or error).strip()
    return printable(text.partition("\n")[0])
