"""Semantic versions and ranges of them, written as npm and Cargo do: `^1.2`, `~1.2`, `>=1 <3`.

A part that is left out is any: `1.2` and `1.2.x` are the versions of 1.2. `||` separates
alternatives. A pre-release is in a range only if the range names one of the same version.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_PART = r"(?:0|[1-9][0-9]{0,8}|[xX*])"
_TAIL = r"(?:-(?P<tag>[0-9A-Za-z.-]{1,100}))?(?:\+[0-9A-Za-z.-]{1,100})?"
_TERM = re.compile(
    rf"(?P<sign>\^|~|[<>]=?|=)?v?(?P<major>{_PART})"
    rf"(?:\.(?P<minor>{_PART}))?(?:\.(?P<patch>{_PART}))?{_TAIL}"
)
_GAP = re.compile(r"(?<=[\^~<>=])\s+")
_MAX_TEXT = 200
# Above every release of its numbers, and below every pre-release of them.
_RELEASE: tuple[Any, ...] = ((2,),)
_LEAST: tuple[Any, ...] = ()


class Version(NamedTuple):
    """Compares by the precedence of semver.org section 11; `tag` is its own key, not a text."""

    major: int
    minor: int
    patch: int
    tag: tuple[Any, ...] = _RELEASE


class Range(NamedTuple):
    """Alternatives of `(lowest, below, tagged)`; `tagged` are the pre-releases that were named."""

    alternatives: tuple[tuple[Version, Version | None, frozenset[tuple[int, ...]]], ...]

    def holds(self, version: str) -> bool:
        """Whether `version` lies within; raises `ValueError` if it is none."""
        found = parse_version(version)
        return any(
            low <= found
            and (below is None or found < below)
            and (found.tag == _RELEASE or found[:3] in tagged)
            for low, below, tagged in self.alternatives
        )


def parse_version(text: str) -> Version:
    """Read `1.2.3-rc.1+build`; raises `ValueError`."""
    found = _TERM.fullmatch(text) if len(text) <= _MAX_TEXT else None
    numbers = [*_numbers(found)] if found else []
    tag = found["tag"] if found else None
    if found is None or found["sign"] or len(numbers) != 3 or "" in (tag or "a").split("."):
        raise ValueError(f"`{text}` is not a semantic version, such as `1.2.3`")
    return _version(numbers, _key(tag))


def parse_range(text: str) -> Range:
    """Read a range; raises `ValueError` that says how one is written."""
    try:
        return Range(tuple(_read_alternative(part) for part in text.split("||")))
    except ValueError as error:
        message = f"`{text}` is not a range of versions, such as `^1.2`, `~1.2.3` or `>=1 <3`"
        raise ValueError(message) from error


def _read_alternative(text: str) -> tuple[Version, Version | None, frozenset[tuple[int, ...]]]:
    low, below, tagged = Version(0, 0, 0, _LEAST), None, set()
    if len(text) > _MAX_TEXT:
        raise ValueError(text)
    terms = _GAP.sub("", text.strip().replace(",", " ")).split()
    if not terms:
        raise ValueError(text)
    for term in terms:
        found = _TERM.fullmatch(term)
        if found is None:
            raise ValueError(term)
        start, end = _bounds(found)
        low = max(low, start)
        below = end if below is None else below if end is None else min(below, end)
        if found["tag"]:
            tagged.add(tuple(int(found[name]) for name in ("major", "minor", "patch")))
    return low, below, frozenset(tagged)


def _bounds(term: re.Match[str]) -> tuple[Version, Version | None]:
    """Return the lowest version that a term allows, and the one that is too high."""
    numbers = list(_numbers(term))
    if term["tag"] and len(numbers) < 3:
        raise ValueError(term[0])
    count = len(numbers)
    first = _version(numbers, _key(term["tag"]) if count == 3 else _LEAST)
    sign = term["sign"] or "="
    lowest = Version(0, 0, 0, _LEAST)
    if not count:
        return lowest, (lowest if sign in {"<", ">"} else None)
    after = _after(numbers, count - 1)
    if sign == "^":
        fixed = next((index for index, part in enumerate(numbers) if part), count - 1)
        return first, _after(numbers, fixed)
    if sign == "~":
        return first, _after(numbers, min(count - 1, 1))
    if sign == "=":
        return first, _next(first) if term["tag"] else after
    if sign in {">", "<="}:
        exact = _next(first) if count == 3 else after
        return (exact, None) if sign == ">" else (lowest, exact)
    return (first, None) if sign == ">=" else (lowest, first)


def _after(numbers: list[int], index: int) -> Version:
    """Return the lowest version whose part at `index` is one higher."""
    return _version([*numbers[:index], numbers[index] + 1], _LEAST)


def _version(numbers: list[int], tag: tuple[Any, ...]) -> Version:
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return Version(major, minor, patch, tag)


def _next(version: Version) -> Version:
    """Return what is just above one exact version."""
    return version._replace(tag=(*version.tag, ()))


def _numbers(term: re.Match[str]) -> Iterator[int]:
    """Yield the parts up to the first that is left out or any."""
    for name in ("major", "minor", "patch"):
        if term[name] is None or not term[name].isdigit():
            return
        yield int(term[name])


def _key(tag: str | None) -> tuple[Any, ...]:
    """Return what orders pre-releases: numbers below words, fewer parts below more."""
    if not tag:
        return _RELEASE
    parts = tag.split(".")
    if not all(parts):
        raise ValueError(tag)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
