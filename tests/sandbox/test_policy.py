"""What stands between a guest and WASI: growth, folders, the clock, and words of refusals."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from runner.abi import Clock, Denial, Directory, Limits, Verdict
from tests.sandbox import wat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.conftest import Guests

ROOT, FIRST = 3, 4
START = 1_400_000_000_123_456_789
_CREATE = {"flags": wat.CREATE, "rights": wat.RIGHTS_WRITE}


@pytest.fixture
def workspace(tmp_path: Path) -> Directory:
    (tmp_path / "w").mkdir()
    return Directory("/workspace", str(tmp_path / "w"), writable=True)


def _writing(size: int, count: int) -> wat.Probe:
    probe = wat.Probe()
    slot = probe.open(FIRST, "file", **_CREATE)
    for _ in range(count):
        probe.write(slot, "x" * size)
    return probe


def test_growth_within_limit(guests: Guests, workspace: Directory) -> None:
    """A guest may write as many bytes as its limit, to the byte."""
    invocation = guests.build(_writing(100, 10).module(), workspace, limits=Limits(growth=1000))

    result, output = guests.run(invocation)

    assert result.is_success
    assert bytes(11) == output
    assert result.usage.bytes_written == 1000


def test_growth_beyond_limit(guests: Guests, workspace: Directory) -> None:
    """One byte more ends it, before that byte is written."""
    invocation = guests.build(_writing(100, 11).module(), workspace, limits=Limits(growth=1099))

    result, _ = guests.run(invocation)

    assert result.verdict == Verdict.GROWTH_EXCEEDED
    assert result.message == "its writable folders grew by more than 1099 bytes"
    assert os.path.getsize(os.path.join(workspace.root, "file")) == 1000


def test_growth_is_not_writing(guests: Guests, workspace: Directory) -> None:
    """What was there counts for nothing, nor does what is written over or removed again."""
    with open(os.path.join(workspace.root, "old"), "wb") as file:
        file.write(bytes(5000))
    probe = wat.Probe()
    for name in ("old", "old", "old"):
        slot = probe.open(FIRST, name, rights=wat.RIGHTS_WRITE)
        probe.write(slot, "x" * 900)
    for _ in range(4):
        slot = probe.open(FIRST, "new", flags=wat.CREATE | 8, rights=wat.RIGHTS_WRITE)
        probe.write(slot, "x" * 900)

    result, output = guests.run(
        guests.build(probe.module(), workspace, limits=Limits(growth=1000, growth_files=1))
    )

    assert result.is_success, result
    assert set(output) == {0}


def test_growth_in_names(guests: Guests, workspace: Directory) -> None:
    """Files, folders and links count as names, and one too many ends the guest."""
    probe = wat.Probe()
    probe.open(FIRST, "a", **_CREATE)
    probe.symlink("a", FIRST, "b")
    probe.link((FIRST, "a"), (FIRST, "c"))

    fits, _ = guests.run(guests.build(probe.module(), workspace, limits=Limits(growth_files=3)))
    for name in os.listdir(workspace.root):
        os.unlink(os.path.join(workspace.root, name))
    exceeds, _ = guests.run(guests.build(probe.module(), workspace, limits=Limits(growth_files=2)))

    assert fits.is_success
    assert exceeds.verdict == Verdict.GROWTH_EXCEEDED
    assert exceeds.message == "its writable folders grew by more than 2 names"
    assert len(os.listdir(workspace.root)) == 2


def test_writing_is_denied(guests: Guests, tmp_path: Path) -> None:
    """A write where only reading was granted is told, with the YAML of the missing grant."""
    base = Directory("/workspace", str(tmp_path))
    (tmp_path / "src").mkdir()
    probe = wat.Probe()
    probe.open(FIRST, "src/main.c", **_CREATE)
    probe.open(FIRST, "./src/../src/main.c", **_CREATE)
    probe.open(FIRST, "of two, words", rights=wat.RIGHTS_WRITE)
    probe.rename((FIRST, "src"), (FIRST, "other"))

    result, _ = guests.run(guests.build(probe.module(), base))

    path = "filesystem.write_paths"
    assert result.is_success
    assert result.denials == (
        Denial(
            path,
            "write `/workspace/src/main.c`",
            "filesystem: {write_paths: [src/main.c]}",
        ),
        Denial(
            path,
            "write `/workspace/of two, words`",
            'filesystem: {write_paths: ["of two, words"]}',
        ),
        Denial(path, "rename `/workspace/src`", "filesystem: {write_paths: [src]}"),
    )


def test_reading_is_denied(guests: Guests, tmp_path: Path) -> None:
    """What was not granted is not there; that it was looked for is told."""
    stand_in = Directory("/workspace", str(tmp_path), is_partial=True)
    probe = wat.Probe()
    probe.open(FIRST, "secret.txt")

    result, output = guests.run(guests.build(probe.module(), stand_in))

    assert output == b"\x2c"
    assert result.denials == (
        Denial(
            "filesystem.read_paths",
            "read `/workspace/secret.txt`",
            "filesystem: {read_paths: [secret.txt]}",
        ),
    )


def test_missing_file_is_no_denial(guests: Guests, workspace: Directory) -> None:
    """A file that is simply not there is nobody's refusal."""
    probe = wat.Probe()
    probe.open(FIRST, "none")
    probe.open(ROOT, "etc/localtime")

    result, _ = guests.run(guests.build(probe.module(), workspace))

    assert result.denials == ()


def test_leading_out_is_denied(guests: Guests, workspace: Directory) -> None:
    """A path that leads out of what was granted is told; no grant would help."""
    probe = wat.Probe()
    probe.open(FIRST, "../secret")
    probe.open(FIRST, "../../etc/passwd", rights=wat.RIGHTS_WRITE)

    result, _ = guests.run(guests.build(probe.module(), workspace))

    assert [denial.grant for denial in result.denials] == ["", ""]
    assert [denial.act for denial in result.denials] == ["read `/secret`", "write `/etc/passwd`"]


def test_temporary_folder_is_denied(guests: Guests, workspace: Directory, tmp_path: Path) -> None:
    """A guest without a /tmp that wants one is told of; with one it writes there."""
    (tmp_path / "t").mkdir()
    probe = wat.Probe()
    probe.open(ROOT, "tmp/x", **_CREATE)
    given = wat.Probe()
    given.open(FIRST + 1, "x", **_CREATE)

    refused, _ = guests.run(guests.build(probe.module(), workspace))
    allowed, output = guests.run(
        guests.build(given.module(), workspace, Directory("/tmp", str(tmp_path / "t"), "", True))
    )

    assert refused.denials == (
        Denial("filesystem.temp_access", "write `/tmp/x`", "filesystem: {temp_access: true}"),
    )
    assert (allowed.denials, output) == ((), b"\0")


def test_file_size_is_denied(guests: Guests, workspace: Directory) -> None:
    """A file that would be too large is refused and told."""
    text = _writing(600, 4).module()

    result, output = guests.run(guests.build(text, workspace, limits=Limits(file_size=1000)))

    assert output[-1] == wat.TOO_LARGE
    assert result.denials == (
        Denial(
            "filesystem.max_file_size",
            "write a file of more than 1000 bytes",
            "filesystem: {max_file_size: 2000}",
        ),
    )


@pytest.mark.parametrize("is_allowed", [True, False])
def test_folders(guests: Guests, workspace: Directory, *, is_allowed: bool) -> None:
    """A folder is made, or refused, as was granted."""
    text = wat.module(
        "(i32.store8 (i32.const 256) (call $path_create_directory"
        f" (i32.const {FIRST}) (i32.const 1024) (i32.const 3)))" + wat.write(256, 1),
        texts="new",
    )
    invocation = guests.build(text, workspace)._replace(can_create_directories=is_allowed)

    result, output = guests.run(invocation)

    grant = "filesystem: {create_directories: true}"
    denial = Denial("filesystem.create_directories", "make the folder `/workspace/new`", grant)
    assert result.denials == (() if is_allowed else (denial,))
    assert output == (b"\0" if is_allowed else b"\x4c")
    assert os.path.isdir(os.path.join(workspace.root, "new")) == is_allowed


def test_threads(guests: Guests) -> None:
    """More than one thread is refused by name, and a guest that starts one is told no."""
    text = """(module
      (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "_start")
        (if (i32.ge_s (call $spawn (i32.const 0)) (i32.const 0)) (then (unreachable)))))"""

    result, _ = guests.run(guests.build(text))
    asked, _ = guests.run(guests.build(text)._replace(max_threads=2))

    assert result.is_success
    assert result.denials == (Denial("system.max_threads", "start a thread"),)
    assert asked.verdict == Verdict.DENIED
    assert "wasi-threads is not offered" in asked.message


def test_flood_of_denials(guests: Guests, workspace: Directory) -> None:
    """Ten thousand refusals of different things make no endless result, and no endless wait."""
    base = workspace._replace(writable=False)
    text = wat.module(
        f"""(loop $again
          (i32.store (i32.const 1024) (i32.add (local.get $i) (i32.const 0x30303030)))
          (drop (call $path_open (i32.const {FIRST}) (i32.const 1) (i32.const 1024) (i32.const 4)
            (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 512)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $again (i32.lt_u (local.get $i) (i32.const 10000))))"""
    )

    result, _ = guests.run(guests.build(text, base))

    assert result.is_success
    assert 50 <= len(result.denials) <= 100


def test_reading_and_writing_are_counted(guests: Guests, workspace: Directory) -> None:
    """Usage tells the bytes of files; what went to the log is output."""
    result, output = guests.run(guests.build(_writing(70, 3).module(), workspace))

    assert result.usage.bytes_written == 210
    assert len(output) == result.usage.output


_SHOW_TIME = """
  (drop (call $clock_time_get (i32.const {clock}) (i64.const 0) (i32.const 256)))"""


def _telling(clock: int) -> str:
    return wat.module(_SHOW_TIME.format(clock=clock) + wat.write(256, 8))


def test_clock_stands_still(guests: Guests) -> None:
    """The real-time clock shows what it was set to, twice in a row, and in every run."""
    text = wat.module(2 * (_SHOW_TIME.format(clock=0) + wat.write(256, 8)))
    invocation = guests.build(text)._replace(clock=Clock(START, 1))

    _, one = guests.run(invocation)
    _, other = guests.run(invocation)

    assert one == other == 2 * START.to_bytes(8, "little")


def test_other_clocks(guests: Guests) -> None:
    """The monotonic clock begins anew; those of the processor do not exist, as they never do."""
    build = guests.build(_telling(1))._replace(clock=Clock(START))
    assert guests.run(build).output == (10**9).to_bytes(8, "little")
    for clock in (2, 3):
        for given in (Clock(START), None):
            build = guests.build(_telling(clock))._replace(clock=given)
            assert guests.run(build).output == bytes(8)


def test_clock_is_real_without_one(guests: Guests) -> None:
    """With access to the system's time a guest sees it."""
    _, output = guests.run(guests.build(_telling(0)))

    assert int.from_bytes(output, "little") > 1_700_000_000_000_000_000


def test_sleeping_moves_the_clock(guests: Guests) -> None:
    """A guest that sleeps for an hour wakes at once, an hour later."""
    text = wat.sleep(3600).removesuffix(")").rstrip().removesuffix(")")
    text += _SHOW_TIME.format(clock=0) + wat.write(256, 8) + "))"
    text = text.replace(
        "(module",
        '(module (import "wasi_snapshot_preview1" "clock_time_get"'
        " (func $clock_time_get (param i32 i64 i32) (result i32)))"
        ' (import "wasi_snapshot_preview1" "fd_write"'
        " (func $fd_write (param i32 i32 i32 i32) (result i32)))",
        1,
    )

    result, output = guests.run(guests.build(text)._replace(clock=Clock(START)))

    assert int.from_bytes(output, "little") == START + 3600 * 10**9
    assert result.usage.wall_time < 10.0


def test_randomness_repeats(guests: Guests) -> None:
    """The same seed gives the same bytes, another one others, and none the real thing."""
    text = wat.module(
        "(drop (call $random_get (i32.const 256) (i32.const 37)))" + wat.write(256, 37)
    )
    build = guests.build(text)
    draws = [
        guests.run(build._replace(clock=clock)).output
        for clock in (Clock(START, 1), Clock(START, 1), Clock(START, 2), None, None)
    ]

    assert draws[0] == draws[1]
    assert len(set(draws)) == 4


def test_files_are_no_clock(guests: Guests, workspace: Directory) -> None:
    """No file looks newer than the clock; what is older is shown as it is."""
    for name, seconds in (("new", 1_700_000_000), ("old", 1_000_000_000)):
        with open(os.path.join(workspace.root, name), "wb"):
            pass
        os.utime(os.path.join(workspace.root, name), (seconds, seconds))
    body = "".join(
        f"""(drop (call $path_filestat_get (i32.const {FIRST}) (i32.const 1)
          (i32.const {1024 + place}) (i32.const 3) (i32.const 256)))"""
        + wat.write(256 + 48, 8)
        for place in (0, 3)
    )

    _, output = guests.run(
        guests.build(wat.module(body, texts="newold"), workspace)._replace(clock=Clock(START))
    )

    seen = [int.from_bytes(output[place : place + 8], "little") for place in (0, 8)]
    assert seen == [START, 10**18]
