"""What stands between a guest and WASI, as WebAssembly text: `base`, `front` and `back`.

    guest  ->  front  ->  (a table of base)  ->  back  ->  WASI

A guest is linked to `front`, before it has a memory; `back` comes after, and does the work in it.
"""

from __future__ import annotations

import os

PARTS = ("base", "front", "back", "rehearsal")


def list_files() -> list[str]:
    """Return the absolute paths of the parts, in the order in which they are instantiated.

    The last is no part of it, but the guest of a worker's rehearsal.
    """
    folder = os.path.dirname(os.path.abspath(__file__))
    return [os.path.join(folder, f"{name}.wat") for name in PARTS]
