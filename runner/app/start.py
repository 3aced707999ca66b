"""`run`, its first millisecond: the sandbox gets ready while the rest of us is read in."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from runner.app.places import cache_folder
from runner.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from runner.app.request import RunOutcome, RunRequest


def start_run(request: RunRequest) -> RunOutcome:
    """Run a pipeline; see `runner.app.run`."""
    with Sandbox(cache=os.path.join(cache_folder(), "compiled"), on_compile=_announce) as sandbox:
        sandbox.start()
        from runner.app.run import run  # 40 ms; about as long as the sandbox needs

        gc.freeze()
        gc.enable()
        return run(request, sandbox)


def _announce(module: str) -> None:
    """Say why nothing seems to happen for some seconds."""
    name = os.path.basename(module)
    shown = name if len(name) < 40 else f"{name[:12]}….wasm"
    print(f"compiling {shown}: its first use on this machine", file=sys.stderr)  # noqa: T201
