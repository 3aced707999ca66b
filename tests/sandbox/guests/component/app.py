# ruff: noqa: S102, T201
# mypy: ignore-errors
"""A WASI 0.2 command that does what its first argument says, in Python."""

import os
import sys

from wit_world import exports


class Run(exports.Run):
    def run(self) -> None:
        print("hello", *sys.argv[2:], os.environ.get("NAME"), flush=True)
        exec(sys.argv[1])
