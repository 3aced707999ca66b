"""The patterns of filters: which branch, tag or path one stands for (LANGUAGE 3.2). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Token(NamedTuple):
    """What one character may be: of `members`, or if it is `open` any but those.

    A token may be left out or repeated. `group` counts the tokens, from this one, that may be left
    out together.
    """

    members: frozenset[str]
    is_open: bool = False
    is_optional: bool = False
    is_repeated: bool = False
    group: int = 0

    def takes(self, character: str) -> bool:
        return (character in self.members) is not self.is_open


_SLASH = frozenset("/")
_SEGMENT = _Token(_SLASH, is_open=True, is_optional=True, is_repeated=True)
_ANYTHING = _Token(frozenset(), is_open=True, is_optional=True, is_repeated=True)
# Takes nothing itself: past it, or past the two tokens of `**/` with it.
_NO_FOLDER = _Token(frozenset(), is_optional=True, group=3)


def matches(pattern: str, name: str) -> bool:
    """Return whether `pattern`, without its leading `!`, stands for the whole of `name`.

    The time grows with the product of their lengths and no faster: all ways to match are followed
    at once. A bracket that is never closed stands for itself, as do `?` and `+` where there is
    nothing to repeat.
    """
    tokens = _read(pattern)
    places = _skip(tokens, {0})
    for character in name:
        after = set()
        for place in places:
            if place < len(tokens) and tokens[place].takes(character):
                after.add(place + 1)
                if tokens[place].is_repeated:
                    after.add(place)
        places = _skip(tokens, after)
        if not places:
            return False
    return len(tokens) in places


def selects(patterns: Iterable[str], name: str) -> bool:
    """Return whether a list selects `name`: the last pattern that matches it decides.

    One that begins with `!` takes out what an earlier one let in.
    """
    is_selected = False
    for pattern in patterns:
        is_negative = pattern.startswith("!")
        # What would change nothing needs no look.
        if is_selected is is_negative and matches(pattern[is_negative:], name):
            is_selected = not is_negative
    return is_selected


def _skip(tokens: list[_Token], places: set[int]) -> set[int]:
    """Add to `places` all that can be reached without a character."""
    waiting = list(places)
    while waiting:
        place = waiting.pop()
        if place == len(tokens):
            continue
        token = tokens[place]
        for further in (place + token.is_optional, place + token.group):
            if further not in places:
                places.add(further)
                waiting.append(further)
    return places


def _read(pattern: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while place < len(pattern):
        character = pattern[place]
        if character == "*":
            place = _read_stars(pattern, place, tokens)
        elif character in "?+" and tokens:
            repeated = tokens[-1].is_repeated or character == "+"
            optional = tokens[-1].is_optional or character == "?"
            tokens[-1] = tokens[-1]._replace(is_repeated=repeated, is_optional=optional)
            place += 1
        elif character == "[" and (end := _find_end(pattern, place)):
            tokens.append(_Token(_read_set(pattern[place + 1 : end])))
            place = end + 1
        else:
            is_escape = character == "\\" and place + 1 < len(pattern)
            tokens.append(_Token(frozenset(pattern[place + is_escape])))
            place += 1 + is_escape
    return tokens


def _read_stars(pattern: str, start: int, tokens: list[_Token]) -> int:
    """Read a run of stars; `**/` at the start of a segment may stand for no folder at all."""
    end = start
    while pattern[end : end + 1] == "*":
        end += 1
    if end - start == 1:
        tokens.append(_SEGMENT)
        return end
    is_segment = pattern[start - 1 : start] in {"", "/"} and pattern[end : end + 1] == "/"
    tokens += (_NO_FOLDER, _ANYTHING) if is_segment else (_ANYTHING,)
    return end


def _find_end(pattern: str, start: int) -> int:
    """Return where the bracket is closed, 0 if nowhere; `]` as the first member is one."""
    place = start + 1
    while place < len(pattern):
        if pattern[place] == "]" and place > start + 1:
            return place
        place += 2 if pattern[place] == "\\" else 1
    return 0


def _read_set(text: str) -> frozenset[str]:
    members: list[str] = []
    place = 0
    while place < len(text):
        place += text[place] == "\\" and place + 1 < len(text)
        first = text[place]
        if text[place + 1 : place + 2] == "-" and place + 2 < len(text):
            last = text[place + 2]
            members += map(chr, range(ord(first), ord(last) + 1))
            place += 3
        else:
            members.append(first)
            place += 1
    return frozenset(members)
