"""Another commit's files, as actions/checkout wants them; the only file that uses GitPython."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from runner.errors import Denied, InvalidInput, Problem, Unavailable, nearest
from runner.records import NamedTuple
from runner.workspace.gitprocess import ENVIRONMENT, HARDENING, is_misleading
from runner.workspace.paths import make_directories, normalise, printable
from runner.workspace.snapshot import MAX_DEPTH, MAX_ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from git.cmd import Git

_CHUNK = 65536
# A few small trees that name each other can stand for billions of files.
_MAX_LISTING = 64 << 20  # bytes
_MAX_LINK = 4096  # bytes, as the kernel has it
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


class _Entry(NamedTuple):
    mode: str
    blob: str
    path: str
    size: int


class Terms(NamedTuple):
    """Which files are written and how: `include` is asked for each path, None means all.

    With `is_shared` for a folder that many runs will read: its files are read-only, and a link
    must stay inside. `max_size` (bytes of all files together) 0 is no limit.
    """

    include: Callable[[str], bool] | None = None
    is_shared: bool = False
    max_size: int = 0


_PLAIN = Terms()


def is_ref(ref: str) -> bool:
    """Tell whether git could have a branch or tag `ref`, in full or in short, or a commit."""
    return bool(_NAME.fullmatch(ref))


def export_commit(
    repository: str, ref: str, root: str, *, path: str = ".", terms: Terms = _PLAIN
) -> Export:
    """Write the files of `ref` (branch, tag or SHA) of `repository` into `root`, below `path`.

    The bytes are the repository's own: no hook, smudge filter, line ending or LFS step touches
    them, and no work tree or index is involved. Existing files are replaced, others stay; planted
    links are not followed. Removes `GIT_*` from this process's environment, since GitPython
    cannot leave a variable out. Raises InvalidInput (`unknown-ref`), Denied (`unsafe-path`,
    `unsafe-link`, `tree-too-large`, `tree-too-deep`; names and sizes are judged before a file is
    written) and Unavailable (`git-failed`).
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
        return _write_tree(git, commit, target, terms)
    except (failure, OSError, ValueError) as error:
        message = f"`{printable(ref)}` cannot be checked out: {_reason(error)}"
        raise Unavailable([Problem("git-failed", message)]) from error
    finally:
        git.clear_cache()
        if target >= 0:
            os.close(target)


def _connect(repository: str) -> tuple[Git, type[Exception]]:
    """Return a hardened git at `repository`, and the error that it raises."""
    for name in filter(is_misleading, list(os.environ)):
        os.environ.pop(name, None)  # another thread may be here, too
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


def _write_tree(git: Git, commit: str, target: int, terms: Terms) -> Export:
    files = 0
    notices = []
    for entry in _list_tree(git, commit, terms):
        directory, _, name = entry.path.rpartition("/")
        if entry.mode == _SUBMODULE:
            os.close(make_directories(target, entry.path))
            message = f"the submodule `{printable(entry.path)}` is left empty"
            notices.append(Problem("submodule", message, severity="warning"))
            continue
        parent = make_directories(target, directory or ".")
        try:
            _write_blob(git, entry, parent, name, is_shared=terms.is_shared)
        finally:
            os.close(parent)
        files += 1
    return Export(commit, files, tuple(notices))


def _list_tree(git: Git, commit: str, terms: Terms) -> list[_Entry]:
    """Return what is to be written, all of it judged."""
    size = ("--long",) if terms.max_size else ()
    listing = git.ls_tree("-r", "-z", *size, "--full-tree", commit, as_process=True)
    with listing.proc as process:
        listed = process.stdout.read(_MAX_LISTING + 1)
        if len(listed) > _MAX_LISTING:
            process.kill()
            message = f"the names of the commit's files take over {_MAX_LISTING} bytes"
            raise _refusal("tree-too-large", message)
        listing.wait()
    entries = [
        entry for entry in _parse_tree(listed) if terms.include is None or terms.include(entry.path)
    ]
    if len(entries) > MAX_ENTRIES:
        message = f"the commit holds {len(entries)} files; at most {MAX_ENTRIES} are written"
        raise _refusal("tree-too-large", message)
    total = sum(entry.size for entry in entries)
    if terms.max_size and total > terms.max_size:
        message = f"the commit's files take {total} bytes; at most {terms.max_size} are written"
        raise _refusal("tree-too-large", message)
    return entries


def _parse_tree(listed: bytes) -> Iterator[_Entry]:
    """Yield each entry; a tree made by hand can hold any name."""
    for line in listed.decode("utf-8", "surrogateescape").split("\0"):
        if not line:
            continue
        head, _, path = line.partition("\t")
        mode, _, blob, *size = head.split()  # a submodule's size is `-`
        segments = path.split("/")
        is_private = any(segment.lower() == ".git" for segment in segments)
        if is_private or path.startswith("/") or not {"", ".", ".."}.isdisjoint(segments):
            raise _refusal("unsafe-path", f"the commit holds the file name `{printable(path)}`")
        if len(segments) > MAX_DEPTH:
            raise _refusal("tree-too-deep", f"the commit nests folders over {MAX_DEPTH} deep")
        yield _Entry(mode, blob, path, int(size[0]) if size and size[0].isdigit() else 0)


def _write_blob(git: Git, entry: _Entry, parent: int, name: str, *, is_shared: bool) -> None:
    """Write one file or link in place of whatever stands there; never through it."""
    _, _, size, stream = git.stream_object_data(entry.blob)
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=parent)
    if entry.mode == _LINK:
        text = stream.read(size) if size <= _MAX_LINK else b""
        if is_shared and not _stays_inside(entry.path, os.fsdecode(text)):
            shown = printable(f"{entry.path} -> {os.fsdecode(text)}")
            raise _refusal("unsafe-link", f"the link `{shown}` may lead out of the commit")
        os.symlink(text, os.fsencode(name), dir_fd=parent)
        return
    mode = 0o777 if entry.mode == _EXECUTABLE else 0o666
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, mode & ~0o222 if is_shared else mode, dir_fd=parent)
    with open(descriptor, "wb") as file:
        while chunk := stream.read(_CHUNK):
            file.write(chunk)


def _stays_inside(path: str, target: str) -> bool:
    """Tell whether a link at `path` stays in the tree, whatever other links it passes through.

    So `..` may only lead: behind a name that is a link, it would start from somewhere else.
    """
    segments = [segment for segment in target.split("/") if segment not in {"", "."}]
    ups = 0
    while ups < len(segments) and segments[ups] == "..":
        ups += 1
    is_plain = ".." not in segments[ups:] and not target.startswith("/")
    return bool(target) and is_plain and ups <= path.count("/")


def _refusal(code: str, message: str) -> Denied:
    return Denied([Problem(code, message)])


def _reason(error: Exception) -> str:
    """Return one line of what git or the system says."""
    text = str(getattr(error, "stderr", "") or error).strip()
    return printable(text.partition("\n")[0])
