"""Artifacts at rest: a folder each that a person can open, and a list of digests beside them."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from runner.errors import Denied, InvalidInput, Problem, Unavailable, nearest
from runner.records import NamedTuple
from runner.workspace.artifacts import FORBIDDEN, refuse
from runner.workspace.clone import discard_tree
from runner.workspace.contents import copy_contents, digest_contents
from runner.workspace.paths import (
    find_link,
    make_directories,
    normalise,
    open_directory,
    printable,
)

if TYPE_CHECKING:
    from runner.workspace.artifacts import Collection
    from runner.workspace.snapshot import Entry

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# O_NONBLOCK: a pipe that took a file's place must not hold us up.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# Lists of digests and what is being saved; its name is refused for artifacts.
_PRIVATE = ".store"
_NOT_A_NAME = frozenset({"", ".", "..", _PRIVATE})


class Artifact(NamedTuple):
    """`contents` maps each file's path to its size and hex SHA-256; `digest` covers them all."""

    name: str
    contents: dict[str, tuple[int, str]]
    digest: str

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(size for size, _ in self.contents.values())


def save_artifact(
    store: str, name: str, root: str, collection: Collection, *, overwrite: bool = False
) -> Artifact:
    """Copy `collection` of the tree at `root` to `store`/`name`; all of it or nothing.

    Each file must still be the very one that was collected: one that was swapped for a link or
    another file meanwhile is Denied. Raises InvalidInput for a bad name (`artifact-name`) and for
    one that is taken (`artifact-exists`) unless `overwrite`.
    """
    check_name(name)
    if not overwrite and os.path.lexists(f"{store}/{name}"):
        raise _taken(name)
    stage = f"{store}/{_PRIVATE}/{name}.partial-{_worker()}"
    os.makedirs(f"{store}/{_PRIVATE}", exist_ok=True)
    os.mkdir(stage)
    try:
        artifact = _seal(name, _copy_collection(root, stage, collection))
        if overwrite:
            _withdraw(store, name)
        _publish(store, artifact, stage)
    finally:
        discard_tree(stage)
    return artifact


def restore_artifact(store: str, name: str, root: str, *, path: str = ".") -> Artifact:
    """Copy the artifact `name` into the tree at `root`, below `path`; files there are replaced.

    A link on the way, planted by an earlier step, is Denied (`not-a-file`) and never followed; a
    link in a file's own place is replaced. Content that does not have its digest is Denied
    (`artifact-corrupt`). Raises InvalidInput (`artifact-missing`) for an unknown name.
    """
    artifact = load_artifact(store, name)
    below = normalise(path)
    try:
        origin = os.open(f"{store}/{name}", _DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise _corrupt(name, "its folder is gone") from error
    target = os.open(root, _DIRECTORY)
    try:
        for inner, (_, digest) in artifact.contents.items():
            place = inner if below == "." else f"{below}/{inner}"
            try:
                _restore_file(origin, inner, target, place, digest)
            except OSError as error:
                if find_link(target, place):
                    raise refuse(target, place) from error
                raise _failure(f"`{printable(place)}` cannot be written", error) from error
    finally:
        os.close(origin)
        os.close(target)
    return artifact


def load_artifact(store: str, name: str) -> Artifact:
    """Read what `store` says of `name`. Raises as `restore_artifact`."""
    check_name(name)
    try:
        with open(_manifest(store, name), encoding="utf-8") as stream:
            record = json.load(stream)
        listed = {
            normalise(path): (int(size), str(digest)) for path, (size, digest) in record.items()
        }
    except FileNotFoundError as error:
        message = f"there is no artifact `{printable(name)}`"
        hint = nearest(name, list_artifacts(store))
        raise InvalidInput([Problem("artifact-missing", message, hint=hint)]) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise _corrupt(name, "its list of digests is damaged") from error
    return _seal(name, listed)


def list_artifacts(store: str) -> list[str]:
    """Return the names of all artifacts in `store`, sorted."""
    try:
        names = os.listdir(f"{store}/{_PRIVATE}")
    except FileNotFoundError:
        return []
    return sorted(name[:-5] for name in names if name.endswith(".json"))


def check_name(name: str) -> None:
    """Raise InvalidInput (`artifact-name`) unless `name` is one that GitHub would take."""
    is_unfit = name in _NOT_A_NAME or len(name.encode("utf-8", "replace")) > 200
    if is_unfit or not name.isprintable() or not FORBIDDEN.union("\\/").isdisjoint(name):
        message = f"`{printable(name)}` cannot be an artifact's name"
        hint = 'it is 1 to 200 bytes of printable text without " : < > | * ? \\ /'
        raise InvalidInput([Problem("artifact-name", message, hint=hint)])


def _copy_collection(root: str, stage: str, collection: Collection) -> dict[str, tuple[int, str]]:
    origin, target = os.open(root, _DIRECTORY), os.open(stage, _DIRECTORY)
    try:
        return {
            collection.place(path): _copy_unchanged(origin, path, entry, target, collection)
            for path, entry in collection.entries.items()
        }
    except OSError as error:
        raise _failure("the artifact cannot be saved", error) from error
    finally:
        os.close(origin)
        os.close(target)


def _copy_unchanged(
    origin: int, path: str, entry: Entry, target: int, collection: Collection
) -> tuple[int, str]:
    try:
        source = _open_file(origin, path)
    except OSError as error:
        raise refuse(origin, path) from error
    try:
        found = os.fstat(source)
        if (found.st_mode, found.st_ctime_ns, found.st_ino) != (entry[0], *entry[3:]):
            message = f"`{printable(path)}` changed while it was saved"
            raise Denied([Problem("not-a-file", message)])
        return _write(source, target, collection.place(path))
    finally:
        os.close(source)


def _restore_file(origin: int, inner: str, target: int, place: str, digest: str) -> None:
    """Write beside the place and rename: whatever stands there is replaced, not written through."""
    directory, _, name = place.rpartition("/")
    partial = f".partial-{_worker()}"
    parent = make_directories(target, directory or ".")
    try:
        source = _open_file(origin, inner)
        try:
            _, found = _write(source, parent, partial)
        finally:
            os.close(source)
        if found != digest:
            raise _corrupt(inner, f"its digest is {found} instead of {digest}")
        os.replace(partial, name, src_dir_fd=parent, dst_dir_fd=parent)
    except (OSError, Denied):
        with suppress(OSError):
            os.unlink(partial, dir_fd=parent)
        raise
    finally:
        os.close(parent)


def _open_file(root: int, path: str) -> int:
    directory, _, name = path.rpartition("/")
    parent = open_directory(root, directory or ".")
    try:
        return os.open(name, _READ, dir_fd=parent)
    finally:
        os.close(parent)


def _write(source: int, root: int, place: str) -> tuple[int, str]:
    """Copy the open `source` to the new file `place` below `root`; digest what arrived."""
    directory, _, name = place.rpartition("/")
    parent = make_directories(root, directory or ".")
    try:
        target = os.open(name, _CREATE, 0o666, dir_fd=parent)
    finally:
        os.close(parent)
    try:
        size = copy_contents(source, target, os.fstat(source).st_size)
        os.lseek(target, 0, os.SEEK_SET)
        digest, _ = digest_contents(target, limit=size)
    finally:
        os.close(target)
    return size, digest


def _seal(name: str, contents: dict[str, tuple[int, str]]) -> Artifact:
    lines = (f"{digest}  {path}\n" for path, (_, digest) in sorted(contents.items()))
    return Artifact(name, contents, hashlib.sha256("".join(lines).encode()).hexdigest())


def _publish(store: str, artifact: Artifact, stage: str) -> None:
    """Put the files in place, then the list that makes them an artifact."""
    listed = f"{stage}.json"
    with open(listed, "w", encoding="utf-8") as stream:
        json.dump(artifact.contents, stream, indent=1)
    try:
        os.rename(stage, f"{store}/{artifact.name}")
    except OSError as error:
        os.unlink(listed)
        if error.errno in {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR}:
            raise _taken(artifact.name) from error
        raise _failure("the artifact cannot be saved", error) from error
    os.replace(listed, _manifest(store, artifact.name))


def _withdraw(store: str, name: str) -> None:
    """Remove the artifact `name`, first the list, so that it is never there in part."""
    try:
        os.unlink(_manifest(store, name))
    except FileNotFoundError:
        return
    discard_tree(f"{store}/{name}")


def _manifest(store: str, name: str) -> str:
    return f"{store}/{_PRIVATE}/{name}.json"


def _worker() -> str:
    """Return a name that no other thread or process uses at the same time."""
    return f"{os.getpid()}-{threading.get_ident()}"


def _taken(name: str) -> InvalidInput:
    message = f"there is an artifact `{name}` already"
    hint = "give it another name, or say `overwrite: true`"
    return InvalidInput([Problem("artifact-exists", message, hint=hint)])


def _corrupt(name: str, reason: str) -> Denied:
    message = f"the artifact `{printable(name)}` is not what was saved: {reason}"
    return Denied([Problem("artifact-corrupt", message)])


def _failure(message: str, error: OSError) -> Unavailable:
    return Unavailable([Problem("artifact-failed", f"{message}: {error.strerror}")])
