"""hashFiles: one digest for all files that patterns mean (LANGUAGE 6.10)."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

from runner.errors import RunnerError
from runner.expressions import ExpressionError
from runner.expressions.values import to_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runner.workspace.snapshot import Entry


def hash_files(workspace: str, arguments: Sequence[Any]) -> str:
    """Return the hex SHA-256 of the files' digests, in order; '' if no file is meant.

    Links are never followed, and `.git` is not there. Raises ExpressionError for a pattern that
    cannot be used and for a file that cannot be read.
    """
    import hashlib  # 3 ms; only when asked for

    from runner.workspace.digests import Digester

    texts = [to_text(argument) for argument in arguments]
    if texts[0] == "--follow-symbolic-links":
        raise ExpressionError("hashFiles does not follow links: `--follow-symbolic-links`")
    whole = hashlib.sha256()
    is_empty = True
    try:
        with Digester(workspace) as digester:
            for path, entry in _find(workspace, "\n".join(texts)):
                digest = digester.digest(path, entry)
                if not digest:
                    raise ExpressionError(f"hashFiles cannot read `{path}`")
                whole.update(bytes.fromhex(digest))
                is_empty = False
    except (RunnerError, OSError) as error:
        raise ExpressionError(f"hashFiles: {error}") from error
    return "" if is_empty else whole.hexdigest()


def _find(workspace: str, lines: str) -> Iterator[tuple[str, Entry]]:
    """Yield the files in GitHub's order: base by base, each directory's entries by name."""
    from runner.workspace.glob import is_beneath, parse_patterns
    from runner.workspace.snapshot import PRIVATE, take_snapshot

    patterns = parse_patterns(lines)
    entries = take_snapshot(workspace, skip=PRIVATE).entries
    paths = sorted(
        (path for path, entry in entries.items() if stat.S_ISREG(entry[0])),
        key=lambda path: path.split("/"),
    )
    for base in patterns.bases:
        for path in paths:
            if is_beneath(path, base) and patterns.matches(path):
                yield path, entries[path]
