"""What a repository is called where it came from, read without starting git."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.workspace.gitprocess import GitProcess
from runner.workspace.repository import read_small, resolve

if TYPE_CHECKING:
    from runner.workspace.repository import Repository

_MAX_CONFIGURATION = 1 << 20
_HEAD = "refs/remotes/origin/HEAD"
_BRANCHES = "refs/remotes/origin/"
_USUAL_BRANCHES = ("main", "master")


def read_slug(repository: Repository) -> str:
    """Return OWNER/NAME by the URL of the remote `origin`; '' if there is none that tells."""
    is_origin = False
    for line in read_small(f"{repository.shared}/config", limit=_MAX_CONFIGURATION).splitlines():
        text = line.strip()
        if text.startswith("["):
            is_origin = text.replace(" ", "").lower().startswith('[remote"origin"]')
        elif is_origin:
            key, _, value = text.partition("=")
            if key.strip().lower() == "url":
                return parse_slug(value.strip().strip('"'))
    return ""


def parse_slug(url: str) -> str:
    """Return OWNER/NAME of a repository's URL in any form that git takes; '' of a mere path.

    Of longer paths (groups within groups) the last two names. User and password are left behind.
    """
    if "://" in url:
        scheme, _, rest = url.partition("://")
        path = "" if scheme == "file" else rest.partition("/")[2]
    else:
        # `git@host:path`; what has a `/` before the colon is a path.
        host, _, path = url.partition(":")
        path = "" if "/" in host else path
    names = path.rstrip("/").removesuffix(".git").split("/")[-2:]
    return "/".join(names) if len(names) == 2 and all(map(_is_name, names)) else ""


def find_default_branch(repository: Repository, current: str) -> str:
    """Return the branch that `origin` has checked out, as a clone remembers it.

    Else `main` or `master` if there is one, else the `current` branch, else `main`.
    """
    remembered = read_small(f"{repository.shared}/{_HEAD}")
    if remembered.startswith(f"ref: {_BRANCHES}"):
        return remembered.removeprefix(f"ref: {_BRANCHES}").strip()
    for name in _USUAL_BRANCHES:
        if current == name or find_branch(repository, name):
            return name
    return current or _USUAL_BRANCHES[0]


def find_branch(repository: Repository, name: str) -> str:
    """Return the commit of a branch, here or at `origin`; '' if there is no such branch."""
    return resolve(repository, f"refs/heads/{name}") or resolve(repository, _BRANCHES + name)


def find_tag(repository: Repository) -> str:
    """Return the full name of the highest version's tag at HEAD, '' if there is none; asks git."""
    wanted = ("--points-at=HEAD", "--sort=-version:refname", "--count=1", "--format=%(refname)")
    try:
        code, output, _ = GitProcess(repository.top, "for-each-ref", *wanted, "refs/tags").finish()
    except OSError:
        return ""
    return os.fsdecode(output).strip() if code == 0 else ""


def _is_name(text: str) -> bool:
    is_plain = text.isascii() and text.replace(".", "").replace("-", "").replace("_", "").isalnum()
    return is_plain and len(text) <= 100
