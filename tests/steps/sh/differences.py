"""The differences from bash and GNU coreutils that are kept on purpose, each with its reason.

A script listed here must really differ: an entry that has become untrue fails the test.
"""

from __future__ import annotations

DIFFERENCES: dict[str, str] = {}
