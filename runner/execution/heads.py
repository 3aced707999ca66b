"""The head of a step's log: what is about to run, with what (LANGUAGE 6.8)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from runner.events.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_SCRIPT = 64 * 1024  # characters
MAX_VALUE = 1_000  # characters
MAX_ROWS = 200  # of a list of variables or inputs

_MASKED = r"(?i)::add-mask::([^\s\"'`$\\]+)"


def script_head(script: str, shell: str, env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the lines of a `run:` step: `Run` and its first line, the script, `shell:`, `env:`.

    `shell` is the command line with `{0}` for the script's file. A value that the script will mask,
    and that stands in it as it is, is masked here too.
    """
    shown = script if len(script) <= MAX_SCRIPT else f"{script[:MAX_SCRIPT]}\n..."
    lines = shown.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    title = next(filter(str.strip, lines), "").strip()
    head = [f"Run {title}", *lines, f"shell: {shell}", *_rows("env", env)]
    masked = re.findall(_MASKED, shown) if "::add-mask::" in shown else []
    return tuple(Masker(masked[:MAX_ROWS]).mask_lines(head) if masked else head)


def call_head(uses: str, inputs: Mapping[str, str], env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the lines of a `uses:` step: `Run` and what it uses, `with:`, `env:`."""
    return (f"Run {uses}", *_rows("with", inputs), *_rows("env", env))


def _rows(title: str, values: Mapping[str, str]) -> Iterator[str]:
    """Yield a list of names and values: long values cut, of many the first."""
    if values:
        yield f"{title}:"
    for count, (name, value) in enumerate(values.items()):
        if count == MAX_ROWS:
            yield f"  ... and {len(values) - count} more"
            return
        text = value if len(value) <= MAX_VALUE else f"{value[:MAX_VALUE]}..."
        first, *rest = f"{name}: {text}".replace("\r", "\n").split("\n")
        yield f"  {first}"
        yield from (f"    {line}" for line in rest)
