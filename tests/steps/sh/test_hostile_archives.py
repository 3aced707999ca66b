"""Archives that try to write outside of where they are unpacked."""

from __future__ import annotations

import base64
import io
import tarfile
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.steps.sh.shells import Guest


def _tar(*members: tuple[str, str, str]) -> bytes:
    """Pack (name, content, link target) members; a target makes a symbolic link."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content, target in members:
            info = tarfile.TarInfo(name)
            if target:
                info.type, info.linkname = tarfile.SYMTYPE, target
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content.encode()))
    return buffer.getvalue()


def _zip(*members: tuple[str, str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name may stand twice
        for name, content, target in members:
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            info.external_attr = (0o120777 if target else 0o100644) << 16
            archive.writestr(info, target or content)
    return buffer.getvalue()


_HOSTILE = {
    "parent": [("../evil", "x", "")],
    "inner-parent": [("a/../../evil", "x", "")],
    "absolute": [("/workspace/evil", "x", "")],
    "through-a-link": [("dir", "", ".."), ("dir/evil", "x", "")],
    "through-an-absolute-link": [("dir", "", "/workspace"), ("dir/evil", "x", "")],
    "through-links-of-links": [("a", "", "."), ("b", "", "a/../evil"), ("b", "x", "")],
    "link-out": [("link", "", "../../VERSION")],
}


@pytest.mark.parametrize("kind", ["tar", "zip"])
@pytest.mark.parametrize("case", sorted(_HOSTILE))
def test_nothing_is_written_outside_of_the_destination(
    case: str, kind: str, guest: Guest, tmp_path: Path
) -> None:
    """A member that leads out of the destination is refused, and no link leads out."""
    data = (_tar if kind == "tar" else _zip)(*_HOSTILE[case])
    unpack = "tar xf a" if kind == "tar" else "unzip -qo ../workspace/a.zip"
    script = (
        f"mkdir out; echo '{base64.b64encode(data).decode()}' | base64 -d > out/a; cp out/a a.zip\n"
        f"cd out; {unpack} 2>&1; cd ..; rm -f out/a a.zip"
    )
    outcome = guest.run_text(script, tmp_path)
    outside = [path for path in outcome.files if not path.startswith("workspace/out/")]
    assert not [path for path in outside if path.endswith("/evil")]
    links = {path: text for path, text in outcome.files.items() if text.startswith("link")}
    assert not [path for path, text in links.items() if ".." in text or "/workspace" in text]
    assert "workspace/VERSION" not in outcome.files  # unchanged


def test_a_refused_member_is_named_and_the_others_are_unpacked(
    guest: Guest, tmp_path: Path
) -> None:
    """One bad member does not hide the rest, but the exit code tells."""
    data = base64.b64encode(_tar(("../evil", "x", ""), ("good", "y", ""))).decode()
    script = f"mkdir out; echo '{data}' | base64 -d | tar xf - -C out 2>&1 || echo code $?"
    outcome = guest.run_text(script, tmp_path)
    assert (
        outcome.stdout
    ) == "tar: ../evil: refused: the name leads out of the destination\ncode 2\n"
    assert outcome.files["workspace/out/good"] == "file: y"
