"""Regular expressions from manifests: a hostile one must not keep the host busy for ever.

Python's matcher backtracks, so what is allowed is what can be counted: no loop within a loop,
and loops and choices in a row only as long as all ways to split a text among them are few.
"""

from __future__ import annotations

import math
import re

MAX_TEXT = 128
MAX_WAYS = 10**8  # about a second

# A text: few plugins have patterns, and compiling it costs 1 ms.
_PIECE = (
    r"(?s)(?P<escape>\\.)|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<special>\(\?[^:])"
    r"|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<choice>[|?])|(?P<times>\{[0-9]+\})"
    r"|(?P<loop>[*+]|\{[0-9]*,[0-9]*\})|(?P<other>.)"
)


def find_fault(pattern: str) -> str:
    """Return why `pattern` is not accepted, or an empty text."""
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"is not a regular expression: {error}"
    loops = choices = 0
    groups = [False]  # for each open group: does it hold a loop or a choice?
    was_complex = False  # what a repetition here would repeat
    for token in re.finditer(_PIECE, pattern):
        kind, text = token.lastgroup, token[0]
        if kind == "special" or (kind == "escape" and text[1].isdigit()):
            return "may not look around or back"
        if kind in ("loop", "times") and was_complex:
            return "repeats a group that repeats or chooses"
        loops += kind == "loop"
        choices += kind == "choice" and not (text == "|" and len(groups) == 1)
        if kind == "open":
            groups.append(False)
        groups[-1] |= kind in ("loop", "choice")
        was_complex = kind == "close" and groups.pop()
        groups[-1] |= was_complex
    if math.comb(MAX_TEXT, loops) * 2**choices > MAX_WAYS:
        return "has too many repetitions and choices"
    return ""


def matches(pattern: str, text: str) -> bool:
    """Whether all of `text`, of at most `MAX_TEXT` characters, matches an accepted pattern."""
    return len(text) <= MAX_TEXT and re.fullmatch(pattern, text) is not None
