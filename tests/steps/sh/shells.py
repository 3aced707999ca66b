"""The two shells that the corpus runs in: the machine's own bash, and ours as a WASI guest."""

from __future__ import annotations

import hashlib
import json
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from runner.resources import locate

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
FIXTURE = HERE / "fixture"
TIMEOUT = 120  # seconds; the first answer waits for the compiler
COMMAND_FILES = ("output", "env", "path", "summary")
SHELL = "bash --noprofile --norc -e -o pipefail {0}"


class Outcome(NamedTuple):
    """What a script did; `files` maps what it made, changed or removed to kind and content."""

    stdout: str
    code: int
    files: dict[str, str]


class Script(NamedTuple):
    """A corpus file; comments at its top may say `shell: FORM` and `needs: TOOL…`."""

    name: str
    path: Path
    shell: str
    needs: tuple[str, ...]

    @property
    def expected(self) -> Path:
        """The outcome of the real tools, for machines that lack them."""
        return self.path.with_suffix(".expected")


def read_script(path: Path) -> Script:
    """Read the marks at the top of a script."""
    shell, needs = SHELL, ""
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            break
        key, _, value = line.lstrip("# ").partition(": ")
        shell = value if key == "shell" else shell
        needs = value if key == "needs" else needs
    return Script(path.stem, path, shell, tuple(needs.split()))


def module_path() -> str:
    """The module under test: of the checkout, or of the installed package."""
    checkout = HERE.parents[2] / "steps" / "sh" / "sh.wasm"
    return str(checkout) if checkout.exists() else locate("steps", "sh", "sh.wasm")


class _World(NamedTuple):
    """The folders of one run: those a step sees, below a scratch folder."""

    root: Path

    def prepare(self, script: Script) -> dict[str, str]:
        """Lay out a fresh workspace; return the guest's folders."""
        folders = {"/workspace": "workspace", "/runner": "runner", "/tmp": "tmp", "/": "empty"}
        shutil.copytree(FIXTURE, self.root / "workspace")
        for path in (self.root / "workspace").rglob("*"):  # whatever the checkout's umask was
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        for name in ("runner", "tmp", "empty"):
            (self.root / name).mkdir(parents=True)
        for name in COMMAND_FILES:
            (self.root / "runner" / name).touch()
        shutil.copyfile(script.path, self.root / "runner" / "script.sh")
        return {guest: str(self.root / host) for guest, host in folders.items()}

    def environment(self, path: str, prefix: str) -> dict[str, str]:
        """The environment of a step; `prefix` stands before guest paths."""
        return {
            "PATH": path,
            "PWD": f"{prefix}/workspace",
            "HOME": f"{prefix}/tmp",
            "TMPDIR": f"{prefix}/tmp",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "CI": "true",
            "GITHUB_OUTPUT": f"{prefix}/runner/output",
            "GITHUB_ENV": f"{prefix}/runner/env",
            "GITHUB_PATH": f"{prefix}/runner/path",
            "GITHUB_STEP_SUMMARY": f"{prefix}/runner/summary",
            "GITHUB_SHA": "0123456789abcdef0123456789abcdef01234567",
            "GITHUB_REF_NAME": "release/1.4",
            "GITHUB_RUN_NUMBER": "42",
        }

    def outcome(self, code: int) -> Outcome:
        """Collect what the run left; this machine's paths read like the guest's."""

        def normal(text: str) -> str:
            return text.replace(str(self.root), "")

        stdout = (self.root / "stdout").read_bytes().decode(errors="backslashreplace")
        left: dict[str, str] = {}
        for folder in ("workspace", "runner", "tmp"):
            left |= _describe_tree(self.root / folder, folder)
        before = _describe_tree(FIXTURE, "workspace")
        before |= {f"runner/{name}": "file: " for name in COMMAND_FILES}
        files = {path: normal(text) for path, text in left.items() if before.get(path) != text}
        files |= {path: "gone" for path in before if path not in left}
        files.pop("runner/script.sh", None)
        return Outcome(normal(stdout), code, files)


def _describe_tree(root: Path, name: str) -> dict[str, str]:
    return {f"{name}/{path.relative_to(root)}": _describe(path) for path in sorted(root.rglob("*"))}


def _describe(path: Path) -> str:
    if path.is_symlink():
        return "link to " + os.readlink(path)
    if path.is_dir():
        return "folder"
    data = path.read_bytes()
    try:
        return "file: " + data.decode()
    except UnicodeDecodeError:
        return "file with " + hashlib.sha256(data).hexdigest()


def run_on_host(script: Script, root: Path) -> Outcome:
    """Run a script in the machine's own shell and tools."""
    world = _World(root)
    world.prepare(script)
    command = script.shell.replace("{0}", str(root / "runner" / "script.sh")).split()
    done = subprocess.run(
        command,
        cwd=root / "workspace",
        env=world.environment("/usr/local/bin:/usr/bin:/bin", str(root)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=TIMEOUT,
        umask=0o022,
        check=False,
    )
    (root / "stdout").write_bytes(done.stdout)
    return world.outcome(done.returncode)


class Guest:
    """A process that runs scripts in `sh.wasm`; a hanging one is killed and started anew."""

    def __init__(self, cache: Path) -> None:
        """Compiled modules are kept in `cache`."""
        self._cache = cache
        self._process: subprocess.Popen[str] | None = None

    def run_text(self, text: str, root: Path) -> Outcome:
        """Run a script given as text."""
        root.mkdir(parents=True, exist_ok=True)
        path = root / "text.sh"
        path.write_text(text)
        return self.run(read_script(path), root / "world")

    def run(self, script: Script, root: Path) -> Outcome:
        """Run a script in ours; a trap shows as exit code -1, its text in stdout."""
        world = _World(root)
        folders = world.prepare(script)
        request = {
            "argv": script.shell.replace("{0}", "/runner/script.sh").split(),
            "env": world.environment("/usr/local/bin:/usr/bin:/bin", ""),
            "folders": folders,
            "stdout": str(root / "stdout"),
            "stderr": str(root / "stderr"),
        }
        answer = self._ask(json.dumps(request))
        outcome = world.outcome(answer["code"])
        return outcome._replace(stdout=outcome.stdout + answer["trap"])

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _ask(self, request: str) -> dict[str, Any]:
        process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the guest's process has no pipes")
        process.stdin.write(request + "\n")
        process.stdin.flush()
        readable, _, _ = select.select([process.stdout], [], [], TIMEOUT)
        line = process.stdout.readline() if readable else ""
        if not line:
            self.close()
            return {"code": -1, "trap": "the guest hung or took its process down"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _start(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "run_wasm.py"), module_path(), str(self._cache)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self._process
