"""Where the files of other repositories are: where the user said, else fetched by git."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from runner.errors import InvalidInput, Problem, RunnerError
from runner.workspace.repository import read_head

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.workspace.remote import Checkout

DEFAULT_SERVER = "https://github.com"
_FORM = "write `OWNER/REPO@REF=DIR`, such as `actions/hello@v1=../hello`"


def parse_override(text: str) -> tuple[str, str]:
    """Split `OWNER/REPO@REF=DIR` into `OWNER/REPO@REF` and the absolute folder.

    Raises InvalidInput (`repository.override`).
    """
    name, equals, folder = text.partition("=")
    slug, at, ref = name.partition("@")
    parts = slug.split("/")
    if not equals:
        raise _malformed(text, "has no `=DIR`", _FORM)
    if not at or not ref:
        raise _malformed(text, "has no `@REF` before the `=`", _FORM)
    if len(parts) != 2 or not all(parts):
        raise _malformed(text, f"does not name a repository by `{slug}`", _FORM)
    place = os.path.abspath(os.path.expanduser(folder))
    if not folder or not os.path.isdir(place):
        hint = "the folder holds the repository's files: its work tree or a copy"
        raise _malformed(text, f"names `{folder}`, which is not a folder", hint)
    return name, place


class Repositories:
    """Finds repositories; each `OWNER/REPO@REF` once, so that a run sees one commit of it.

    `overrides` maps `OWNER/REPO@REF` to a folder, as `parse_override` gives them. Owners and
    names match without regard to case, refs exactly. Any thread may ask.
    """

    def __init__(self, overrides: Mapping[str, str], *, cache: str, server: str = "") -> None:
        self._overrides = {_key(*_split(name)): folder for name, folder in overrides.items()}
        self._cache = cache
        self._server = server or os.environ.get("GITHUB_SERVER_URL") or DEFAULT_SERVER
        self._locks: dict[tuple[str, str], threading.Lock] = {}
        self._outcomes: dict[tuple[str, str], Checkout | RunnerError] = {}

    def is_overridden(self, slug: str, ref: str) -> bool:
        """Whether the user said where this is."""
        return _key(slug, ref) in self._overrides

    def locate(self, slug: str, ref: str) -> Checkout:
        """Return the files of `ref` of `slug`; an empty ref means its default branch.

        Raises as `runner.workspace.remote.fetch_commit` does, and the same again when asked again.
        """
        key = _key(slug, ref)
        with self._locks.setdefault(key, threading.Lock()):
            if key not in self._outcomes:
                self._outcomes[key] = self._find(slug, ref)
        outcome = self._outcomes[key]
        if isinstance(outcome, RunnerError):
            raise type(outcome)(outcome.problems)
        return outcome

    def _find(self, slug: str, ref: str) -> Checkout | RunnerError:
        from runner.workspace import remote  # git, 20 ms; few pipelines need another repository

        folder = self._overrides.get(_key(slug, ref))
        if folder is not None:
            return remote.Checkout(folder, _read_commit(folder))
        try:
            return remote.fetch_commit(remote.Server(self._server), slug, ref, cache=self._cache)
        except RunnerError as error:
            return self._mention_overrides(error, slug)

    def _mention_overrides(self, error: RunnerError, slug: str) -> RunnerError:
        """Say for which refs the user did give a folder: often the mistake is there."""
        refs = [ref for own, ref in self._overrides if own == slug.lower()]
        if not refs:
            return error
        given = f"`--local-repository` gives it at {', '.join(f'`{ref}`' for ref in refs)} only"
        return type(error)(
            problem._replace(hint=f"{problem.hint}; {given}" if problem.hint else given)
            for problem in error.problems
        )


def _split(name: str) -> tuple[str, str]:
    slug, _, ref = name.partition("@")
    return slug, ref


def _key(slug: str, ref: str) -> tuple[str, str]:
    return slug.lower(), ref


def _read_commit(folder: str) -> str:
    """Return what is checked out in `folder`, if it is a repository itself and not inside one."""
    head = read_head(folder)
    return head.sha if head and head.top == folder else ""


def _malformed(text: str, reason: str, hint: str) -> InvalidInput:
    return InvalidInput(
        [Problem("repository.override", f"--local-repository `{text}` {reason}", hint=hint)]
    )
