"""Each permission, tried in earnest by guests in C and Go: what is allowed works, no more.

What an operation of the host allows (domains, plugins, sizes) is for its own tests; here it is
reached or not.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from runner.abi import Clock, Denial, Directory, Invocation, Limits, PluginResult
from runner.sandbox.sandbox import Sandbox
from tests.sandbox import built

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = 1_400_000_000


class Actor:
    """Runs acts of one guest in one workspace: `src` to read, `out` to write, nothing else."""

    def __init__(self, sandbox: Sandbox, module: Path, folder: Path) -> None:
        self._sandbox = sandbox
        self._module = module
        self._digest = hashlib.sha256(module.read_bytes()).hexdigest()
        self.folder = folder
        for name in ("src", "out", "secret", "tmp", "stand-in"):
            (folder / name).mkdir()
            (folder / name / "file").write_text(name)
        (folder / "stand-in" / "file").unlink()

    def do(self, *words: str, temporary: bool = False, **given: Any) -> tuple[PluginResult, str]:
        """Return the result and what the guest printed."""
        root = str(self.folder)
        rows = [
            Directory("/", f"{root}/stand-in", is_partial=True),
            Directory("/workspace", f"{root}/stand-in", is_partial=True),
            Directory("/workspace/src", root, "src"),
            Directory("/workspace/out", root, "out", writable=True),
        ]
        if temporary:
            rows.append(Directory("/tmp", root, "tmp", writable=True))
        on_call = given.pop("on_call", None)
        invocation = Invocation(
            str(self._module),
            self._digest,
            ("acts", *words),
            directories=tuple(rows),
        )
        given = {"limits": Limits(wall_time=60.0), "environment": (("PWD", "/workspace"),)} | given
        pieces: list[bytes] = []
        result = self._sandbox.run(invocation._replace(**given), pieces.append, on_call=on_call)
        return result, b"".join(pieces).decode()

    def allowed(self, *words: str, **given: Any) -> str:
        """Do what must succeed, without a denial; return what was printed."""
        result, output = self.do(*words, **given)
        assert result.is_success, (result, output)
        assert output.startswith("ok"), output
        assert result.denials == ()
        return output.removeprefix("ok").strip()

    def denied(self, *words: str, **given: Any) -> tuple[Denial, ...]:
        """Do what must be refused to the guest; return the denials."""
        result, output = self.do(*words, **given)
        assert output.startswith("refused"), (result, output)
        assert not result.is_success
        return result.denials


@pytest.fixture(scope="module", params=["c", "go"])
def module(request: pytest.FixtureRequest) -> Path:
    return built.build_c("acts_c") if request.param == "c" else built.build_go("acts_go")


@pytest.fixture(scope="module")
def machine() -> Iterator[Sandbox]:
    with Sandbox(cache=str(built.cache() / "compiled")) as sandbox:
        yield sandbox


@pytest.fixture
def actor(machine: Sandbox, module: Path, tmp_path: Path) -> Actor:
    return Actor(machine, module, tmp_path)


def test_read_paths(actor: Actor) -> None:
    """What may be read is read; what may not is not there, and the missing grant is told."""
    assert actor.allowed("read", "/workspace/src/file") == "src"
    assert actor.denied("read", "/workspace/secret/file") == (
        Denial(
            "filesystem.read_paths",
            "read `/workspace/secret/file`",
            "filesystem: {read_paths: [secret/file]}",
        ),
    )
    assert actor.denied("read", "/workspace/src/../../secret/file") is not None


def test_write_paths(actor: Actor) -> None:
    """What may be written is written; the rest stays as it is, and the missing grant is told."""
    actor.allowed("write", "/workspace/out/made", "10")
    (denial,) = actor.denied("write", "/workspace/src/made", "10")
    (other,) = actor.denied("remove", "/workspace/src/file")

    assert denial.permission == other.permission == "filesystem.write_paths"
    assert denial.grant == "filesystem: {write_paths: [src/made]}"
    assert (actor.folder / "out" / "made").stat().st_size == 10
    assert [path.name for path in (actor.folder / "src").iterdir()] == ["file"]


def test_temp_access(actor: Actor) -> None:
    """With a temporary folder a guest writes there; without, it is told what is missing."""
    actor.allowed("write", "/tmp/made", "10", temporary=True)
    (denial,) = actor.denied("write", "/tmp/made", "10")

    assert denial.grant == "filesystem: {temp_access: true}"


def test_max_file_size(actor: Actor) -> None:
    """A file may be as large as the limit and no larger."""
    limits = Limits(wall_time=60.0, file_size=5000)

    actor.allowed("write", "/workspace/out/fits", "5000", limits=limits)
    (denial,) = actor.denied("write", "/workspace/out/large", "5001", limits=limits)

    assert denial.permission == "filesystem.max_file_size"
    assert (actor.folder / "out" / "large").stat().st_size == 5000


def test_create_directories(actor: Actor) -> None:
    """A folder is made, or refused and told."""
    actor.allowed("mkdir", "/workspace/out/d")
    (denial,) = actor.denied("mkdir", "/workspace/out/e", can_create_directories=False)

    assert denial.grant == "filesystem: {create_directories: true}"
    assert sorted(path.name for path in (actor.folder / "out").iterdir()) == ["d", "file"]


def test_env_vars(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guest sees the variables it was given and none of the host's."""
    monkeypatch.setenv("HOSTS_OWN", "secret")

    assert actor.allowed("env", "GIVEN", environment=(("GIVEN", "value"),)) == "value"
    assert actor.denied("env", "HOSTS_OWN") == ()


def test_max_threads(actor: Actor) -> None:
    """A second thread is refused to the guest, and told."""
    (denial,) = actor.denied("thread")

    assert denial.permission == "system.max_threads"


def test_system_time(actor: Actor) -> None:
    """With a fixed clock, time moves by sleeping only; without one it is the real time."""
    clock = Clock(START * 10**9, 3)

    real, _ = actor.allowed("time").split()
    still = actor.allowed("time", clock=clock)
    slept = actor.allowed("time", "7", clock=clock, limits=Limits(wall_time=5.0))

    assert int(real) > 1_700_000_000
    assert still == f"{START} {START}"
    assert slept == f"{START} {START + 7}"


def test_randomness(actor: Actor) -> None:
    """With a fixed clock randomness repeats; without one it does not."""
    clock = Clock(START * 10**9, 3)

    assert actor.allowed("random", clock=clock) == actor.allowed("random", clock=clock)
    assert actor.allowed("random") != actor.allowed("random")


@pytest.mark.parametrize(
    ("operation", "permission"),
    [
        ("http", "network.allowed_domains"),
        ("spawn", "system.spawn_processes"),
        ("call", "communication.allowed_plugins"),
        ("message", "communication.host_communication"),
    ],
)
def test_operations_of_the_host(actor: Actor, operation: str, permission: str) -> None:
    """An operation is done if it was granted; else it is refused, and told."""

    def on_call(name: str, request: bytes) -> bytes:
        return name.encode() + b" " + request

    granted = actor.allowed("call", operation, "now", host_calls=(operation,), on_call=on_call)
    others = tuple({"http", "spawn", "call", "message"} - {operation})
    (denial,) = actor.denied("call", operation, "now", host_calls=others, on_call=on_call)

    assert granted == f"{operation} now"
    assert denial.permission == permission
    assert denial.grant


def test_max_message_size(actor: Actor) -> None:
    """A message as large as the limit goes through, one byte more does not."""
    given: dict[str, Any] = {"host_calls": ("message",), "max_message_size": 100}

    def echo(_name: str, request: bytes) -> bytes:
        return request

    text = "x" * 100
    assert actor.allowed("call", "message", text, on_call=echo, **given) == text
    assert actor.denied("call", "message", text + "x", on_call=echo, **given) == ()
