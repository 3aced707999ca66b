"""The matcher finds what a naive search finds."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from runner.events.matcher import LONGEST, Matcher

SMALL = st.text(alphabet="abé", max_size=12)


def covered(texts: list[str], text: str) -> set[int]:
    """Return the positions of `text` that lie in an occurrence, found one by one."""
    found: set[int] = set()
    for wanted in filter(None, texts):
        for start in range(len(text)):
            if text.startswith(wanted, start):
                found |= set(range(start, start + len(wanted)))
    return found


@given(st.lists(SMALL), SMALL.map(lambda text: text * 3))
def test_spans_cover_every_occurrence_and_nothing_else(texts: list[str], text: str) -> None:
    """Overlapping, touching and nested hits come as one span, in order."""
    matcher = Matcher()
    for wanted in texts:
        matcher.add(wanted)
    spans = matcher.spans(text)
    assert covered(texts, text) == {place for span in spans for place in range(*span)}
    assert all(one[1] < two[0] for one, two in pairwise(spans))


def test_shorter_texts_may_come_later() -> None:
    """A text shorter than all before it changes the index, not what is known."""
    matcher = Matcher()
    for text in ("abcdef", "xyz", "q", "πρ"):
        matcher.add(text)
    assert matcher.spans("..abcdef.xyz.q.πρ") == [(2, 8), (9, 12), (13, 14), (15, 17)]


def test_many_characters_become_any_character() -> None:
    """Thousands of different first characters do not make an ever larger pattern."""
    matcher = Matcher()
    texts = [chr(0x4E00 + number) * 4 for number in range(2000)]
    for text in texts:
        matcher.add(text)
    assert matcher.spans(f"a{texts[1999]}\n{texts[0]}") == [(1, 5), (6, 10)]


def test_a_hostile_set_stays_bearable() -> None:
    """Texts made to be almost found everywhere cost a bounded number of looks per character."""
    matcher = Matcher()
    for length in range(4, LONGEST):
        matcher.add("a" * length + "b")
    assert matcher.spans("a" * 20_000) == []
