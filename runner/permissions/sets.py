"""Sets of patterns where one pattern may contain another: the algebra all lists share.

A set is kept canonical (sorted, nothing that another member covers), so equal sets are equal
tuples and `meet` is associative, commutative and idempotent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Covers = Callable[[str, str], bool]


def canonical(patterns: Iterable[str], covers: Covers) -> tuple[str, ...]:
    """Return `patterns` sorted, without those that another one covers."""
    known = sorted(set(patterns))
    return tuple(
        one for one in known if not any(other != one and covers(other, one) for other in known)
    )


def contains(wide: Iterable[str], narrow: Iterable[str], covers: Covers) -> bool:
    """Whether each pattern of `narrow` lies within one of `wide`."""
    outer = tuple(wide)
    return all(any(covers(one, other) for one in outer) for other in narrow)


def meet(left: Iterable[str], right: Iterable[str], covers: Covers) -> tuple[str, ...]:
    """Return what both sets allow; of two patterns that overlap one must contain the other."""
    others = tuple(right)
    both = []
    for one in left:
        both += [other for other in others if covers(one, other)]
        both += [one for other in others if covers(other, one)]
    return canonical(both, covers)


def prefix_covers(wide: str, narrow: str) -> bool:
    """Whether `narrow` lies within `wide`, where a `*` at the end stands for any text."""
    if wide.endswith("*"):
        return narrow.startswith(wide[:-1])
    return wide == narrow
