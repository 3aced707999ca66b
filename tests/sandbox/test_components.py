"""Components: WASI 0.2 commands made by a public tool run in the same sandbox as modules do."""

from __future__ import annotations

import hashlib
import os
import threading
from typing import TYPE_CHECKING

import pytest

from runner.abi import Clock, Directory, Invocation, Limits, Verdict
from runner.sandbox.sandbox import Sandbox
from tests.sandbox import built
from tests.sandbox.conftest import Guests, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def component() -> Invocation:
    path = built.build_component()
    return Invocation(str(path), hashlib.sha256(path.read_bytes()).hexdigest(), ("app",))


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guests]:
    """Guests whose compiled code is kept on this machine: a component's takes long to make."""
    with Sandbox(cache=str(built.cache() / "compiled")) as sandbox:
        yield Guests(tmp_path_factory.mktemp("components"), sandbox)


@pytest.fixture
def run(component: Invocation, machine: Guests, tmp_path: Path) -> Runner:
    return Runner(component, machine, tmp_path)


class Runner:
    def __init__(self, component: Invocation, machine: Guests, folder: Path) -> None:
        self.component = component
        self.machine = machine
        self.folder = folder

    def __call__(self, code: str, *arguments: str, limits: Limits | None = None) -> Outcome:
        return self.machine.run(
            self.component._replace(
                arguments=("app", code, *arguments),
                environment=(("NAME", "Ada"),),
                directories=(Directory("/workspace", str(self.folder), writable=True),),
                limits=limits or Limits(wall_time=60.0),
            )
        )


def test_component_runs(run: Runner) -> None:
    """Arguments, environment, output and files are as for a module."""
    result, output = run("open('/workspace/made', 'w').write('x' * 100)", "there")

    assert result.is_success, result
    assert output == b"hello there Ada\n"
    assert (run.folder / "made").read_text() == "x" * 100


def test_notes(run: Runner) -> None:
    """What components cannot do yet is said with every result."""
    result, _ = run("pass")

    assert any("exit codes" in note for note in result.notes)
    assert any("what was refused is not told" in note for note in result.notes)


def test_exit_code(run: Runner) -> None:
    """WASI 0.2 has two exit codes; a failure stays one."""
    result, _ = run("sys.exit(3)")

    assert (result.verdict, result.exit_code) == (Verdict.EXITED, 1)


def test_trap(run: Runner) -> None:
    """A trap is errored, with its cause."""
    result, output = run("raise KeyError('lost')")

    assert result.verdict == Verdict.TRAPPED
    assert "unreachable" in result.message
    assert b"KeyError: 'lost'" in output


def test_no_way_out(run: Runner) -> None:
    """Neither the host's files nor the network are there for a component."""
    (run.folder.parent / "secret").write_text("secret")
    tries = (
        "open('/etc/passwd').read()",
        "open('/workspace/../secret').read()",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 9)",
        "import socket; socket.socket().bind(('127.0.0.1', 0))",
        "import subprocess; subprocess.run(['id'])",
    )
    for code in tries:
        result, output = run(f"try:\n  {code}\n  print('out')\nexcept Exception: print('refused')")
        assert output.endswith(b"refused\n"), (code, result, output)


@pytest.mark.parametrize(
    ("code", "limits", "verdict"),
    [
        ("while True: pass", Limits(wall_time=1.0), Verdict.TIMED_OUT),
        ("while True: print('x' * 60000)", Limits(output=1 << 20), Verdict.OUTPUT_EXCEEDED),
        ("open('/workspace/f','w').write('x' * 5000)", Limits(growth=4000), "growth_exceeded"),
    ],
)
def test_limits(run: Runner, code: str, limits: Limits, verdict: str) -> None:
    """Limits hold for components too."""
    assert run(code, limits=limits).result.verdict == verdict


def test_what_cannot_be_held(run: Runner) -> None:
    """Rules that a component could break are refused, not ignored."""
    for change in (
        {"clock": Clock(0)},
        {"can_create_directories": False},
        {"host_calls": ("http",)},
    ):
        result, _ = run.machine.run(run.component._replace(**change))

        assert result.verdict == Verdict.DENIED
        assert "components cannot have this yet" in result.message


def test_module_after_component(run: Runner) -> None:
    """One sandbox runs both, side by side."""
    module = run.machine.build('(module (memory (export "memory") 1) (func (export "_start")))')
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(run("pass").result.is_success)),
        threading.Thread(target=lambda: results.append(run.machine.run(module).result.is_success)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [True, True]
    assert os.listdir(run.folder) == []
