"""Paths and patterns of paths, as sets of files: what one holds of another, and what two share.

A path means what it names and all below. In a pattern `*` is any part of a name, `?` one
character, `**` any number of folders. Patterns may overlap without one holding the other; what
both hold is then written `one & other`. Everything here errs on the narrow side: that one holds
another may be missed, never made up.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from runner.permissions import sets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EVERYTHING = "."
_BOTH = " & "
_FOLDERS = "**"
_EXPRESSION = "${{"
_MAX_WILDCARDS = 8
_MAX_PATTERN = 500
_SORTED_STARS = r"[*?]*\*[*?]*"


def find_fault(text: str) -> tuple[str, str]:
    """Return why `text` is no path and what would be; two empty texts if it is one."""
    for path in text.split(_BOTH):
        if not path or "\0" in path or "\\" in path:
            return f"`{path!r}` is not a path", "write a folder of the workspace, or `.`"
        if path.startswith("/") or ".." in path.split("/"):
            return f"`{path}` leaves the workspace", "write a path relative to the workspace"
        if set("[]{}") & set(path):
            return f"`{path}` is a pattern of an unknown kind", "patterns have `*`, `?` and `**`"
        if is_pattern(path) and len(path) > _MAX_PATTERN:
            return f"`{path[:40]}…` is too long", f"a pattern has at most {_MAX_PATTERN} characters"
        if "*" in path and len(re.findall(r"\*+", path)) > _MAX_WILDCARDS:
            return f"`{path}` is too complex", f"a pattern has at most {_MAX_WILDCARDS} `*`"
    return "", ""


def normalise(text: str) -> str:
    """Return the one text that is written for all that mean the same; `text` has no fault."""
    if _EXPRESSION in text:
        return text
    return _conjoin(_normalise(path) for path in text.split(_BOTH)) or EVERYTHING


def is_pattern(path: str) -> bool:
    """Whether `path` may stand for several files that lie in one folder."""
    return "*" in path or "?" in path


def is_plain(path: str) -> bool:
    """Whether `path` is one file or folder, as far as can be told from its text."""
    return not is_pattern(path) and _BOTH not in path


def find_base(path: str) -> str:
    """Return the deepest folder that everything in `path` lies in; a plain path is its own."""
    return max((_literal(pattern) for pattern in path.split(_BOTH)), key=_depth)


def covers(wide: str, narrow: str) -> bool:
    """Whether all of `narrow` lies within `wide`."""
    if wide in (EVERYTHING, narrow):
        return True
    if _EXPRESSION in wide + narrow:
        return False
    inner = narrow.split(_BOTH)
    return all(any(_covers(one, other) for other in inner) for one in wide.split(_BOTH))


def meet(left: Iterable[str], right: Iterable[str]) -> tuple[str, ...]:
    """Return what lies within both sets."""
    others = tuple(right)
    both = [
        _conjoin((*one.split(_BOTH), *other.split(_BOTH)))
        if _EXPRESSION not in one + other
        else _meet_unknown(one, other)
        for one in left
        for other in others
    ]
    return sets.canonical(filter(None, both), covers)


def matches(paths: Iterable[str], name: str) -> bool:
    """Whether the file or folder `name` (relative, normal) lies within one of `paths`."""
    closed = f"{name}/"
    return any(
        path == EVERYTHING or all(_compile(one).match(closed) for one in path.split(_BOTH))
        for path in paths
    )


def _meet_unknown(one: str, other: str) -> str:
    """Return what both hold, where an expression hides what one of them is."""
    if covers(one, other):
        return other
    return one if covers(other, one) else ""


def _conjoin(patterns: Iterable[str]) -> str:
    """Write what all `patterns` hold, without those that say nothing more; '' for nothing."""
    known = sorted(set(patterns) - {EVERYTHING})
    if not known:
        return EVERYTHING
    bases = sorted((_literal(one) for one in known), key=_depth)
    deepest = bases[-1]
    if not all(base == EVERYTHING or f"{deepest}/".startswith(f"{base}/") for base in bases):
        return ""
    return _BOTH.join(
        one for one in known if not any(other != one and _covers(one, other) for other in known)
    )


def _normalise(path: str) -> str:
    segments = [segment for segment in path.split("/") if segment not in ("", ".")]
    found: list[str] = []
    is_deep = False  # a `**` goes behind the `*` that follow it
    for segment in segments:
        if set(segment) == {"*"}:
            is_deep |= len(segment) > 1
            if len(segment) == 1:
                found.append(segment)
            continue
        if is_deep:
            found.append(_FOLDERS)
        is_deep = False
        found.append(re.sub(_SORTED_STARS, _sort_stars, segment) if "*" in segment else segment)
    if found and found[-1] == "*" and not any(map(is_pattern, found[:-1])):
        found.pop()  # all that is in a folder is the folder
    return "/".join(found) or EVERYTHING


def _sort_stars(found: re.Match[str]) -> str:
    return "?" * found[0].count("?") + "*"


def _literal(pattern: str) -> str:
    segments = []
    for segment in pattern.split("/"):
        if is_pattern(segment):
            break
        segments.append(segment)
    return "/".join(segments) or EVERYTHING


def _depth(path: str) -> tuple[int, str]:
    return (0 if path == EVERYTHING else path.count("/") + 1), path


@functools.lru_cache(maxsize=4096)
def _covers(wide: str, narrow: str) -> bool:
    """Compare two normal patterns, the wildcards of `narrow` being signs like any other."""
    if EVERYTHING in (wide, narrow):
        return wide == EVERYTHING
    if not is_pattern(wide):
        return f"{narrow}/".startswith(f"{wide}/")
    return _absorbs(wide.split("/"), narrow.split("/"), is_name=False)


def _absorbs(wide: Sequence[str], narrow: Sequence[str], *, is_name: bool) -> bool:
    """Whether the signs of `wide` account for those of `narrow`: characters of one name, or names.

    A path needs no account of what follows, for it means all below. The first place where a part
    fits is as good as any later one.
    """
    many = "*" if is_name else _FOLDERS
    i = j = mark = 0
    star = -1
    while i < len(wide) or (is_name and j < len(narrow)):
        if i < len(wide) and wide[i] == many:
            star, mark, i = i, j, i + 1
        elif i < len(wide) and j < len(narrow) and _fits(wide[i], narrow[j], many, is_name=is_name):
            i, j = i + 1, j + 1
        elif star >= 0 and mark < len(narrow):
            mark += 1
            i, j = star + 1, mark
        else:
            return False
    return True


def _fits(wide: str, narrow: str, many: str, *, is_name: bool) -> bool:
    if narrow == many:
        return False
    if is_name:
        return wide in ("?", narrow)
    return wide == narrow or (is_pattern(wide) and _absorbs(wide, narrow, is_name=True))


@functools.lru_cache(maxsize=256)
def _compile(pattern: str) -> re.Pattern[str]:
    """Make an expression for names with a `/` at their end; it never goes back on what it took."""
    chunks = [""]
    for segment in pattern.split("/"):
        if segment == _FOLDERS:
            chunks.append("")
        elif segment != EVERYTHING:
            chunks[-1] += _translate(segment) + "/"
    later = "".join(f"(?>(?:[^/]+/)*?{chunk})" for chunk in chunks[1:])
    return re.compile(chunks[0] + later, re.DOTALL)


def _translate(segment: str) -> str:
    first, *rest = (
        "".join("[^/]" if sign == "?" else re.escape(sign) for sign in piece)
        for piece in segment.split("*")
    )
    last = f"[^/]*{rest.pop()}" if rest else ""
    return first + "".join(f"(?>[^/]*?{piece})" for piece in rest) + last
