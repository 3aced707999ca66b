"""Guests built from source by public tools, once per machine: it takes longer than testing."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCES = Path(__file__).parent / "guests"


def cache() -> Path:
    """Return where guests are kept on this machine."""
    own = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = Path(own) / "wasi-runner-tests"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def build_component() -> Path:
    """Return the component, made by componentize-py."""
    command = [_script("componentize-py"), "-d", ".", "-w", "command"]
    return _build("component", [*command, "componentize", "app", "-o"])


def build_c(name: str) -> Path:
    """Return a C guest, made by zig."""
    flags = ["--target=wasm32-wasi", "-Os", "-Wl,-z,stack-size=65536"]
    return _build(name, [sys.executable, "-m", "ziglang", "cc", *flags, "main.c", "-o"])


def build_go(name: str) -> Path:
    """Return a Go guest; needs a Go toolchain, as the standard steps do."""
    environment = {"GOOS": "wasip1", "GOARCH": "wasm", "GOTOOLCHAIN": "local", "GOFLAGS": ""}
    return _build(name, [_go(), "build", "-trimpath", "-o"], ["main.go"], environment)


def _build(
    name: str,
    command: Sequence[str],
    last: Sequence[str] = (),
    environment: dict[str, str] | None = None,
) -> Path:
    source = SOURCES / name
    digest = hashlib.sha256(repr([*command[1:], *last]).encode())
    for path in sorted(source.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    built = cache() / f"{name}-{digest.hexdigest()[:32]}.wasm"
    if not built.exists():
        with tempfile.TemporaryDirectory(dir=cache()) as folder:
            tree = shutil.copytree(source, Path(folder) / "tree")
            output = Path(folder) / "built.wasm"
            subprocess.run(
                [*command, str(output), *last],
                cwd=tree,
                env=os.environ | (environment or {}),
                check=True,
                capture_output=True,
            )
            output.replace(built)
    return built


def _script(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _go() -> str:
    from hatch_build import _find_go

    return _find_go()
