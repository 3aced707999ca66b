"""Where the files shipped beside the code lie: in the wheel, or in a source checkout."""

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def locate(kind: str, *names: str) -> str:
    """Return the absolute path of a shipped file or folder; `kind` is `steps` or `schemas`.

    A wheel carries them as `runner/_steps` and `runner/_schemas` (hatch_build.py); a checkout
    has them beside the package. The path need not exist.
    """
    shipped = os.path.join(_PACKAGE, f"_{kind}")
    base = shipped if os.path.isdir(shipped) else os.path.join(os.path.dirname(_PACKAGE), kind)
    return os.path.join(base, *names)
