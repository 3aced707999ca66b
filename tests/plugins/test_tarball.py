"""One file out of archives made to do harm."""

from __future__ import annotations

import contextlib
import gzip
import io
import tarfile

import pytest

from runner.errors import Denied, InvalidInput
from runner.plugins.sources import tarball
from tests.plugins.registry import pack


def _extract(content: bytes, path: str = "tool.wasm") -> bytes:
    return tarball.extract(content, path, origin="it")


@pytest.mark.parametrize("name", ["package/tool.wasm", "./other/tool.wasm", "x//tool.wasm"])
def test_the_top_folder_does_not_count(name: str) -> None:
    """It is `package` in most archives, and something else in others."""
    assert _extract(pack({name: b"wasm"})) == b"wasm"


@pytest.mark.parametrize(
    "name", ["../tool.wasm/x", "/tool.wasm", "tool.wasm", "package/../../tool.wasm", "p/tool.wasm/"]
)
def test_other_places_are_not_the_file(name: str) -> None:
    """Names that climb, or lie elsewhere, never match and are never written."""
    with pytest.raises((InvalidInput, Denied)):
        _extract(pack({name: b"evil"}), "x/tool.wasm")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE]
)
def test_only_regular_files_are_taken(kind: bytes) -> None:
    """A link, folder or device under the wanted name is refused."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo("package/tool.wasm")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    with pytest.raises(Denied, match="not a regular file"):
        _extract(buffer.getvalue())


def test_a_bomb_stops_at_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small archive that unpacks to something huge is given up early."""
    monkeypatch.setattr(tarball, "MAX_UNPACKED", 2**20)
    bomb = pack({"package/zeros": bytes(8 * 2**20), "package/tool.wasm": b""})
    assert len(bomb) < 20_000
    with pytest.raises(Denied, match="unpacks to more than"):
        _extract(bomb)


def test_large_files_and_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Size and number have caps of their own."""
    monkeypatch.setattr(tarball, "MAX_FILE", 3)
    with pytest.raises(Denied, match="is larger than"):
        _extract(pack({"package/tool.wasm": b"1234"}))
    monkeypatch.setattr(tarball, "MAX_MEMBERS", 3)
    with pytest.raises(Denied, match="more than 3 members"):
        _extract(pack({f"package/{number}": b"" for number in range(5)}))


def test_a_cut_archive_gives_the_whole_file_or_none() -> None:
    """Every prefix of an archive ends in an error, unless all of the file lies within it."""
    module = b"wasm" * 500
    content = pack({"package/a": b"x" * 3000, "package/tool.wasm": module})
    found = set()
    for length in range(0, len(content), 3):
        with contextlib.suppress(Denied, InvalidInput):
            found.add(_extract(content[:length]))
    assert found <= {module}


@pytest.mark.parametrize(
    "noise",
    [b"", b"noise", gzip.compress(b"noise" * 500), gzip.compress(b"")],
    ids=["empty", "text", "packed text", "packed nothing"],
)
def test_noise_is_refused(noise: bytes) -> None:
    """What is no archive at all ends in an error of ours."""
    with pytest.raises((Denied, InvalidInput)):
        _extract(noise)
