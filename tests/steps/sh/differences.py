"""The differences from bash and GNU coreutils that are kept on purpose, each with its reason.

A script listed here must really differ: an entry that has become untrue fails the test.
"""

from __future__ import annotations

DIFFERENCES = {
    "absolute_symlink": "the sandbox creates relative symbolic links only",
    "division_by_zero": "a failed expansion ends its command; bash drops the rest of the line too",
    "machine_names": "machine, user and processors of the sandbox, not of the host",
    "shebang_mode": "WASI has no mode bits: a file that starts with #! counts as executable",
}
