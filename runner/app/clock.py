"""The time that steps see which may not see the real one: the same for every run of a commit."""

from __future__ import annotations

import os

from runner.abi import Clock
from runner.plugins.invoke import FIXED_CLOCK
from runner.workspace.commit import begin_reading
from runner.workspace.repository import find_repository, read_head

_NANOSECONDS = 10**9
_LAST = 2**33  # seconds: the year 2242, as far as 64 bits of nanoseconds go with room to sleep


def read_clock(source: str) -> Clock:
    """Return `SOURCE_DATE_EPOCH` of the environment, else when HEAD was committed, else 1980."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isascii() and given.isdigit() and int(given[:20]) < _LAST:
        return Clock(int(given) * _NANOSECONDS)
    head, repository = read_head(source), find_repository(source)
    if head and head.sha and repository:
        commit = begin_reading(repository, head.sha)()
        if commit and 0 < commit.committer.time < _LAST:
            return Clock(commit.committer.time * _NANOSECONDS)
    return FIXED_CLOCK
