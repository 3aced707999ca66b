"""Where a tree's git repository is and what is checked out, read without starting git."""

from __future__ import annotations

import os

from runner.records import NamedTuple
from runner.workspace.gitprocess import GitProcess

_MAX_REFERENCE = 4096  # bytes of HEAD, of a reference, of a `.git` file
_MAX_PACKED = 64 << 20
_OBJECT_LENGTHS = frozenset({40, 64})
# What HEAD says when references are kept in the reftable format.
_REFTABLE = "refs/heads/.invalid"


class Repository(NamedTuple):
    """`top` is the work tree's root, `own` its `.git`; linked work trees have one `shared`."""

    top: str
    own: str
    shared: str


class Head(NamedTuple):
    """`top` is the work tree's root, `sha` empty before the first commit.

    `ref` is the full name of the branch (`refs/heads/main`), empty if HEAD is detached.
    """

    top: str
    sha: str
    ref: str


def find_work_tree(directory: str) -> str | None:
    """Return the nearest directory upwards that holds `.git`, if any."""
    place = os.path.abspath(directory)
    while not os.path.lexists(f"{place}/.git"):
        parent = os.path.dirname(place)
        if parent == place:
            return None
        place = parent
    return place


def read_head(directory: str) -> Head | None:
    """Return what is checked out around `directory`; None outside of git or if it is damaged.

    Reads work trees' `.git` files, loose and packed references itself (0.1 ms); asks git only for
    the reftable format.
    """
    repository = find_repository(directory)
    if not repository:
        return None
    top = repository.top
    text = read_small(f"{repository.own}/HEAD")
    ref = text[5:].strip() if text.startswith("ref: ") else ""
    if ref == _REFTABLE:
        return _ask_git(top)
    if ref:
        return Head(top, resolve(repository, ref), ref) if _is_reference(ref) else None
    return Head(top, text, "") if _is_object(text) else None


def find_repository(directory: str) -> Repository | None:
    """Return where the repository around `directory` lies, if there is one."""
    top = find_work_tree(directory)
    own = _git_directory(top) if top else None
    return Repository(top, own, _common_directory(own)) if top and own else None


def _git_directory(top: str) -> str | None:
    """Return the repository's directory; a linked work tree or submodule names it in a file."""
    place = f"{top}/.git"
    if os.path.isdir(place):
        return place
    text = read_small(place)
    return os.path.join(top, text[8:].strip()) if text.startswith("gitdir: ") else None


def _common_directory(own: str) -> str:
    """Return where a linked work tree shares its references with the others."""
    text = read_small(f"{own}/commondir")
    return os.path.join(own, text) if text else own


def resolve(repository: Repository, ref: str) -> str:
    """Return the object that a full `ref` names, through a few symbolic ones; '' if none."""
    _, own, shared = repository
    for _ in range(5):
        text = read_small(f"{own}/{ref}") or read_small(f"{shared}/{ref}")
        if not text.startswith("ref: "):
            return text if _is_object(text) else _find_packed(ref, shared)
        ref = text[5:].strip()
        if not _is_reference(ref):
            break
    return ""


def _find_packed(ref: str, shared: str) -> str:
    packed = read_small(f"{shared}/packed-refs", limit=_MAX_PACKED)
    # A line is `OBJECT REFERENCE`; the last one has lost its newline.
    before, found, _ = f"{packed}\n".partition(f" {ref}\n")
    sha = before.rpartition("\n")[2]
    return sha if found and _is_object(sha) else ""


def _is_object(text: str) -> bool:
    # Not by expressions: compiling them would take longer than all the rest here.
    return len(text) in _OBJECT_LENGTHS and not text.strip("0123456789abcdef")


def _is_reference(text: str) -> bool:
    is_plain = text.isprintable() and " " not in text
    return is_plain and text.startswith("refs/") and ".." not in text and "//" not in text


def _ask_git(top: str) -> Head | None:
    try:
        naming = GitProcess(top, "symbolic-ref", "--quiet", "HEAD")
        resolving = GitProcess(top, "rev-parse", "--verify", "--quiet", "HEAD")
    except OSError:
        return None
    _, name, _ = naming.finish()
    _, sha, _ = resolving.finish()
    return Head(top, sha.decode().strip(), name.decode(errors="replace").strip())


def read_small(path: str, *, limit: int = _MAX_REFERENCE) -> str:
    """Return the start of a small file, stripped; empty if it is not a file to be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    with open(descriptor, "rb") as stream:
        try:
            return stream.read(limit).decode(errors="replace").strip()
        except OSError:
            return ""
