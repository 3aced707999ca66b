"""Text that a guest wrote, made safe to show: it may colour itself and do nothing else."""

from __future__ import annotations

import re

RESET = "\x1b[0m"

# Patterns are texts here: most runs print nothing that needs them, and compiling costs 1 ms.
# What can do harm: C0 (except tab and line feed), delete, C1, and the characters that reorder the
# text around them (CVE-2021-42574).
_HARM = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069"
_SUSPECT = f"[{_HARM}]"
_SEQUENCE = (
    r"(\x1b\[[0-9;:]*m)"  # colours
    r"|(?:\x1b[]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"  # OSC and kin
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # cursor, screen, modes
    r"|\x1b[ -/]*[0-~]?"
    f"|(?:(?![\\x1b\\x90\\x98\\x9b\\x9d-\\x9f])[{_HARM}])+"  # runs: a flood of them is one hit
)


def has_controls(text: str) -> bool:
    """Tell whether `strip_controls` would change `text`."""
    if text.replace("\n", "").isprintable():  # three times as fast as the search
        return False
    return re.search(_SUSPECT, text) is not None


def strip_controls(text: str) -> str:
    """Return `text` without any control sequence or character but tab and line feed."""
    return re.sub(_SEQUENCE, "", text) if has_controls(text) else text


def keep_colours(text: str) -> str:
    """Like `strip_controls`, but colours stay and end with each line."""
    if not has_controls(text):
        return text
    text = re.sub(_SEQUENCE, r"\1", text)
    return text.replace("\n", f"{RESET}\n") + RESET if "\x1b" in text else text
