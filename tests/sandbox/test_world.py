"""What a guest sees of the world, and what it can do to it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from runner.abi import Directory, Verdict
from tests.sandbox import wat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.conftest import Guests

FIRST = 4  # the descriptor of the first directory; the empty `/` is 3


def _directory(path: Path, guest: str = "/workspace", *, writable: bool = False) -> Directory:
    path.mkdir(exist_ok=True)
    return Directory(guest, str(path), writable=writable)


def test_arguments(guests: Guests) -> None:
    """Arguments arrive as they were given, and no others."""
    arguments = ("tool", "", "two words", "ünï", "x" * 300_000)

    _, output = guests.run(guests.build(wat.show("args"), arguments=arguments[:4]))

    assert "\0".join((*arguments[:4], "")).encode() == output


def test_large_job(guests: Guests) -> None:
    """A job may be larger than one message on a socket."""
    value = "x" * 3_000_000

    result, _ = guests.run(guests.build(wat.exit_with(7), environment=(("BIG", value),)))

    assert result.exit_code == 7


def test_environment(guests: Guests, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is what the invocation says; nothing of ours is inherited."""
    monkeypatch.setenv("OURS", "secret")
    pairs = (("PWD", "/workspace"), ("EMPTY", ""), ("EQUALS", "a=b"))

    _, output = guests.run(guests.build(wat.show("environ"), environment=pairs))

    assert output == b"PWD=/workspace\0EMPTY=\0EQUALS=a=b\0"


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("a\0b",), ()),
        (("\udcff",), ()),
        ((), (("A", "\0"),)),
        ((), (("A=B", "c"),)),
        ((), (("", "c"),)),
    ],
)
def test_unspeakable_text(
    guests: Guests, arguments: tuple[str, ...], environment: tuple[tuple[str, str], ...]
) -> None:
    """Text that would reach the guest cut or split is refused."""
    invocation = guests.build(wat.SPIN, arguments=arguments, environment=environment)

    assert guests.run(invocation).result.verdict == Verdict.DENIED


def test_writable_directory(guests: Guests, tmp_path: Path) -> None:
    """A guest writes where it may, and what it wrote is on the disk."""
    probe = wat.Probe()
    probe.write(probe.open(FIRST, "new.txt", flags=wat.CREATE, rights=wat.RIGHTS_WRITE), "text")

    _, output = guests.run(guests.build(probe.module(), _directory(tmp_path / "w", writable=True)))

    assert bytes([wat.SUCCESS, wat.SUCCESS]) == output
    assert (tmp_path / "w" / "new.txt").read_text() == "text"


def test_read_only_directory(guests: Guests, tmp_path: Path) -> None:
    """A guest reads but does not change a directory that it may only read."""
    directory = _directory(tmp_path / "r")
    (tmp_path / "r" / "old.txt").write_text("old")
    probe = wat.Probe()
    probe.open(FIRST, "old.txt")
    probe.open(FIRST, "old.txt", rights=wat.RIGHTS_WRITE)
    probe.open(FIRST, "new.txt", flags=wat.CREATE, rights=wat.RIGHTS_WRITE)
    probe.rename((FIRST, "old.txt"), (FIRST, "moved.txt"))
    probe.symlink("old.txt", FIRST, "link")

    _, output = guests.run(guests.build(probe.module(), directory))

    assert bytes([wat.SUCCESS] + 4 * [wat.NOT_PERMITTED]) == output
    assert os.listdir(tmp_path / "r") == ["old.txt"]


def test_writable_leaf(guests: Guests, tmp_path: Path) -> None:
    """A writable directory in a read-only one is writable, and nothing beside it is."""
    base = _directory(tmp_path / "w")
    (tmp_path / "w" / "dist").mkdir()
    leaf = Directory("/workspace/dist", base.root, "dist", writable=True)
    probe = wat.Probe()
    create = {"flags": wat.CREATE, "rights": wat.RIGHTS_WRITE}
    probe.open(FIRST, "x", **create)
    probe.open(FIRST, "dist/x", **create)
    probe.open(FIRST + 1, "x", **create)

    _, output = guests.run(guests.build(probe.module(), base, leaf))

    assert bytes([wat.NOT_PERMITTED, wat.NOT_PERMITTED, wat.SUCCESS]) == output


def test_read_only_leaf_is_refused(guests: Guests, tmp_path: Path) -> None:
    """A read-only directory in a writable one would be writable, so it is not offered."""
    base = _directory(tmp_path / "w", writable=True)
    leaf = _directory(tmp_path / "w" / "src", "/workspace/src")

    result, _ = guests.run(guests.build(wat.SPIN, base, leaf))

    assert result.verdict == Verdict.DENIED
    assert result.message == "`/workspace/src` cannot be read-only inside writable `/workspace`"


def test_two_directories_of_one_name(guests: Guests, tmp_path: Path) -> None:
    """Two directories by one name are refused: a guest would see either."""
    one, other = _directory(tmp_path / "a"), _directory(tmp_path / "b")

    assert guests.run(guests.build(wat.SPIN, one, other)).result.verdict == Verdict.DENIED


def test_many_directories(guests: Guests, tmp_path: Path) -> None:
    """Forty directories are all there; more than a message can carry are refused."""
    rows = [_directory(tmp_path / str(n), f"/d{n}", writable=True) for n in range(260)]
    probe = wat.Probe()
    for place in range(40):
        probe.open(FIRST + place, "x", flags=wat.CREATE, rights=wat.RIGHTS_WRITE)

    _, output = guests.run(guests.build(probe.module(), *rows[:40]))
    refused, _ = guests.run(guests.build(wat.SPIN, *rows))

    assert bytes(40) == output
    assert all((tmp_path / str(n) / "x").exists() for n in range(40))
    assert refused.verdict == Verdict.DENIED


def test_root_is_empty(guests: Guests, tmp_path: Path) -> None:
    """A guest has a `/`, for some look for one, but there is nothing in it."""
    probe = wat.Probe()
    probe.open(3, "etc/passwd")
    probe.open(3, "x", flags=wat.CREATE, rights=wat.RIGHTS_WRITE)

    _, output = guests.run(guests.build(probe.module(), _directory(tmp_path / "w")))

    assert bytes([44, wat.NOT_PERMITTED]) == output


def test_no_way_up(guests: Guests, tmp_path: Path) -> None:
    """No path leads out of a directory: not `..`, not an absolute one."""
    (tmp_path / "secret").write_text("secret")
    directory = _directory(tmp_path / "w", writable=True)
    (tmp_path / "w" / "inner").mkdir()
    probe = wat.Probe()
    for path in ("../secret", "inner/../../secret", "/etc/passwd", str(tmp_path / "secret")):
        probe.open(FIRST, path)

    _, output = guests.run(guests.build(probe.module(), directory))

    assert bytes(4 * [wat.NOT_PERMITTED]) == output


def test_guest_planting_links(guests: Guests, tmp_path: Path) -> None:
    """A guest may write a link that leads out, but neither it nor the next guest can follow it."""
    (tmp_path / "secret").write_text("secret")
    directory = _directory(tmp_path / "w", writable=True)
    planting = wat.Probe()
    planting.symlink("../secret", FIRST, "up")
    planting.symlink("/etc/passwd", FIRST, "absolute")
    planting.open(FIRST, "up")
    planting.open(FIRST, "up", rights=wat.RIGHTS_WRITE)
    following = wat.Probe()
    following.open(FIRST, "up")

    _, planted = guests.run(guests.build(planting.module(), directory))
    _, followed = guests.run(guests.build(following.module(), directory))

    assert bytes(4 * [wat.NOT_PERMITTED])[1:] == planted[1:]
    assert bytes([wat.NOT_PERMITTED]) == followed
    assert (tmp_path / "secret").read_text() == "secret"


def test_link_in_place_of_directory(guests: Guests, tmp_path: Path) -> None:
    """A directory that an earlier guest replaced by a link is refused, not followed."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "dist").symlink_to(victim)
    leaf = Directory("/workspace/dist", str(tmp_path / "w"), "dist", writable=True)
    deeper = leaf._replace(beneath="dist/inner")
    (victim / "inner").mkdir()

    for directory in (leaf, deeper):
        result, _ = guests.run(guests.build(wat.SPIN, directory))

        assert result.verdict == Verdict.DENIED
        assert "`/workspace/dist` is refused: a symbolic link" in result.message


@pytest.mark.parametrize(
    ("beneath", "reason"),
    [("none", "does not exist"), ("file", "not a directory"), ("../w", "leads out")],
)
def test_missing_directory(guests: Guests, tmp_path: Path, beneath: str, reason: str) -> None:
    """What cannot be shown to the guest is named, with the reason."""
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "file").write_text("")

    result, _ = guests.run(guests.build(wat.SPIN, Directory("/d", str(tmp_path / "w"), beneath)))

    assert result.verdict == Verdict.DENIED
    assert reason in result.message


def test_no_way_from_read_only_to_writable(guests: Guests, tmp_path: Path) -> None:
    """A file that may only be read cannot be linked or moved to where it could be written.

    RUSTSEC-2026-0188.
    """
    reading = _directory(tmp_path / "r", "/r")
    writing = _directory(tmp_path / "w", "/w", writable=True)
    (tmp_path / "r" / "file").write_text("old")
    probe = wat.Probe()
    probe.link((FIRST, "file"), (FIRST + 1, "linked"))
    probe.rename((FIRST, "file"), (FIRST + 1, "moved"))

    _, output = guests.run(guests.build(probe.module(), reading, writing))

    assert bytes(2 * [wat.NOT_PERMITTED]) == output
    assert os.listdir(tmp_path / "w") == []


def test_file_size_limit(guests: Guests, tmp_path: Path) -> None:
    """A file cannot grow over its limit; the guest is told so and lives on."""
    directory = _directory(tmp_path / "w", writable=True)
    probe = wat.Probe()
    slot = probe.open(FIRST, "big", flags=wat.CREATE, rights=wat.RIGHTS_WRITE)
    for _ in range(4):
        probe.write(slot, "x" * 600)
    invocation = guests.build(probe.module(), directory)

    result, output = guests.run(
        invocation._replace(limits=invocation.limits._replace(file_size=1000))
    )

    assert result.is_success
    assert output[1] == wat.SUCCESS
    assert output[-1] == wat.TOO_LARGE
    assert (tmp_path / "w" / "big").stat().st_size == 1000


def test_no_network(guests: Guests) -> None:
    """There is no socket to accept from, and WASI preview 1 has no call that makes one."""
    probe = wat.Probe()
    for descriptor in range(4):
        probe.accept(descriptor)

    _, output = guests.run(guests.build(probe.module()))

    assert len(output) == 4
    assert wat.SUCCESS not in output


def test_environment_does_not_outlive_its_step(guests: Guests) -> None:
    """Nothing of one step's environment is seen by the next."""
    secret = (("TOKEN", "s3cr3t"),)

    _, first = guests.run(guests.build(wat.show("environ"), environment=secret))
    _, second = guests.run(guests.build(wat.show("environ")))

    assert first == b"TOKEN=s3cr3t\0"
    assert second == b""
