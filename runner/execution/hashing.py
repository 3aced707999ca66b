"""hashFiles: one digest for all files that patterns mean (LANGUAGE 6.10)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from runner.errors import RunnerError
from runner.expressions import ExpressionError
from runner.expressions.values import to_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runner.workspace.snapshot import Entry

FOLLOW = "--follow-symbolic-links"
MAX_TIME = 120.0  # seconds
MAX_PATTERNS = 256 * 1024  # characters


def hash_files(workspace: str, arguments: Sequence[Any]) -> str:
    """Return the hex SHA-256 of the files' digests, in order; '' if no file is meant.

    `.git` is not there. What lies outside the workspace, and links that lead there, are passed
    over. Raises ExpressionError for a pattern that cannot be used, for a file that cannot be read
    and if it takes too long.
    """
    import hashlib  # 3 ms; only when asked for

    from runner.workspace.digests import Digester

    texts = [to_text(argument) for argument in arguments]
    follow_links = texts[0].lower() == FOLLOW
    if texts[0].startswith("--") and not follow_links:
        raise ExpressionError(f"Invalid glob option {texts[0]}, available option: '{FOLLOW}'.")
    lines = "\n".join(texts[follow_links:])
    whole = hashlib.sha256()
    is_empty = True
    deadline = time.monotonic() + MAX_TIME
    try:
        with Digester(workspace) as digester:
            for path, entry in _find(
                workspace, lines, follow_links=follow_links, deadline=deadline
            ):
                digest = digester.digest(path, entry)
                if not digest:
                    raise ExpressionError(f"hashFiles cannot read `{path}`")
                whole.update(bytes.fromhex(digest))
                is_empty = False
    except (RunnerError, OSError) as error:
        raise ExpressionError(f"hashFiles: {error}") from error
    return "" if is_empty else whole.hexdigest()


def _find(
    workspace: str, lines: str, *, follow_links: bool, deadline: float
) -> Iterator[tuple[str, Entry]]:
    """Yield the files in GitHub's order: base by base, each directory's entries by name."""
    from runner.abi.guest import WORKSPACE
    from runner.workspace.glob import parse_patterns
    from runner.workspace.snapshot import PRIVATE, take_snapshot
    from runner.workspace.walk import Walk

    if len(lines) > MAX_PATTERNS:
        raise ExpressionError(f"hashFiles takes {MAX_PATTERNS // 1024} KiB of patterns")
    patterns = parse_patterns(lines, root=WORKSPACE, ignore_outside=True)
    entries = take_snapshot(workspace, skip=PRIVATE).entries
    walk = Walk(workspace, entries, guest_root=WORKSPACE)
    for base in patterns.bases:
        for path, real in walk.files(base, follow_links=follow_links):
            if time.monotonic() > deadline:
                shown = lines[:100].replace("\n", ",")
                raise ExpressionError(
                    f"hashFiles('{shown}') couldn't finish within {MAX_TIME:.0f} seconds."
                )
            if patterns.matches(path):
                yield real, entries[real]
