"""Compiling a module in a child process, seen from the runner."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from runner.errors import InvalidInput, Problem
from runner.sandbox.process import spawn

if TYPE_CHECKING:
    from runner.sandbox.kill import Kill

_LARGEST_REPORT = 4096


def compile_module(wasm: int, code: int, *, digest: str, library: str, kill: Kill) -> None:
    """Compile the module open as `wasm`, whose digest is `digest`, into the file open as `code`.

    Raises InvalidInput (`module.invalid`) for what the compiler refuses or dies of.
    """
    reader, writer = os.pipe()
    try:
        pid = spawn("runner.sandbox.compile", [library, digest], [wasm, code, writer])
    except BaseException:
        os.close(reader)
        raise
    finally:
        os.close(writer)
    pidfd = os.pidfd_open(pid)
    try:
        kill.watch(pidfd)
        report = _read_all(reader)
    finally:
        kill.watch(-1)
        os.close(pidfd)
        os.close(reader)
        _, status = os.waitpid(pid, 0)
    _judge(os.waitstatus_to_exitcode(status), report)


def _judge(code: int, report: str) -> None:
    if report:
        raise InvalidInput([Problem("module.invalid", f"module does not compile: {report}")])
    if code:
        how = signal.Signals(-code).name if code < 0 else f"status {code}"
        message = f"module does not compile: the compiler ended with {how}, perhaps at its limits"
        raise InvalidInput([Problem("module.invalid", message)])


def _read_all(descriptor: int) -> str:
    data = b""
    while len(data) < _LARGEST_REPORT and (piece := os.read(descriptor, _LARGEST_REPORT)):
        data += piece
    lines = data.decode("utf-8", "replace").split("\n")
    return ": ".join(line.strip() for line in lines if line.strip())
