"""Which modules run, and how their compiled code is kept."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from runner.abi import Verdict
from runner.errors import InvalidInput, Unavailable
from runner.sandbox import library
from runner.sandbox.compiler import compile_module
from runner.sandbox.kill import Kill
from runner.sandbox.sandbox import Sandbox
from tests.sandbox import wat
from tests.sandbox.conftest import Guests

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'(module (func (export "_start")))', "is not a WebAssembly module"),
        (b"", "is not a WebAssembly module"),
        (b"\x7fELF" + bytes(100), "is not a WebAssembly module"),
        (b"\0asm\r\0\1\0", "component is no command"),
        (b"\0asm\1\0\0\0garbage", "does not compile"),
    ],
    ids=["text", "empty", "program", "component", "damaged"],
)
def test_no_module(guests: Guests, data: bytes, reason: str) -> None:
    """What is no core module is refused with what it is instead."""
    result, _ = guests.run(guests.write(data))

    assert result.verdict == Verdict.INVALID_MODULE
    assert reason in result.message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (wat.NO_START, "not a WASI command: it has no `_start`"),
        (wat.FOREIGN, "runner::spawn"),
        (wat.PREVIEW_0, "built for WASI preview 0, only preview 1"),
    ],
    ids=["no start", "unknown import", "preview 0"],
)
def test_unfit_module(guests: Guests, text: str, reason: str) -> None:
    """A module that cannot run here is refused with the name of what it lacks or wants."""
    result, _ = guests.run(guests.build(text))

    assert result.verdict == Verdict.INVALID_MODULE
    assert reason in result.message


def test_wrong_digest(guests: Guests) -> None:
    """A module with other bytes than were agreed upon does not run."""
    invocation = guests.build(wat.exit_with(0))._replace(digest="0" * 64)

    result, _ = guests.run(invocation)

    assert result.verdict == Verdict.INVALID_MODULE
    assert f"not {'0' * 64}" in result.message


def test_changed_module(own_guests: Guests) -> None:
    """A module is looked at again when its file was changed, even in the same run."""
    invocation = own_guests.build(wat.exit_with(1))
    own_guests.run(invocation)
    other = own_guests.build(wat.exit_with(2))
    with open(other.module, "rb") as source, open(invocation.module, "r+b") as target:
        target.write(source.read())

    assert own_guests.run(invocation).result.verdict == Verdict.INVALID_MODULE


def test_missing_module(guests: Guests) -> None:
    """A module that is not there is named."""
    invocation = guests.build(wat.exit_with(0))._replace(module="/nowhere/x.wasm")

    result, _ = guests.run(invocation)

    assert result.verdict == Verdict.INVALID_MODULE
    assert "`/nowhere/x.wasm` cannot be opened" in result.message


def _counting(folder: Path) -> tuple[Sandbox, list[str]]:
    compiled: list[str] = []
    return Sandbox(cache=str(folder / "cache"), on_compile=compiled.append), compiled


def test_compiled_once(tmp_path: Path) -> None:
    """A module is compiled once, not again in the same run nor in the next."""
    sandbox, compiled = _counting(tmp_path)
    with sandbox:
        guests = Guests(tmp_path, sandbox)
        invocation = guests.build(wat.exit_with(0))
        guests.run(invocation)
        guests.run(invocation)
    again, compiled_again = _counting(tmp_path)
    with again:
        result, _ = Guests(tmp_path, again).run(invocation)

    assert result.is_success
    assert [invocation.module] == compiled
    assert compiled_again == []


def test_compiled_once_for_all(tmp_path: Path) -> None:
    """Threads that ask for a new module at once have it compiled once."""
    sandbox, compiled = _counting(tmp_path)
    with sandbox:
        guests = Guests(tmp_path, sandbox)
        invocation = guests.build(wat.exit_with(5))
        codes: list[int | None] = []
        threads = [
            threading.Thread(target=lambda: codes.append(guests.run(invocation).result.exit_code))
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert codes == 6 * [5]
    assert [invocation.module] == compiled


@pytest.mark.parametrize("damage", ["changed", "cut", "gone", "entry"])
def test_damaged_code(tmp_path: Path, damage: str) -> None:
    """Compiled code that is not what was written is compiled anew, never run."""
    sandbox, compiled = _counting(tmp_path)
    with sandbox:
        guests = Guests(tmp_path, sandbox)
        invocation = guests.build(wat.exit_with(9))
        sandbox.start()
        own = set((tmp_path / "cache" / "compiled").iterdir())
        guests.run(invocation)
        (code,) = set((tmp_path / "cache" / "compiled").iterdir()) - own
        if damage == "changed":
            data = bytearray(code.read_bytes())
            data[len(data) // 2] ^= 0xFF
            code.write_bytes(data)
        elif damage == "cut":
            code.write_bytes(code.read_bytes()[:100])
        elif damage == "gone":
            code.unlink()
        else:
            for entry in (tmp_path / "cache" / "entries").iterdir():
                entry.write_text("../../etc/passwd")
        if damage == "entry":
            sandbox.close()
            sandbox, more = _counting(tmp_path)
            guests = Guests(tmp_path, sandbox)
            compiled += more
        result, _ = guests.run(invocation)
        sandbox.close()

    assert result.exit_code == 9
    if damage != "entry":
        assert 2 * [invocation.module] == compiled


def test_cache_is_private(tmp_path: Path) -> None:
    """The folder of compiled code is closed to others, also if it was open."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o755)

    with _counting(tmp_path)[0]:
        assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700


def test_cache_behind_link(tmp_path: Path) -> None:
    """A link in place of the folder of compiled code is not trusted."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "cache").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Unavailable):
        _counting(tmp_path)


def test_cache_that_cannot_be_made(tmp_path: Path) -> None:
    """A cache folder in an impossible place is said to be so; it is no bug."""
    (tmp_path / "file").touch()

    with pytest.raises(Unavailable, match="cannot be made"):
        Sandbox(cache=str(tmp_path / "file" / "cache"))


def test_code_that_cannot_be_kept(guests: Guests) -> None:
    """A full disk is told as such when a module is compiled."""
    invocation = guests.build(wat.exit_with(77))
    with (
        open(invocation.module, "rb") as wasm,
        open("/dev/full", "r+b", buffering=0) as code,
        pytest.raises(InvalidInput, match="No space left on device"),
    ):
        compile_module(
            wasm.fileno(),
            code.fileno(),
            digest=invocation.digest,
            library=library.find(),
            kill=Kill(),
        )


def test_compiling_may_be_cancelled(tmp_path: Path) -> None:
    """A run that is cancelled while its module is compiled ends as cancelled."""
    sandboxes: list[Sandbox] = []

    def cancel(_module: str) -> None:
        sandboxes[0].cancel()

    with Sandbox(cache=str(tmp_path / "cache"), on_compile=cancel) as sandbox:
        sandboxes.append(sandbox)
        guests = Guests(tmp_path, sandbox)

        result, _ = guests.run(guests.build(wat.SPIN))

    assert result.verdict == Verdict.CANCELLED
    assert list((tmp_path / "cache" / "compiled").iterdir()) == []
